import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import { spread } from '#features/payment-plans/follow-rules.ts';
import { type CoveredRow, lockPlan, type PlanRow, readCovered } from '#features/payment-plans/read-plan.ts';
import { moveRefusal } from '#features/payment-plans/state-rules.ts';
import { lockInvoices } from '#features/payments/lock-invoices.ts';
import { chargeStored } from '#features/standing-charges/charge-stored.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';
import { formatMoney, sum } from '#lib/money.ts';

type Approval = { seller: Pick<OrganizationRow, 'id' | 'locale'>; planId: string; today: CalendarDate };

/**
 * Yes to a plan: its down payment is charged, and once that has gone through the plan runs. Approved twice,
 * it is charged once.
 */
export async function approvePlan(tx: Tx, actor: Actor, input: Approval, now: Date): Promise<void> {
  const plan = await lockPlan(tx, input.seller.id, input.planId);
  const refusal = moveRefusal(plan.state, 'approved');
  if (refusal || plan.state === 'offered') throw new Refusal('state_refused', refusal ?? notAgreed);
  await chargeDownPayment(tx, actor, { ...input, plan }, now);
}

const notAgreed = 'The customer has not agreed to this plan yet. It starts as soon as the customer does.';

/** The one charge of a down payment for each approval; its outcome moves the plan on. */
export async function chargeDownPayment(
  tx: Tx,
  actor: Actor,
  input: Omit<Approval, 'planId'> & { plan: PlanRow },
  now: Date,
): Promise<void> {
  const { plan, today, seller } = input;
  const organizationId = seller.id;
  if (plan.firstOn <= today)
    throw new Refusal(
      'state_refused',
      'The date of the first installment has passed. Turn this plan down, and ask the customer for a later date.',
    );
  const invoices = await coveredNow(tx, organizationId, plan.id);
  const payable = sum(invoices.map((each) => each.payable));
  if (payable <= plan.downPayment) {
    const owed = formatMoney(payable, plan.currency, seller.locale);
    throw new Refusal(
      'state_refused',
      `Only ${owed} can be paid on its invoices now, so the plan does not fit any more. Turn it down, and agree anew.`,
    );
  }
  const tries = plan.downTries + 1;
  const [verdict] = await chargeStored(
    tx,
    actor,
    {
      organizationId,
      today,
      charges: [
        {
          requestKey: `plan:${plan.id}:down:${tries}`,
          customerId: plan.customerId,
          paymentMethodId: must(plan.paymentMethodId, 'the method of an agreed plan'),
          source: 'plan_down_payment',
          amount: plan.downPayment,
          currency: plan.currency,
          applications: spread(invoices, plan.downPayment),
          authorizationId: must(plan.authorizationId, 'the agreement of a plan'),
          memo: 'Down payment of a payment plan',
          sendReceipt: await sendsReceipts(tx, organizationId, plan.customerId),
        },
      ],
    },
    now,
  );
  const charge = must(verdict, 'the verdict');
  if (!charge.ok) throw new Refusal(charge.code, { message: charge.reason, param: charge.param });
  await tx.run(sql`update payment_plans set state = 'approved', down_tries = ${tries},
    down_payment_id = ${charge.paymentId}, reason = '' where organization_id = ${organizationId} and id = ${plan.id}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'payment_plan.approved',
      subjectId: plan.id,
      customerId: plan.customerId,
      data: { payment_id: charge.paymentId, down_payment: plan.downPayment, currency: plan.currency },
    },
  ]);
}

async function sendsReceipts(tx: Tx, organizationId: string, customerId: string): Promise<boolean> {
  const row = await tx.row<{ sendReceipts: boolean }>(sql`select send_receipts from customers
    where organization_id = ${organizationId} and id = ${customerId}`);
  return must(row, 'the customer').sendReceipts;
}

/** What the plan still covers, locked, as it stands. */
export async function coveredNow(tx: Tx, organizationId: string, planId: string): Promise<CoveredRow[]> {
  const before = await readCovered(tx, organizationId, planId);
  await lockInvoices(
    tx,
    organizationId,
    before.map(({ id }) => id),
  );
  const covered = await readCovered(tx, organizationId, planId);
  return covered.filter(({ isVoid, leftAt }) => !isVoid && leftAt === null);
}
