import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { LateFeePolicyRow } from '#features/late-fees/read-policies.ts';
import type { PolicyRange } from '#features/late-fees/rules.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';

export type Candidate = { id: string; dueDate: string; customerId: string };
export type Place = { dueDate: string; id: string };

/**
 * Open invoices under one version whose next day has come by `day`, in the order of their due dates: one
 * page from where the last one ended.
 */
export function findCandidates(
  tx: Tx,
  organizationId: string,
  range: PolicyRange<LateFeePolicyRow>,
  page: { day: CalendarDate; after: Place | undefined; limit: number },
): Promise<Candidate[]> {
  const { graceDays, everyDays, maxFees } = range.policy;
  const dueBy = addDays(page.day, -graceDays - 1);
  // A fee that comes once is not asked again after it; one that repeats, only when its days are over.
  const isDue =
    everyDays === null
      ? sql`coalesce(k.taken, 0) = 0 and not i.late_fees_off and c.charge_late_fees and c.deactivated_at is null`
      : sql`(k.last_on is null or k.last_on <= ${addDays(page.day, -everyDays)}::date)
          and coalesce(k.taken, 0) < ${maxFees ?? 2_000_000_000}`;
  const customers =
    everyDays === null
      ? sql`join customers c on c.organization_id = i.organization_id and c.id = i.customer_id`
      : sql``;
  const after = page.after
    ? sql`and (i.due_date, i.id) > (${page.after.dueDate}::date, ${page.after.id})`
    : sql``;
  const until = range.dueUntil === null ? sql`` : sql`and i.due_date < ${range.dueUntil}`;
  // Planned anew each time: a plan from when there were no clocks would read all of them for each invoice.
  return tx.list<Candidate>(sql`
    select i.id, i.due_date, i.customer_id from invoices i ${customers}
    left join late_fee_clocks k on k.organization_id = i.organization_id and k.invoice_id = i.id
    where i.organization_id = ${organizationId} and i.closed_at is null and i.issued_at is not null
      and i.late_fee_of is null
      and i.due_date >= ${range.dueFrom} ${until} and i.due_date <= ${dueBy} ${after} and ${isDue}
    order by i.due_date, i.id limit ${page.limit}`);
}
