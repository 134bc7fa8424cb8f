import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { AutopayHouse } from '#features/autopay/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';

/** Of one customer at a time. */
export const most_of_each = 500;

export const theseIds = (ids: readonly string[]): RawBuilder<unknown> => sql`(${[...ids]}::text[])`;

/**
 * Who owes what the autopay of these payers charges: they themselves, unless they bill with a parent, and
 * whoever bills with them. Whoever was deactivated is left out, though not those that bill through it.
 */
export const owingOf = (organizationId: string, payerIds: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  recursive billing(payer_id, customer_id, depth, is_active) as (
    select id, id, 1, true from customers where organization_id = ${organizationId} and id = any${payerIds}
      and deactivated_at is null and not (bill_with_parent and parent_id is not null)
    union all
    select w.payer_id, c.id, w.depth + 1, c.deactivated_at is null from billing w
      join customers c on c.organization_id = ${organizationId} and c.parent_id = w.customer_id and c.bill_with_parent
      where w.depth < 6),
  owing as (select payer_id, customer_id, depth from billing where is_active)`;

/**
 * Invoices of these payers that autopay may charge today, or may have to tell of. A sieve that lets through
 * what the rules then decide: it keeps out what would come back every day.
 */
export async function findDue(
  tx: Tx,
  organizationId: string,
  payerIds: readonly string[],
  by: { house: AutopayHouse; today: CalendarDate },
): Promise<string[]> {
  const { house, today } = by;
  const rows = await tx.rows<{ id: string }>(sql`
    with ${owingOf(organizationId, theseIds(payerIds))}
    select x.id from owing w
    join autopays a on a.organization_id = ${organizationId} and a.customer_id = w.payer_id and a.ended_at is null
    join organizations o on o.id = a.organization_id
    cross join lateral (
      select i.id from invoices i
      left join lateral (select run_id from autopay_tries where organization_id = i.organization_id
        and invoice_id = i.id order by try_no desc limit 1) t on true
      left join autopay_runs r on r.organization_id = i.organization_id and r.id = t.run_id
      where i.organization_id = ${organizationId} and i.customer_id = w.customer_id and i.closed_at is null
        and i.issued_at is not null and i.reserved = 0 and i.payment_plan_id is null
        and (i.issued_at >= a.since or i.revised_at >= a.since)
        and case a.charge_when when 'created' then (i.issued_at at time zone o.time_zone)::date
          when 'invoice_date' then i.invoice_date else i.due_date end
          <= ${today}::date + greatest(a.notice_days, ${house.debitNoticeDays}::int)
        and (t.run_id is null or r.next_try_on <= ${today})
        and (a.threshold_amount is null or case a.threshold_direction when 'at_or_below'
          then i.balance_due <= a.threshold_amount else i.balance_due >= a.threshold_amount end)
        and (a.maximum_amount is null or i.balance_due <= a.maximum_amount or not exists (
          select from autopay_notices n where n.organization_id = i.organization_id and n.invoice_id = i.id
            and n.kind = 'over_maximum' and n.authorization_id = a.authorization_id and n.amount = i.balance_due))
      order by i.due_date, i.id limit ${most_of_each}) x`);
  return rows.map(({ id }) => id);
}

/** A page of payers whose autopay runs, in the order of their ids. */
export async function findPayers(
  tx: Tx,
  organizationId: string,
  page: { after: string; limit: number },
): Promise<string[]> {
  const rows = await tx.rows<{ customerId: string }>(sql`select customer_id from autopays
    where organization_id = ${organizationId} and ended_at is null and customer_id > ${page.after}
    order by customer_id limit ${page.limit}`);
  return rows.map(({ customerId }) => customerId);
}
