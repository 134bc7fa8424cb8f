import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { lockForLateFees } from '#features/late-fees/lock-for-late-fees.ts';
import { readRanges } from '#features/late-fees/read-policies.ts';
import { nextLateFee, policyFor } from '#features/late-fees/rules.ts';
import { noLateFeeWords } from '#features/late-fees/word-rules.ts';
import { writeLateFees } from '#features/late-fees/write-late-fees.ts';
import { dateIn } from '#lib/dates.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';

/** Let an invoice off its next late fee: the fee is used up, and the one after it comes on its own day. */
export async function waiveLateFee(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; invoiceId: string; sequence: number; reason: string },
  now: Date,
): Promise<void> {
  const { organizationId, invoiceId, sequence, reason } = input;
  const owner = await tx.row<{ customerId: string; timeZone: string }>(sql`
    select i.customer_id, o.time_zone from invoices i join organizations o on o.id = i.organization_id
    where i.organization_id = ${organizationId} and i.id = ${invoiceId}`);
  if (!owner) throw notFound('invoice', invoiceId);
  const [invoice] = await lockForLateFees(tx, organizationId, [{ id: invoiceId, ...owner }]);
  const locked = must(invoice, 'the locked invoice');
  const policy = policyFor(await readRanges(tx, organizationId), locked.dueDate);
  if (locked.taken >= sequence)
    throw new Refusal('state_refused', {
      message: `Late fee ${sequence} of this invoice has been posted or waived already. A posted one can be removed.`,
      param: 'sequence',
    });
  const today = dateIn(owner.timeZone, now);
  const next = nextLateFee(locked, policy, today);
  if ('none' in next || !policy)
    throw new Refusal('state_refused', `There is no late fee to waive. ${wordsOf(next)}`);
  if (next.sequence !== sequence)
    throw new Refusal('state_refused', {
      message: `The next late fee of this invoice is number ${next.sequence}; waive that one first.`,
      param: 'sequence',
    });
  const fee = { ...next, state: 'waived' as const, invoice: locked, policy, reason };
  const work = {
    fees: [fee],
    clocks: [{ invoiceId, lastOn: next.on, taken: next.sequence, skipped: null }],
  };
  await writeLateFees(tx, { actor, organizationId, today }, work, now);
}

const wordsOf = (next: ReturnType<typeof nextLateFee>): string =>
  'none' in next ? noLateFeeWords[next.none] : noLateFeeWords.no_policy;
