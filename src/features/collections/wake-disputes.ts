import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { writeTasks } from '#features/collections/write-tasks.ts';
import type { CalendarDate } from '#lib/dates.ts';

type Row = { id: string; customerId: string; invoiceId: string; number: string; restsUntil: CalendarDate };

/**
 * A dispute whose rest is over becomes a task; its invoice is chased again by itself, because nothing rests
 * any more.
 */
export async function wakeDisputes(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; today: CalendarDate; limit: number; after?: string | undefined },
  now: Date,
): Promise<{ looked: number; last: string | undefined; customerIds: string[] }> {
  const { organizationId, today } = input;
  const rows =
    await tx.rows<Row>(sql`select d.id, d.customer_id, d.invoice_id, d.rests_until, i.number from disputes d
    join invoices i on i.organization_id = d.organization_id and i.id = d.invoice_id
    where d.organization_id = ${organizationId} and d.state = 'open' and d.rests_until <= ${today}::date
      and d.id > ${input.after ?? ''} and i.closed_at is null
      and not exists (select from tasks t where t.organization_id = d.organization_id
        and t.cause = 'dispute ' || d.id || ' ' || d.rests_until)
    order by d.id limit ${input.limit}`);
  const tasks = rows.map(({ id, customerId, invoiceId, number, restsUntil }) => ({
    ...{
      customerId,
      invoiceId,
      kind: 'dispute' as const,
      dueOn: today,
      cause: `dispute ${id} ${restsUntil}`,
    },
    title: `${number} is still in dispute and is chased again: settle it, or let it rest`,
  }));
  await writeTasks(tx, actor, { organizationId, tasks }, now);
  return {
    looked: rows.length,
    last: rows.at(-1)?.id,
    customerIds: rows.map(({ customerId }) => customerId),
  };
}
