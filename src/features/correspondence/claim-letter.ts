import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { type ChannelAccount, connectedAccount } from '#features/correspondence/carriers.ts';
import { holdStaleLetter } from '#features/correspondence/hold-stale.ts';
import type { Addressee } from '#features/correspondence/letter-printer.ts';
import { tryCountsAsLostAfter_s } from '#features/correspondence/rules.ts';
import { secondsLater } from '#lib/dates.ts';

type One = { organizationId: string; messageId: string };

export type LetterToSet = {
  route: 'letter' | 'print' | 'mailbox';
  toAddress: Addressee;
  subject: string;
  text: string;
  invoiceId: string | null;
  customerId: string | null;
  createdAt: Date;
};

/**
 * A letter that brings an invoice waits again where its address has come into doubt since: confirmed, it
 * goes there. Answers whether it does.
 */
async function waitForAddress(tx: Tx, { organizationId, messageId }: One, realNow: Date): Promise<boolean> {
  const waiting = await tx.run(sql`update messages m set awaits_address = true, next_attempt_at = null
    from customers r
    where m.organization_id = ${organizationId} and m.id = ${messageId} and m.channel = 'paper' and m.state = 'queued'
      and not m.awaits_address and not m.outcome_unknown and m.next_attempt_at <= ${realNow}
      and r.organization_id = m.organization_id and r.address_state = 'unconfirmed'
      and r.id = billed_to(m.organization_id::text, m.customer_id::text)`);
  return waiting > 0;
}

const mayNotLeave = async (tx: Tx, actor: Actor, one: One, realNow: Date): Promise<boolean> =>
  (await holdStaleLetter(tx, actor, one, realNow)) || (await waitForAddress(tx, one, realNow));

/** Take a letter that waits for its pages, for one try; one that is not true any more is held back. */
export async function claimLetterToSet(
  tx: Tx,
  actor: Actor,
  one: One,
  realNow: Date,
): Promise<LetterToSet | undefined> {
  if (await mayNotLeave(tx, actor, one, realNow)) return undefined;
  return tx.row<LetterToSet>(sql`
    update messages set attempts = attempts + 1, next_attempt_at = ${secondsLater(realNow, tryCountsAsLostAfter_s)}
    where organization_id = ${one.organizationId} and id = ${one.messageId} and channel = 'paper'
      and state = 'queued' and awaits_document and not awaits_address and next_attempt_at <= ${realNow}
    returning route, to_address, subject, text, invoice_id, customer_id, created_at`);
}

export type ClaimedLetter = {
  account: ChannelAccount;
  to: Addressee;
  from: Addressee;
  pdf: Buffer;
  createdAt: Date;
  /** A try's answer was lost: ask first. */
  outcomeUnknown: boolean;
};

/**
 * Take a letter that is due, for one try. When the printer was let go in the meantime it joins those that the
 * organization prints itself.
 */
export async function claimLetter(
  tx: Tx,
  actor: Actor,
  one: One,
  realNow: Date,
): Promise<ClaimedLetter | undefined> {
  if (await mayNotLeave(tx, actor, one, realNow)) return undefined;
  const { organizationId, messageId } = one;
  const account = await connectedAccount(tx, organizationId, 'paper');
  if (!account) {
    // It is set anew: what a printer gets has no addresses on it.
    await tx.run(sql`with back as (
        update messages set route = 'print', awaits_document = true, attempts = 0, next_attempt_at = ${realNow}
        where organization_id = ${organizationId} and id = ${messageId} and route = 'letter' and state = 'queued'
          and not awaits_document and not outcome_unknown and next_attempt_at <= ${realNow}
        returning organization_id, id)
      delete from message_attachments a using back
      where a.organization_id = back.organization_id and a.message_id = back.id`);
    return undefined;
  }
  const row = await tx.row<Omit<ClaimedLetter, 'account' | 'pdf'> & { pdf: Buffer | null }>(sql`
    update messages m set attempts = attempts + 1,
      next_attempt_at = ${secondsLater(realNow, tryCountsAsLostAfter_s)}
    from organizations o
    where o.id = m.organization_id and m.organization_id = ${organizationId} and m.id = ${messageId}
      and m.route = 'letter' and m.state = 'queued' and not m.awaits_document and not m.awaits_address
      and m.next_attempt_at <= ${realNow}
    returning m.to_address as to, jsonb_build_object('name', o.name, 'address', o.address) as from, m.created_at,
      m.outcome_unknown, (select a.bytes from message_attachments a where a.organization_id = m.organization_id
        and a.message_id = m.id order by a.file_name limit 1) as pdf`);
  return row?.pdf ? { ...row, pdf: row.pdf, account } : undefined;
}
