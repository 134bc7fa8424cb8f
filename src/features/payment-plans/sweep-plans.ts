import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { followOne } from '#features/payment-plans/follow-plans.ts';
import type { CalendarDate } from '#lib/dates.ts';

const batchSize = 100;

/**
 * Follow the plans whose payments or invoices have moved without anybody hearing of it: news that was lost
 * costs a day, never a plan.
 */
export async function sweepPlans(
  db: Database,
  day: { organizationId: string; today: CalendarDate; now: Date },
): Promise<void> {
  const { organizationId, today, now } = day;
  const actor: Actor = { kind: 'job', organizationId, name: 'plan_installments' };
  let after: string | undefined = '';
  while (after !== undefined) {
    const from: string = after;
    const ids = await db.transaction(actor, (tx) => findMoved(tx, organizationId, from));
    for (const planId of ids)
      await db.transaction(actor, (tx) => followOne(tx, actor, { organizationId, planId, today }, now));
    after = ids.length < batchSize ? undefined : ids.at(-1);
  }
}

/** A down payment or an installment has its outcome, or what is asked for is not what is owed. */
async function findMoved(tx: Tx, organizationId: string, after: string): Promise<string[]> {
  const rows = await tx.list<{ id: string }>(sql`
    select p.id from payment_plans p
    where p.organization_id = ${organizationId} and p.state in ('approved', 'active') and p.id > ${after}
      and case p.state when 'approved' then exists (select from payments d where d.organization_id = p.organization_id
        and d.id = p.down_payment_id and d.state not in ('pending', 'unknown'))
      else exists (select from payment_plan_installments i
          join payments d on d.organization_id = i.organization_id and d.id = i.payment_id
          where i.organization_id = p.organization_id and i.payment_plan_id = p.id
            and (i.state = 'charging' and (d.posted_at is not null or d.ended_at is not null)
              or i.state = 'paid' and d.ended_at is not null))
        or (select coalesce(sum(i.amount), 0) from payment_plan_installments i
          where i.organization_id = p.organization_id and i.payment_plan_id = p.id and i.state in ('due', 'charging'))
          <> (select coalesce(sum(v.balance_due), 0) - p.asked_rise - coalesce((select d.amount from payments d
              where d.organization_id = p.organization_id and d.id = p.down_payment_id
                and d.posted_at is null and d.ended_at is null), 0) from payment_plan_invoices l
            join invoices v on v.organization_id = l.organization_id and v.id = l.invoice_id
            where l.organization_id = p.organization_id and l.payment_plan_id = p.id and l.left_at is null)
      end
    order by p.id limit ${batchSize}`);
  return rows.map(({ id }) => id);
}
