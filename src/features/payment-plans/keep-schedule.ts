import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { PlanRow } from '#features/payment-plans/read-plan.ts';
import type { Cadence } from '#features/payment-plans/term-rules.ts';
import { factsOf, writeSchedules } from '#features/schedules/write-schedules.ts';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

const rhythms: Record<Cadence, { unit: 'week' | 'month'; every: number }> = {
  weekly: { unit: 'week', every: 1 },
  every_two_weeks: { unit: 'week', every: 2 },
  monthly: { unit: 'month', every: 1 },
};

/** The schedule of a plan that starts: what the lists of schedules show. The plan itself charges. */
export async function startSchedule(
  tx: Tx,
  actor: Actor,
  of: { organizationId: string; plan: PlanRow },
  now: Date,
): Promise<void> {
  const { organizationId, plan } = of;
  const schedule = {
    ...{
      kind: 'payment' as const,
      id: newId('schedule'),
      customerId: plan.customerId,
      currency: plan.currency,
    },
    ...rhythms[plan.cadence],
    description: 'Payment plan',
    amount: plan.mostAmount,
    startsOn: plan.firstOn,
    times: plan.installments,
    endsOn: null,
    paymentMethodId: must(plan.paymentMethodId, 'the method of a running plan'),
    authorizationId: must(plan.authorizationId, 'the agreement of a running plan'),
    appliesTo: 'oldest_invoices' as const,
    receiptToCustomer: true,
    receiptToOrganization: false,
    paymentPlanId: plan.id,
  };
  await writeSchedules(tx, organizationId, [schedule], now);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'schedule.created',
      subjectId: schedule.id,
      customerId: plan.customerId,
      data: factsOf(schedule),
    },
  ]);
}

/** Bring a plan's schedule into step with its installments. */
export async function keepSchedule(
  tx: Tx,
  of: { organizationId: string; planId: string },
  now: Date,
): Promise<void> {
  const { organizationId, planId } = of;
  await tx.run(sql`update schedules s set
      state = case when p.state = 'active' and n.next_on is not null then 'running' else 'completed' end,
      amount = coalesce(n.amount, s.amount), next_on = case when p.state = 'active' then n.next_on end,
      taken = n.taken, times = greatest(n.times, 1), payment_method_id = p.payment_method_id,
      authorization_id = p.authorization_id, updated_at = ${now}
    from payment_plans p cross join lateral (
      select min(coalesce(i.try_on, i.due_on)) filter (where i.state = 'due') as next_on,
        (array_agg(i.amount order by i.number) filter (where i.state = 'due'))[1] as amount,
        count(*) filter (where i.state in ('paid', 'charging'))::int as taken,
        count(*) filter (where i.state in ('due', 'paid', 'charging'))::int as times
      from payment_plan_installments i
      where i.organization_id = p.organization_id and i.payment_plan_id = p.id) n
    where p.organization_id = ${organizationId} and p.id = ${planId}
      and s.organization_id = p.organization_id and s.payment_plan_id = p.id`);
}
