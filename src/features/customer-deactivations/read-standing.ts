import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { consequencesOf, type Standing } from '#features/customer-deactivations/rules.ts';
import { readCustomer } from '#features/customers/queries.ts';
import { snake } from '#lib/casing.ts';
import { must } from '#lib/errors.ts';

type Row = Standing & { sendToInactive: boolean; currency: string };

/** What a customer has, and what becomes of each part when it is deactivated. */
export async function readDeactivation(tx: Tx, organizationId: string, customerId: string) {
  const { active } = await readCustomer(tx, organizationId, customerId);
  const own = (table: string) => sql.raw(`${table}.organization_id = o.id and ${table}.customer_id = `);
  const row = must(
    await tx.row<Row>(sql`select o.send_to_inactive, o.currency, i.*, p.*, s.*, n.*,
      exists (select from autopays a where ${own('a')} ${customerId} and a.ended_at is null) as autopay,
      (select count(*)::int from portal_memberships m where ${own('m')} ${customerId} and m.revoked_at is null)
        as portal_users,
      (select count(*)::int from customers c where c.organization_id = o.id and c.parent_id = ${customerId}
        and c.bill_with_parent and c.deactivated_at is null) as billed_with
    from organizations o
    cross join lateral (select coalesce(sum(balance_due) filter (where issued_at is not null), 0)::bigint as open_balance,
        count(*) filter (where issued_at is not null)::int as open_invoices,
        count(*) filter (where issued_at is null)::int as drafts
      from invoices i where ${own('i')} ${customerId} and i.closed_at is null) i
    cross join lateral (select coalesce(sum(amount - fee - applied - unapplied_refunded), 0)::bigint as unapplied_cash
      from payments p where ${own('p')} ${customerId} and p.posted_at is not null and p.ended_at is null) p
    cross join lateral (select count(*) filter (where kind = 'invoice')::int as invoice_schedules,
        count(*) filter (where kind = 'payment')::int as payment_schedules
      from schedules s where ${own('s')} ${customerId} and s.state = 'running' and s.payment_plan_id is null) s
    cross join lateral (select count(*)::int as plans, coalesce(sum((select sum(t.amount)
          from payment_plan_installments t where t.organization_id = n.organization_id and t.payment_plan_id = n.id
            and t.state = 'due')), 0)::bigint as plan_remaining
      from payment_plans n where ${own('n')} ${customerId} and n.state = 'active') n
    where o.id = ${organizationId}`),
    'the organization',
  );
  const { sendToInactive, currency, ...standing } = row;
  return {
    object: 'deactivation' as const,
    customer_id: customerId,
    active,
    currency,
    ...snake(standing),
    consequences: consequencesOf(standing, sendToInactive),
  };
}
