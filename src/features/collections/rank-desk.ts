import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { refreshWorklist } from '#features/collections/refresh-worklist.ts';
import type { LocalDay } from '#features/days/work-day.ts';
import { addDays } from '#lib/dates.ts';

const batch = 500;

/** The whole worklist anew, some customers a transaction, so that memory does not grow. */
export async function rankDesk({ db }: { db: Database }, day: LocalDay): Promise<void> {
  const { organizationId, today, now } = day;
  const actor: Actor = { kind: 'job', organizationId, name: 'rank-desk' };
  for (let after: string | undefined = ''; after !== undefined; ) {
    const from: string = after;
    after = await db.transaction(actor, async (tx) => {
      const customerIds = await customersToLookAt(tx, day, from);
      await refreshWorklist(tx, { organizationId, customerIds, today }, now);
      return customerIds.length < batch ? undefined : customerIds.at(-1);
    });
  }
}

/**
 * Those on the list, and those for whom there may be a reason: in the order of their ids, each once. `offset
 * 0` keeps each question one of a single customer: else every batch would answer it for all beforehand.
 */
async function customersToLookAt(
  tx: Tx,
  { organizationId, today }: LocalDay,
  after: string,
): Promise<string[]> {
  const rows = await tx.list<{ id: string }>(sql`
    select c.id from customers c where c.organization_id = ${organizationId} and c.id > ${after} and (
      exists (select from worklist w where w.organization_id = c.organization_id and w.customer_id = c.id offset 0)
      or exists (select from invoices i where i.organization_id = c.organization_id and i.customer_id = c.id
        and i.closed_at is null and i.issued_at is not null and i.due_date < ${today}::date offset 0)
      or exists (select from tasks t where t.organization_id = c.organization_id and t.customer_id = c.id
        and t.done_at is null and t.due_on <= ${today}::date offset 0)
      or exists (select from promises_to_pay p where p.organization_id = c.organization_id and p.customer_id = c.id
        and p.state = 'open' and p.promised_on <= ${today}::date offset 0)
      or exists (select from disputes d where d.organization_id = c.organization_id and d.customer_id = c.id
        and d.state = 'open' offset 0)
      or exists (select from payments y where y.organization_id = c.organization_id and y.customer_id = c.id
        and y.state in ('declined', 'returned') and y.received_on >= ${addDays(today, -14)}::date offset 0)
      or exists (select from email_problems e where e.organization_id = c.organization_id and e.email = c.email_key
        and e.since >= ${addDays(today, -14)}::date offset 0))
    order by c.id limit ${batch}`);
  return rows.map(({ id }) => id);
}
