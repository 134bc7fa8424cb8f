import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { coveredNow } from '#features/payment-plans/approve-plan.ts';
import { closePlan } from '#features/payment-plans/end-plan.ts';
import { followPlan, type Installment } from '#features/payment-plans/follow-rules.ts';
import { keepSchedule, startSchedule } from '#features/payment-plans/keep-schedule.ts';
import { type InstallmentRow, lockPlan, type PlanRow } from '#features/payment-plans/read-plan.ts';
import { readCharges, settleInstallments } from '#features/payment-plans/settle-installments.ts';
import { writeInstallments } from '#features/payment-plans/write-plan.ts';
import type { CalendarDate } from '#lib/dates.ts';

type About = { organizationId: string; planId: string; today: CalendarDate };

/**
 * Bring a plan into step with its payments and its invoices: start it when its down payment has gone through,
 * take note of installments that were paid or failed, ask for as much as is still owed, and end it. Doing so
 * twice changes nothing.
 */
export async function followOne(tx: Tx, actor: Actor, about: About, now: Date): Promise<void> {
  const { organizationId, planId } = about;
  const plan = await lockPlan(tx, organizationId, planId);
  if (plan.state === 'approved') {
    const started = await followDownPayment(tx, actor, { ...about, plan }, now);
    if (!started) return;
  } else if (plan.state !== 'active') {
    // What was with the gateway when the plan ended is heard of afterwards; nothing is asked for again.
    if (plan.endedAt) await settleInstallments(tx, actor, { ...about, plan, isOver: true }, now);
    return;
  }
  const installments = await settleInstallments(tx, actor, { ...about, plan }, now);
  await fitPlan(tx, actor, { ...about, plan, installments }, now);
  await keepSchedule(tx, { organizationId, planId }, now);
}

/** Whether the plan runs now. Without an answer it waits: a second charge is never made of a lost one. */
async function followDownPayment(
  tx: Tx,
  actor: Actor,
  about: About & { plan: PlanRow },
  now: Date,
): Promise<boolean> {
  const { organizationId, plan } = about;
  const charge = await readCharge(tx, organizationId, plan);
  if (!charge || charge.standing === 'under_way') return false;
  const event = { subjectId: plan.id, customerId: plan.customerId };
  if (charge.standing === 'failed') {
    await tx.run(sql`update payment_plans set state = 'requested', reason = ${charge.words}
      where organization_id = ${organizationId} and id = ${plan.id}`);
    await record(tx, { actor, organizationId, now }, [
      {
        ...event,
        type: 'payment_plan.down_payment_failed',
        data: { payment_id: charge.id, reason: charge.words },
      },
    ]);
    return false;
  }
  await tx.run(sql`update payment_plans set state = 'active', activated_at = ${now}, reason = ''
    where organization_id = ${organizationId} and id = ${plan.id}`);
  await tx.run(sql`update payment_plan_installments set try_on = due_on
    where organization_id = ${organizationId} and payment_plan_id = ${plan.id} and state = 'due'`);
  const covered = await coveredNow(tx, organizationId, plan.id);
  const ids = covered.map(({ id }) => id);
  await tx.run(sql`update payment_plan_invoices set rests_from = ${now}
    where organization_id = ${organizationId} and payment_plan_id = ${plan.id} and invoice_id = any(${ids}::text[])`);
  await tx.run(sql`update invoices set payment_plan_id = ${plan.id}
    where organization_id = ${organizationId} and id = any(${ids}::text[])`);
  await startSchedule(tx, actor, { organizationId, plan }, now);
  await record(tx, { actor, organizationId, now }, [
    { ...event, type: 'payment_plan.activated', data: { payment_id: charge.id, first_on: plan.firstOn } },
  ]);
  return true;
}

const readCharge = async (tx: Tx, organizationId: string, { downPaymentId }: PlanRow) =>
  downPaymentId === null
    ? undefined
    : (await readCharges(tx, organizationId, [downPaymentId])).get(downPaymentId);

/** What is still owed decides what is still asked for, and whether the plan goes on. */
async function fitPlan(
  tx: Tx,
  actor: Actor,
  about: About & { plan: PlanRow; installments: InstallmentRow[] },
  now: Date,
): Promise<void> {
  const { organizationId, plan, installments, today } = about;
  const invoices = await coveredNow(tx, organizationId, plan.id);
  await letGo(tx, { organizationId, planId: plan.id, stay: invoices.map(({ id }) => id) }, now);
  const { cadence, firstOn, mostAmount, mayRise, missedLimit } = plan;
  const down = await readCharge(tx, organizationId, plan);
  const next = followPlan({
    ...{ cadence, firstOn, mostAmount, mayRise, missedLimit, today, invoices, installments },
    downUnderWay: down?.standing === 'taken' ? plan.downPayment : 0n,
    downFailed: down?.standing === 'failed' && !down.isVoided,
  });
  await writeChanges(tx, { organizationId, plan }, installments, next.installments);
  if (next.next !== 'active') {
    const reason = reasons[next.next];
    return closePlan(tx, actor, { organizationId, plan, to: next.next, reason }, now);
  }
  if (next.askedRise === plan.askedRise) return;
  await tx.run(sql`update payment_plans set asked_rise = ${next.askedRise}
    where organization_id = ${organizationId} and id = ${plan.id}`);
  if (next.askedRise > plan.askedRise)
    await record(tx, { actor, organizationId, now }, [
      {
        type: 'payment_plan.rise_asked',
        subjectId: plan.id,
        customerId: plan.customerId,
        data: { amount: next.askedRise, currency: plan.currency },
      },
    ]);
}

const reasons = {
  completed: '',
  defaulted: 'Too many installments could not be collected.',
  cancelled: 'All of its invoices were voided.',
};

/** A void invoice leaves its plan. */
async function letGo(
  tx: Tx,
  of: { organizationId: string; planId: string; stay: readonly string[] },
  now: Date,
): Promise<void> {
  await tx.run(sql`with gone as (update payment_plan_invoices set left_at = ${now}
      where organization_id = ${of.organizationId} and payment_plan_id = ${of.planId} and left_at is null
        and invoice_id <> all(${[...of.stay]}::text[]) returning invoice_id)
    update invoices set payment_plan_id = null
    where organization_id = ${of.organizationId} and id in (select invoice_id from gone)`);
}

async function writeChanges(
  tx: Tx,
  of: { organizationId: string; plan: PlanRow },
  before: readonly InstallmentRow[],
  after: readonly Installment[],
): Promise<void> {
  const { organizationId, plan } = of;
  const was = new Map(before.map((each) => [each.id, each]));
  const changed = after.filter(({ id, amount, state, tryOn }) => {
    const old = id === undefined ? undefined : was.get(id);
    return old && (old.amount !== amount || old.state !== state || old.tryOn !== tryOn);
  });
  if (changed.length > 0)
    await tx.run(sql`update payment_plan_installments i set amount = n.amount, state = n.state, try_on = n.try_on
      from unnest(${changed.map(({ id }) => id)}::text[], ${changed.map(({ amount }) => amount)}::bigint[],
        ${changed.map(({ state }) => state)}::text[], ${changed.map(({ tryOn }) => tryOn)}::date[])
        as n(id, amount, state, try_on)
      where i.organization_id = ${organizationId} and i.id = n.id`);
  const added = after.filter(({ id }) => id === undefined);
  const about = { organizationId, planId: plan.id, customerId: plan.customerId };
  if (added.length > 0) await writeInstallments(tx, about, added);
}
