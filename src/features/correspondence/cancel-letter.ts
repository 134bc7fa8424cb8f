import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { type Carriers, type ChannelAccount, connectedAccount } from '#features/correspondence/carriers.ts';
import { recordCancelled } from '#features/correspondence/record-carriage.ts';
import type { OneMessage } from '#features/correspondence/send-message.ts';
import { notFound, Refusal } from '#lib/errors.ts';

/** A letter that the printer has and still takes back; undefined: it never left, and is stopped here. */
type AtPrinter = { account: ChannelAccount; reference: string } | undefined;

/** Letters of `m` that can be taken back: at the printer within its window, or not on their way yet. */
export const isCancelable = `(m.channel = 'paper' and (
  (m.state = 'sent' and m.carrier_reference is not null and coalesce(m.cancelable_until > clock_timestamp(), false))
  or (m.state = 'queued' and not m.outcome_unknown and (m.attempts = 0 or m.awaits_address or m.route = 'print'))))`;

/**
 * The journey of a letter back: one that waits here is held back at once; one that the printer has is asked
 * back within its window. What is printed is printed.
 */
export async function cancelLetter(
  deps: { db: Database; carriers: Carriers },
  actor: Actor,
  one: OneMessage,
  now: Date,
): Promise<void> {
  const atPrinter = await deps.db.transaction(actor, (tx) => stopHere(tx, actor, one, now));
  if (!atPrinter) return;
  const answer = await deps.carriers.printer(atPrinter.account).cancel(atPrinter.reference);
  if (answer.outcome === 'unknown')
    throw new Refusal('unavailable', `${answer.reason} Whether it was cancelled is not known: try again.`);
  if (answer.outcome === 'too_late') {
    await deps.db.transaction(actor, (tx) =>
      tx.run(sql`update messages set cancelable_until = null
        where organization_id = ${one.organizationId} and id = ${one.messageId}`),
    );
    throw new Refusal('state_refused', `It is too late to take this letter back. ${answer.reason}`);
  }
  await deps.db.transaction(actor, (tx) => recordCancelled(tx, actor, one, now));
}

async function stopHere(tx: Tx, actor: Actor, one: OneMessage, now: Date): Promise<AtPrinter> {
  const { organizationId, messageId } = one;
  const letter = await tx.row<{ state: string; reference: string | null; canCancel: boolean }>(sql`
    select m.state, m.carrier_reference as reference, ${sql.raw(isCancelable)} as can_cancel from messages m
    where m.organization_id = ${organizationId} and m.id = ${messageId} and m.channel = 'paper' for update`);
  if (!letter) throw notFound('letter', messageId);
  if (!letter.canCancel)
    throw new Refusal(
      'state_refused',
      letter.state === 'queued'
        ? 'This letter is on its way to the printer. Once the printer has it, it can be cancelled for some minutes.'
        : 'It is too late to take this letter back: only what is not printed yet can be cancelled.',
    );
  if (letter.state === 'queued') {
    await recordCancelled(tx, actor, one, now);
    return undefined;
  }
  const account = await connectedAccount(tx, organizationId, 'paper');
  if (!account || !letter.reference)
    throw new Refusal(
      'state_refused',
      'The printer that has this letter is not connected any more: cancel it in the printer’s own dashboard.',
    );
  return { account, reference: letter.reference };
}
