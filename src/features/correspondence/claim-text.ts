import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { type ChannelAccount, connectedAccount } from '#features/correspondence/carriers.ts';
import { whyStale } from '#features/correspondence/hold-stale.ts';
import { tryCountsAsLostAfter_s } from '#features/correspondence/rules.ts';
import {
  minutesTextsMayArrive,
  readTextHours,
  whenTextsMayArrive,
} from '#features/correspondence/text-hours.ts';
import { leastOpen_min } from '#features/correspondence/text-hours-rules.ts';
import { lockPhone, readTextConsents } from '#features/text-consents/read-text-consents.ts';
import type { PostalAddress } from '#lib/address-lines.ts';
import { secondsLater } from '#lib/dates.ts';
import { readPhone } from '#lib/phone.ts';

export type ClaimedText = {
  account: ChannelAccount;
  toPhone: string;
  text: string;
  createdAt: Date;
  validFor_s: number;
  /** A try's answer was lost: ask first. */
  outcomeUnknown: boolean;
  /** Asked about only: whoever reads it has said STOP since (the rule), or it is night there (hours). */
  heldBy?: string;
};

type Row = {
  kind: string;
  route: 'sms' | 'mailbox';
  toPhone: string;
  text: string;
  customerId: string | null;
  invoiceId: string | null;
  outcomeUnknown: boolean;
  createdAt: Date;
  billingAddress: PostalAddress | null;
  now: Date;
};

type One = { organizationId: string; messageId: string };

/**
 * Take a text message that is due, for one try. Consent and hours are looked at here again, in the
 * transaction that takes it: who said STOP since gets nothing, and at night it waits till the hours open.
 */
export async function claimText(
  tx: Tx,
  actor: Actor,
  one: One,
  realNow: Date,
): Promise<ClaimedText | undefined> {
  const { organizationId } = one;
  const row = await lockText(tx, one, realNow);
  if (!row) return undefined;
  await lockPhone(tx, organizationId, row.toPhone);
  const reader = { phone: row.toPhone, customerId: row.customerId ?? undefined };
  const [consent] = await readTextConsents(tx, organizationId, [reader]);
  const account = row.route === 'sms' ? await connectedAccount(tx, organizationId, 'sms') : undefined;
  const rule =
    consent !== true
      ? (consent ?? 'no_consent')
      : row.route === 'sms' && !account
        ? 'no_sms_sender'
        : await whyStale(tx, one, row.now);
  if (rule && !(row.outcomeUnknown && account)) {
    await suppress(tx, actor, { one, row, rule });
    return undefined;
  }
  const hours = await readTextHours(tx, organizationId, row.now);
  const to = {
    address: row.billingAddress ?? undefined,
    phone: readPhone(row.toPhone) ?? { e164: row.toPhone, country: undefined, areaCode: '' },
  };
  const open_min = minutesTextsMayArrive(hours, to, row.now);
  const heldBy = rule || (open_min >= leastOpen_min ? undefined : 'hours');
  if (heldBy && !row.outcomeUnknown) {
    const opens = whenTextsMayArrive(hours, to, row.now);
    if (opens) await waitUntil(tx, one, new Date(realNow.getTime() + opens.getTime() - row.now.getTime()));
    else await suppress(tx, actor, { one, row, rule: 'no_hours' });
    return undefined;
  }
  if (!account) {
    await keepInMailbox(tx, actor, one, row);
    return undefined;
  }
  await tx.run(sql`update messages set attempts = attempts + 1,
      next_attempt_at = ${secondsLater(realNow, tryCountsAsLostAfter_s)}
    where organization_id = ${organizationId} and id = ${one.messageId}`);
  const { toPhone, text, createdAt, outcomeUnknown } = row;
  const claimed = { account, toPhone, text, createdAt, outcomeUnknown, validFor_s: open_min * 60 };
  return heldBy ? { ...claimed, heldBy } : claimed;
}

const lockText = (tx: Tx, { organizationId, messageId }: One, realNow: Date): Promise<Row | undefined> =>
  tx.row<Row>(sql`
    select m.kind, m.route, m.to_phone, m.text, m.customer_id, m.invoice_id, m.outcome_unknown, m.created_at,
      c.billing_address, ${realNow}::timestamptz + o.clock_offset_ms * interval '1 millisecond' as now
    from messages m join organizations o on o.id = m.organization_id
    left join customers c on c.organization_id = m.organization_id
      and c.id = billed_to(m.organization_id::text, m.customer_id::text)
    where m.organization_id = ${organizationId} and m.id = ${messageId} and m.channel = 'sms'
      and m.state = 'queued' and m.next_attempt_at <= ${realNow}
    for update of m`);

const waitUntil = (tx: Tx, { organizationId, messageId }: One, at: Date): Promise<number> =>
  tx.run(sql`update messages set next_attempt_at = ${at}
    where organization_id = ${organizationId} and id = ${messageId}`);

async function suppress(tx: Tx, actor: Actor, at: { one: One; row: Row; rule: string }): Promise<void> {
  const { one, row, rule } = at;
  await tx.run(sql`update messages set state = 'suppressed', suppressed_by = ${rule}, next_attempt_at = null
    where organization_id = ${one.organizationId} and id = ${one.messageId}`);
  await tell(tx, actor, { one, row, type: 'message.suppressed', more: { suppressed_by: rule } });
}

async function keepInMailbox(tx: Tx, actor: Actor, one: One, row: Row): Promise<void> {
  await tx.run(sql`update messages set state = 'sent', sent_at = ${row.now}, next_attempt_at = null
    where organization_id = ${one.organizationId} and id = ${one.messageId}`);
  await tell(tx, actor, { one, row, type: 'message.sent', more: {} });
}

const tell = (
  tx: Tx,
  actor: Actor,
  at: { one: One; row: Row; type: 'message.suppressed' | 'message.sent'; more: Record<string, unknown> },
): Promise<string[]> =>
  record(tx, { actor, organizationId: at.one.organizationId, now: at.row.now }, [
    {
      type: at.type,
      subjectId: at.one.messageId,
      customerId: at.row.customerId ?? undefined,
      data: {
        kind: at.row.kind,
        channel: 'sms',
        to: [at.row.toPhone],
        route: at.row.route,
        ...at.more,
        ...(at.row.invoiceId ? { invoice_id: at.row.invoiceId } : {}),
      },
    },
  ]);
