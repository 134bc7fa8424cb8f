import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { coveredNow } from '#features/payment-plans/approve-plan.ts';
import { riseBeyond, spread } from '#features/payment-plans/follow-rules.ts';
import { lockPlan } from '#features/payment-plans/read-plan.ts';
import { chargeStored } from '#features/standing-charges/charge-stored.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';
import { sum } from '#lib/money.ts';

/**
 * Charge all that a plan still has to collect at once, by its own method, as its customer has asked for. Once
 * it has gone through, the plan is completed; if it fails, the installments go on as they were. What its
 * invoices have risen by beyond the agreement is no part of it: nobody has agreed to that yet.
 */
export async function payOffPlan(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; planId: string; today: CalendarDate },
  now: Date,
): Promise<{ paymentId: string }> {
  const { organizationId, planId, today } = input;
  const plan = await lockPlan(tx, organizationId, planId);
  if (plan.state !== 'active') throw new Refusal('state_refused', 'Only a running plan can be paid off.');
  const invoices = await coveredNow(tx, organizationId, planId);
  const amount = sum(invoices.map(({ payable }) => payable)) - riseBeyond(invoices, plan.mayRise);
  if (amount <= 0n)
    throw new Refusal('nothing_due', 'Nothing can be paid on its invoices now: a payment may be under way.');
  const tries = plan.payoffTries + 1;
  const [verdict] = await chargeStored(
    tx,
    actor,
    {
      organizationId,
      today,
      charges: [
        {
          requestKey: `plan:${planId}:payoff:${tries}`,
          customerId: plan.customerId,
          paymentMethodId: must(plan.paymentMethodId, 'the method of a running plan'),
          source: 'plan_installment',
          amount,
          currency: plan.currency,
          applications: spread(invoices, amount),
          authorizationId: must(plan.authorizationId, 'the agreement of a plan'),
          memo: 'Rest of a payment plan',
          sendReceipt: true,
        },
      ],
    },
    now,
  );
  const charge = must(verdict, 'the verdict');
  if (!charge.ok) throw new Refusal(charge.code, { message: charge.reason, param: charge.param });
  await tx.run(sql`update payment_plans set payoff_tries = ${tries}
    where organization_id = ${organizationId} and id = ${planId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'payment_plan.payoff_asked',
      subjectId: planId,
      customerId: plan.customerId,
      data: { payment_id: charge.paymentId, amount, currency: plan.currency },
    },
  ]);
  return { paymentId: charge.paymentId };
}
