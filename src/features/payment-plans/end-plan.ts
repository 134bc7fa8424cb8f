import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { keepSchedule } from '#features/payment-plans/keep-schedule.ts';
import { lockPlan, type PlanRow } from '#features/payment-plans/read-plan.ts';
import { moveRefusal, type PlanState } from '#features/payment-plans/state-rules.ts';
import { Refusal } from '#lib/errors.ts';

export type PlanEnding = Extract<
  PlanState,
  'completed' | 'defaulted' | 'cancelled' | 'rejected' | 'withdrawn'
>;

/** End a plan that a person ends: turned down, taken back, or stopped while it runs. */
export async function endPlan(
  tx: Tx,
  actor: Actor,
  input: {
    organizationId: string;
    planId: string;
    to: Extract<PlanEnding, 'cancelled' | 'rejected' | 'withdrawn'>;
    reason: string;
    /** As the customer: a plan of another one is as if it did not exist. */
    customerId?: string;
  },
  now: Date,
): Promise<void> {
  const { organizationId, planId, to, reason } = input;
  const plan = await lockPlan(tx, organizationId, planId);
  const refusal = moveRefusal(plan.state, to);
  if (refusal) throw new Refusal('state_refused', refusal);
  await closePlan(tx, actor, { organizationId, plan, to, reason }, now);
}

/** Its invoices are chased again, nothing more of it is charged, and its agreement counts no more. */
export async function closePlan(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; plan: PlanRow; to: PlanEnding; reason: string },
  now: Date,
): Promise<void> {
  const { organizationId, plan, to, reason } = input;
  const mine = sql`organization_id = ${organizationId} and payment_plan_id = ${plan.id}`;
  await tx.run(sql`update payment_plans set state = ${to}, reason = ${reason}, ended_at = ${now}, asked_rise = 0
    where organization_id = ${organizationId} and id = ${plan.id}`);
  await tx.run(
    sql`update payment_plan_installments set state = 'dropped', try_on = null where ${mine} and state = 'due'`,
  );
  await tx.run(sql`update payment_plan_invoices set left_at = ${now} where ${mine} and left_at is null`);
  await tx.run(sql`update invoices set payment_plan_id = null where ${mine}`);
  if (plan.authorizationId !== null)
    await tx.run(sql`insert into authorization_revocations (organization_id, authorization_id, customer_id, revoked_at,
        reason, portal_user_id, user_id)
      values (${organizationId}, ${plan.authorizationId}, ${plan.customerId}, ${now},
        ${`The payment plan has ended: ${to}.`}, ${actor.kind === 'portal_user' ? actor.portalUserId : null},
        ${actor.kind === 'user' ? actor.userId : null}) on conflict do nothing`);
  await keepSchedule(tx, { organizationId, planId: plan.id }, now);
  await record(tx, { actor, organizationId, now }, [
    {
      type: `payment_plan.${to}`,
      subjectId: plan.id,
      customerId: plan.customerId,
      data: { reason, total: plan.total, currency: plan.currency },
    },
  ]);
}
