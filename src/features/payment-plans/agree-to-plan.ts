import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import type { Agreed } from '#features/payment-plans/agreement-rules.ts';
import { chargeDownPayment } from '#features/payment-plans/approve-plan.ts';
import { lockPlan, type PlanRow, readCovered, readInstallments } from '#features/payment-plans/read-plan.ts';
import { readWorkingMethod, type Signing, signPlan } from '#features/payment-plans/sign-plan.ts';
import { moveRefusal } from '#features/payment-plans/state-rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

/** What an offered plan says, with the method that its customer has chosen. */
export async function offerWords(
  tx: Tx,
  of: { seller: OrganizationRow; plan: PlanRow; method: { brand: string; last4: string } },
): Promise<Agreed> {
  const { seller, plan, method } = of;
  const covered = await readCovered(tx, seller.id, plan.id);
  return {
    ...{ seller, method, terms: plan, bounds: plan },
    installments: await readInstallments(tx, seller.id, plan.id),
    numbers: covered.map(({ number }) => number),
  };
}

/** The customer agrees to what staff offered: approved by that, its down payment is charged at once. */
export async function agreeToPlan(
  tx: Tx,
  actor: Actor,
  input: {
    seller: OrganizationRow;
    planId: string;
    paymentMethodId: string;
    signing: Signing;
    today: CalendarDate;
  },
  now: Date,
): Promise<void> {
  const { seller, planId, signing, today } = input;
  const plan = await lockPlan(tx, seller.id, planId);
  const refusal = plan.state === 'offered' ? undefined : moveRefusal(plan.state, 'approved');
  if (refusal || plan.state !== 'offered')
    throw new Refusal('state_refused', refusal ?? 'You have agreed to this plan already.');
  const about = { organizationId: seller.id, customerId: plan.customerId };
  const method = await readWorkingMethod(tx, { ...about, paymentMethodId: input.paymentMethodId, today });
  const agreed = await offerWords(tx, { seller, plan, method });
  const { mostAmount } = plan;
  const authorizationId = await signPlan(
    tx,
    actor,
    { ...about, planId, agreed, methodId: method.id, mostAmount, signing },
    now,
  );
  await tx.run(sql`update payment_plans set payment_method_id = ${method.id}, authorization_id = ${authorizationId}
    where organization_id = ${seller.id} and id = ${planId}`);
  await record(tx, { actor, organizationId: seller.id, now }, [
    {
      type: 'payment_plan.agreed',
      subjectId: planId,
      customerId: plan.customerId,
      data: { name: signing.name },
    },
  ]);
  const signed = { ...plan, paymentMethodId: method.id, authorizationId };
  await chargeDownPayment(tx, actor, { seller, plan: signed, today }, now);
}
