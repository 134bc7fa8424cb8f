import type { Actor, Tx } from '#db/db.ts';
import { readCustomer } from '#features/customers/queries.ts';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import { type Agreed, planAgreement, planVersion } from '#features/payment-plans/agreement-rules.ts';
import type { PlanDraft } from '#features/payment-plans/draft-plan.ts';
import { type Signature, writeConsents } from '#features/payments/portal-write-consents.ts';
import { type MethodRow, readMethod } from '#features/payments/queries.ts';
import { whyUnusable } from '#features/standing-charges/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import type { Origin } from '#lib/origin.ts';
import { sha256 } from '#lib/secrets.ts';

export type Signing = {
  /** Of the words that the signer saw; staff who attests has them from the customer. */
  textHash: string | undefined;
  name: string | undefined;
  email: string | undefined;
  signature: Signature;
  origin: Origin;
};

/** A stored method of this customer that works today, or the refusal that says why not. */
export async function readWorkingMethod(
  tx: Tx,
  of: { organizationId: string; customerId: string; paymentMethodId: string; today: CalendarDate },
): Promise<MethodRow> {
  const method = await readMethod(tx, of.organizationId, of.paymentMethodId);
  const customer = await readCustomer(tx, of.organizationId, of.customerId);
  const isAllowed = method.kind === 'card' ? customer.allowCard : customer.allowBankAccount;
  const unusable = whyUnusable({ ...method, isAllowed }, of.customerId, of.today);
  if (!unusable) return method;
  throw new Refusal('state_refused', {
    message: 'This payment method cannot be charged. Choose another one, or add a new one first.',
    param: 'payment_method_id',
  });
}

export const agreedOf = (
  seller: OrganizationRow,
  draft: PlanDraft,
  method: Pick<MethodRow, 'brand' | 'last4'>,
): Agreed => ({
  seller,
  method,
  terms: draft.terms,
  installments: draft.installments,
  numbers: draft.invoices.map(({ number }) => number),
  bounds: { ...draft.limits, mayRise: draft.mayRise },
});

/** Keep what was agreed to: the words as they were shown, and the same as figures. */
export async function signPlan(
  tx: Tx,
  actor: Actor,
  input: {
    organizationId: string;
    customerId: string;
    planId: string;
    agreed: Agreed;
    methodId: string;
    mostAmount: bigint;
    signing: Signing;
  },
  now: Date,
): Promise<string> {
  const { agreed, signing } = input;
  const { terms, installments, bounds } = agreed;
  return writeAgreement(
    tx,
    actor,
    {
      ...input,
      text: planAgreement(agreed),
      terms: {
        payment_plan_id: input.planId,
        currency: terms.currency,
        total: String(terms.total),
        down_payment: String(terms.downPayment),
        installments: installments.length,
        dates: installments.map(({ dueOn }) => dueOn).join(' '),
        amounts: installments.map(({ amount }) => String(amount)).join(' '),
        most_amount: String(input.mostAmount),
        may_rise: String(bounds.mayRise),
        move_days: bounds.moveDays,
        missed_limit: bounds.missedLimit,
      },
      signing,
    },
    now,
  );
}

export async function writeAgreement(
  tx: Tx,
  actor: Actor,
  input: {
    organizationId: string;
    customerId: string;
    methodId: string;
    text: string;
    terms: Record<string, string | number>;
    signing: Signing;
  },
  now: Date,
): Promise<string> {
  const { organizationId, customerId, text, terms, signing } = input;
  if (signing.textHash !== undefined && sha256(text) !== signing.textHash)
    throw new Refusal('conflict', 'The words have changed meanwhile. Please read them again, then sign.');
  const { name, email, signature, origin } = signing;
  const consent = { kind: 'payment_plan' as const, text, version: planVersion, name, signature, ...origin };
  const [id] = await writeConsents(
    tx,
    actor,
    {
      ...{ organizationId, customerId, paymentMethodId: input.methodId },
      consents: [
        {
          ...consent,
          ...(email ? { email } : {}),
          terms: { ...terms, payment_method_id: input.methodId },
        },
      ],
    },
    now,
  );
  return id as string;
}
