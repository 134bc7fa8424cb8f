import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import { draftPlan, type PlanDraft, type PlanWish } from '#features/payment-plans/draft-plan.ts';
import { agreedOf, readWorkingMethod, type Signing, signPlan } from '#features/payment-plans/sign-plan.ts';
import { writePlan } from '#features/payment-plans/write-plan.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type PlanRequest = {
  seller: OrganizationRow;
  wish: PlanWish;
  note: string;
  today: CalendarDate;
};

type SignedRequest = PlanRequest & { paymentMethodId: string; signing: Signing };

/** A customer asks to pay in parts, and signs what that means; the organization decides. */
export const requestPlan = (tx: Tx, actor: Actor, input: SignedRequest, now: Date) =>
  writeSigned(tx, actor, { ...input, byStaff: false }, now);

/** Staff writes down a plan that the customer has agreed to elsewhere, and vouches for that. */
export const attestPlan = (tx: Tx, actor: Actor, input: SignedRequest, now: Date) =>
  writeSigned(tx, actor, { ...input, byStaff: true }, now);

/** Staff offers a plan; the customer agrees to it in the portal, with a method of its choice. */
export async function offerPlan(
  tx: Tx,
  actor: Actor,
  input: PlanRequest,
  now: Date,
): Promise<{ planId: string }> {
  const { planId, draft } = await begin(tx, input, false);
  const none = { paymentMethodId: null, authorizationId: null };
  await writePlan(tx, planId, { ...planOf(input, draft, true), ...none, state: 'offered' }, now);
  await tell(tx, actor, { type: 'payment_plan.offered', planId, draft, of: input }, now);
  return { planId };
}

async function writeSigned(
  tx: Tx,
  actor: Actor,
  input: SignedRequest & { byStaff: boolean },
  now: Date,
): Promise<{ planId: string }> {
  const { byStaff } = input;
  const { planId, draft } = await begin(tx, input, !byStaff);
  const signed = await signFor(tx, actor, { ...input, planId, draft }, now);
  await writePlan(tx, planId, { ...planOf(input, draft, byStaff), ...signed }, now);
  const type = byStaff ? 'payment_plan.attested' : 'payment_plan.requested';
  await tell(tx, actor, { type, planId, draft, of: input }, now);
  return { planId };
}

async function begin(tx: Tx, { seller, wish, today }: PlanRequest, asks: boolean) {
  await lockCustomer(tx, seller.id, wish.customerId, asks);
  const draft = await draftPlan(tx, seller, wish, { today, lock: true });
  return { planId: newId('paymentPlan'), draft };
}

async function tell(
  tx: Tx,
  actor: Actor,
  { type, planId, draft, of }: { type: string; planId: string; draft: PlanDraft; of: PlanRequest },
  now: Date,
): Promise<void> {
  const { seller, wish } = of;
  await record(tx, { actor, organizationId: seller.id, now }, [
    { type, subjectId: planId, customerId: wish.customerId, data: dataOf(draft) },
  ]);
}

/** What the customer may ask for is the customer's setting; what staff offers is staff's business. */
async function lockCustomer(
  tx: Tx,
  organizationId: string,
  customerId: string,
  asks: boolean,
): Promise<void> {
  const customer = await tx.row<{ allowPaymentPlans: boolean }>(sql`select allow_payment_plans from customers
    where organization_id = ${organizationId} and id = ${customerId} for no key update`);
  if (!customer) throw notFound('customer', customerId);
  if (asks && !customer.allowPaymentPlans)
    throw new Refusal('forbidden', 'Payment plans are not offered here. Please ask the organization.');
}

async function signFor(
  tx: Tx,
  actor: Actor,
  input: PlanRequest & { paymentMethodId: string; signing: Signing; planId: string; draft: PlanDraft },
  now: Date,
): Promise<{ paymentMethodId: string; authorizationId: string }> {
  const { seller, wish, draft, planId, paymentMethodId, signing, today } = input;
  const about = { organizationId: seller.id, customerId: wish.customerId };
  const method = await readWorkingMethod(tx, { ...about, paymentMethodId, today });
  const agreed = agreedOf(seller, draft, method);
  const { mostAmount } = draft;
  const authorizationId = await signPlan(
    tx,
    actor,
    { ...about, planId, agreed, methodId: method.id, mostAmount, signing },
    now,
  );
  return { paymentMethodId: method.id, authorizationId };
}

const planOf = ({ seller, wish, note }: PlanRequest, draft: PlanDraft, byStaff: boolean) => ({
  organizationId: seller.id,
  customerId: wish.customerId,
  state: 'requested' as const,
  ...{ byStaff, draft, note },
});

const dataOf = ({ terms, invoices }: PlanDraft) => ({
  total: terms.total,
  down_payment: terms.downPayment,
  currency: terms.currency,
  cadence: terms.cadence,
  installments: terms.installments,
  first_on: terms.firstOn,
  invoices: invoices.map(({ number }) => number),
});
