import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { decideLateFees, type InvoicePlan } from '#features/late-fees/decide-late-fees.ts';
import { findCandidates, type Place } from '#features/late-fees/find-candidates.ts';
import { lockForLateFees } from '#features/late-fees/lock-for-late-fees.ts';
import { type LateFeePolicyRow, readRanges } from '#features/late-fees/read-policies.ts';
import type { PolicyRange } from '#features/late-fees/rules.ts';
import { type Clock, type NewLateFee, writeLateFees } from '#features/late-fees/write-late-fees.ts';
import type { CalendarDate } from '#lib/dates.ts';

const batchSize = 500;

/**
 * Post what invoices owe in late fees up to today, a batch a transaction, so that neither memory nor locks
 * grow with them. Worked twice, at once or after days without work, it posts the same fees once.
 */
export async function assessLateFees(
  db: Database,
  day: { organizationId: string; today: CalendarDate; now: Date },
): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: day.organizationId, name: 'late_fees' };
  const ranges = await db.transaction(actor, (tx) => readRanges(tx, day.organizationId));
  for (const range of ranges) {
    let after: Place | undefined;
    do {
      const batch = { organizationId: day.organizationId, today: day.today, range, after };
      after = await db.transaction(actor, (tx) => assessBatch(tx, actor, batch, day.now));
    } while (after);
  }
}

type Batch = {
  organizationId: string;
  today: CalendarDate;
  range: PolicyRange<LateFeePolicyRow>;
  after: Place | undefined;
};

/** One batch, in the order of due dates; answers where the next begins. */
async function assessBatch(tx: Tx, actor: Actor, batch: Batch, now: Date): Promise<Place | undefined> {
  const { organizationId, today, after } = batch;
  const page = { day: today, after, limit: batchSize };
  const found = await findCandidates(tx, organizationId, batch.range, page);
  const invoices = await lockForLateFees(tx, organizationId, found);
  // Read again: late fees may have been switched off, or an invoice been given another due date, before the
  // lock.
  const ranges = await readRanges(tx, organizationId);
  const waived = new Set<string>();
  const plans = decideLateFees(invoices, ranges, today, waived);
  if (waived.size > 0)
    await tx.run(sql`update customers set waive_next_late_fee = false, updated_at = ${now}
      where organization_id = ${organizationId} and id = any(${[...waived]}::text[])`);
  const work = { fees: plans.flatMap(feesOf), clocks: plans.flatMap(clockOf) };
  await writeLateFees(tx, { actor, organizationId, today }, work, now);
  return found.length < batchSize ? undefined : found.at(-1);
}

const feesOf = ({ fees, invoice, policy }: InvoicePlan): NewLateFee[] =>
  fees.map((fee) => ({
    ...fee,
    invoice,
    policy,
    reason: fee.state === 'waived' ? 'The customer’s next late fee was to be waived.' : '',
  }));

const clockOf = ({ fees, invoice, lastOn, skipped }: InvoicePlan): Clock[] =>
  lastOn === null || lastOn === invoice.lastOn
    ? []
    : [{ invoiceId: invoice.id, lastOn, taken: invoice.taken + fees.length, skipped }];
