import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type CustomerFacts, readWorklistFacts } from '#features/collections/read-worklist-facts.ts';
import { type Ranked, rankCustomer } from '#features/collections/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';

type Row = CustomerFacts & Ranked;

/** Put these customers where they belong on the worklist today, or take them off it. */
export async function refreshWorklist(
  tx: Tx,
  about: { organizationId: string; customerIds: readonly string[]; today: CalendarDate },
  now: Date,
): Promise<void> {
  const { organizationId, customerIds, today } = about;
  if (customerIds.length === 0) return;
  // Two who refresh the same customers take turns: the later one has read what the earlier one wrote.
  await tx.rows(sql`select id from customers where organization_id = ${organizationId}
    and id = any(${[...customerIds]}) order by id for no key update`);
  const rows = (await readWorklistFacts(tx, about)).flatMap((facts): Row[] => {
    const ranked = rankCustomer(facts, today);
    return ranked ? [{ ...facts, ...ranked }] : [];
  });
  const listed = new Set(rows.map(({ customerId }) => customerId));
  const gone = customerIds.filter((id) => !listed.has(id));
  if (gone.length > 0)
    await tx.run(
      sql`delete from worklist where organization_id = ${organizationId} and customer_id = any(${gone})`,
    );
  if (rows.length === 0) return;
  await writeRows(tx, organizationId, rows, now);
}

/** What stands on the list as it should is left alone: on most days most of it. */
async function writeRows(tx: Tx, organizationId: string, rows: readonly Row[], now: Date): Promise<void> {
  const of = <T>(pick: (row: Row) => T): T[] => rows.map(pick);
  await tx.run(sql`
    with ranked as (
      select r.customer_id, r.rank, r.reasons::jsonb as reasons,
        array(select e ->> 'kind' from jsonb_array_elements(r.reasons::jsonb) e) as kinds, r.amount,
        r.oldest_due::date as oldest_due,
        coalesce(r.collector_id, (select t.assignee_id from tasks t where t.organization_id = ${organizationId}
          and t.customer_id = r.customer_id and t.done_at is null order by t.due_on, t.id limit 1)) as assignee_id
      from unnest(${of(({ customerId }) => customerId)}::text[], ${of(({ rank }) => rank)}::bigint[],
        ${of(({ reasons }) => JSON.stringify(reasons))}::text[], ${of(({ amount }) => amount)}::bigint[],
        ${of(({ oldestDue }) => oldestDue)}::text[], ${of(({ collectorId }) => collectorId)}::text[])
        as r(customer_id, rank, reasons, amount, oldest_due, collector_id))
    insert into worklist (organization_id, customer_id, rank, reasons, kinds, amount, oldest_due, assignee_id, refreshed_at)
    select ${organizationId}, r.*, ${now} from ranked r
    where not coalesce((select (w.rank, w.reasons, w.amount, w.oldest_due, w.assignee_id)
        is not distinct from (r.rank, r.reasons, r.amount, r.oldest_due, r.assignee_id)
      from worklist w where w.organization_id = ${organizationId} and w.customer_id = r.customer_id), false)
    on conflict (organization_id, customer_id) do update set rank = excluded.rank, reasons = excluded.reasons,
      kinds = excluded.kinds, amount = excluded.amount, oldest_due = excluded.oldest_due,
      assignee_id = excluded.assignee_id, refreshed_at = excluded.refreshed_at`);
}
