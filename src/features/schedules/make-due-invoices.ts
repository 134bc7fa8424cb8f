import type { Actor, Database, Tx } from '#db/db.ts';
import { createInvoices } from '#features/invoices/create-invoices.ts';
import { takeNumbers } from '#features/invoices/take-numbers.ts';
import { type DueInvoice, lockDueInvoices, workDue } from '#features/schedules/find-due.ts';
import { afterNext, type Progress } from '#features/schedules/rules.ts';
import { invoiceOfDay } from '#features/schedules/template-rules.ts';
import { type Move, type Occurrence, writeProgress } from '#features/schedules/write-progress.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

type Day = { organizationId: string; today: CalendarDate; now: Date };

/**
 * Make the invoices of schedules up to today, a batch a transaction, so that neither memory nor locks grow
 * with them. Each date makes one, dated on its day, also those on which nobody worked.
 */
export async function makeDueInvoices(db: Database, day: Day): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: day.organizationId, name: 'schedule_invoices' };
  await workDue(db, actor, {
    ...day,
    kind: 'invoice',
    work: (tx, ids) => makeBatch(tx, actor, day, ids),
  });
}

async function makeBatch(
  tx: Tx,
  actor: Actor,
  { organizationId, today, now }: Day,
  ids: readonly string[],
): Promise<void> {
  const due = await lockDueInvoices(tx, { organizationId, day: today, ids });
  const stopped = due.filter(({ isActive }) => !isActive);
  const made = due.filter(({ isActive }) => isActive);
  const occurrences = await issueAll(tx, actor, { organizationId, made }, now);
  const moves: Move[] = [
    ...stopped.map((each) => ({ ...each, progress: progressOf(each), pause: 'customer_inactive' as const })),
    ...made.map((each) => ({ ...each, progress: afterNext(each, progressOf(each), true) })),
  ];
  await writeProgress(tx, { actor, organizationId }, { moves, occurrences }, now);
}

const progressOf = ({ taken, nextOn, nextIndex }: DueInvoice): Progress => ({
  taken,
  next: nextOn === null ? undefined : { index: nextIndex, on: nextOn },
});

/** The invoices of the next date of each schedule: issued, or left as drafts where that is wanted. */
async function issueAll(
  tx: Tx,
  actor: Actor,
  { organizationId, made }: { organizationId: string; made: readonly DueInvoice[] },
  now: Date,
): Promise<Occurrence[]> {
  if (made.length === 0) return [];
  const occurrences: Occurrence[] = [];
  for (const issue of [true, false]) {
    const some = made.filter(({ issues }) => issues === issue);
    if (some.length === 0) continue;
    const numbers = await takeNumbers(tx, organizationId, some.length, !issue);
    const days = some.map(({ nextOn }) => must(nextOn, 'the day that is due'));
    const invoices = some.map((each, i) =>
      invoiceOfDay(each, must(days[i], 'a day'), must(numbers.shift(), 'a number')),
    );
    const { invoiceIds } = await createInvoices(tx, actor, { organizationId, invoices, issue }, now);
    for (const [i, { id, customerId }] of some.entries())
      occurrences.push({
        scheduleId: id,
        customerId,
        day: must(days[i], 'a day'),
        state: 'made',
        invoiceId: must(invoiceIds[i], 'an invoice'),
      });
  }
  return occurrences;
}
