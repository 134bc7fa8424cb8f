import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { readSetting, type Setting } from '#features/autopay/queries.ts';
import type { AutopayTerms } from '#features/autopay/rules.ts';
import {
  autopayAuthorization,
  autopayHeld,
  autopayHeldVersion,
  autopayVersion,
} from '#features/autopay/word-rules.ts';
import { readAgreedFees } from '#features/card-fees/read-agreed-fees.ts';
import { readFeeAgreement } from '#features/card-fees/read-fee-agreement.ts';
import { type OrganizationRow, readOrganization } from '#features/organizations/queries.ts';
import { expiryStanding } from '#features/payment-methods/rules.ts';
import { type Consent, writeConsents } from '#features/payments/portal-write-consents.ts';
import { readMethods } from '#features/payments/queries.ts';
import { methodWords } from '#features/payments/receipt-rules.ts';
import { dateIn } from '#lib/dates.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';
import type { Origin } from '#lib/origin.ts';

/** Who agrees: the payer, in own words and by a tick; or staff, which vouches that the customer has. */
export type Agreed =
  | { by: 'payer'; name: string | undefined; origin: Origin; authorizationId?: string }
  | { by: 'staff'; name: string; origin: Origin };

export type AutopayToSet = {
  organizationId: string;
  customerId: string;
  paymentMethodId: string;
  terms: AutopayTerms;
  agreed: Agreed;
};

/**
 * Switch autopay on, or change it: each time under a new agreement, which takes the place of the one before.
 * What was issued before it was switched on stays as it is.
 */
export async function setAutopay(tx: Tx, actor: Actor, input: AutopayToSet, now: Date): Promise<void> {
  const { organizationId, customerId, paymentMethodId, terms } = input;
  await tx.run(sql`select id from customers where organization_id = ${organizationId} and id = ${customerId}
    for no key update`);
  await tx.run(sql`select id from payment_methods where organization_id = ${organizationId}
    and id = ${paymentMethodId} for share`);
  const before = await readSetting(tx, organizationId, customerId);
  if (before && isSame(before, input) && !(await hasNewFee(tx, before, input, now))) return;
  const consent = await consentOf(tx, input, now);
  const authorizationId =
    input.agreed.by === 'payer' && input.agreed.authorizationId
      ? input.agreed.authorizationId
      : must(
          (
            await writeConsents(
              tx,
              actor,
              { organizationId, customerId, paymentMethodId, consents: [consent] },
              now,
            )
          )[0],
          'an authorization',
        );
  if (before && before.endedAt === null)
    await writeRevocation(
      tx,
      actor,
      { ...before, organizationId, reason: 'Replaced by a new agreement.' },
      now,
    );
  await tx.run(sql`
    insert into autopays (organization_id, customer_id, payment_method_id, authorization_id, charge_when,
      threshold_direction, threshold_amount, maximum_amount, notice_days, since, set_at)
    values (${organizationId}, ${customerId}, ${paymentMethodId}, ${authorizationId}, ${terms.chargeWhen},
      ${terms.threshold?.direction ?? null}, ${terms.threshold?.amount ?? null}, ${terms.maximum},
      ${terms.noticeDays}, ${now}, ${now})
    on conflict (organization_id, customer_id) do update set payment_method_id = excluded.payment_method_id,
      authorization_id = excluded.authorization_id, charge_when = excluded.charge_when,
      threshold_direction = excluded.threshold_direction, threshold_amount = excluded.threshold_amount,
      maximum_amount = excluded.maximum_amount, notice_days = excluded.notice_days,
      since = case when autopays.ended_at is null then autopays.since else excluded.since end,
      set_at = excluded.set_at, ended_at = null, ended_why = null`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: before && before.endedAt === null ? 'autopay.changed' : 'autopay.enabled',
      subjectId: customerId,
      customerId,
      data: { authorization_id: authorizationId, payment_method_id: paymentMethodId, ...figuresOf(terms) },
    },
  ]);
}

/** The agreement as it is kept: its words, and the same as figures. */
export async function consentOf(tx: Tx, input: AutopayToSet, now: Date): Promise<Consent> {
  const { organizationId, paymentMethodId, terms, agreed } = input;
  const seller = await readOrganization(tx, organizationId);
  const { method, today, cardFee } = await readCharged(tx, seller, input, now);
  if (method.state === 'blocked' || expiryStanding(method, today) === 'expired')
    throw new Refusal('state_refused', {
      message: 'This payment method has expired or is blocked. Choose another one.',
      param: 'payment_method_id',
    });
  const name = methodWords({
    ...method,
    methodBrand: method.brand,
    methodLast4: method.last4,
    reference: null,
  });
  return {
    kind: 'autopay',
    name: agreed.name,
    ...agreed.origin,
    terms: { ...figuresOf(terms), ...cardFee.terms, payment_method_id: paymentMethodId },
    ...(agreed.by === 'staff'
      ? {
          text: autopayHeld(seller, name, terms, cardFee.words),
          version: autopayHeldVersion,
          signature: { kind: 'held' },
        }
      : { text: autopayAuthorization(seller, name, terms, cardFee.words), version: autopayVersion }),
  };
}

/** The method that is charged, and the card fee that comes with it. */
async function readCharged(
  tx: Tx,
  seller: OrganizationRow,
  { customerId, paymentMethodId }: AutopayToSet,
  now: Date,
) {
  const method = (await readMethods(tx, seller.id, customerId)).find(({ id }) => id === paymentMethodId);
  if (!method) throw notFound('payment method', paymentMethodId);
  const today = dateIn(seller.timeZone, now);
  const cardFee = await readFeeAgreement(tx, seller.id, today, { customerId, methodId: paymentMethodId });
  return { method, today, cardFee };
}

/** Whether the card fee is another one than what was agreed to: then the same terms are a new agreement. */
async function hasNewFee(tx: Tx, before: Setting, input: AutopayToSet, now: Date): Promise<boolean> {
  const seller = await readOrganization(tx, input.organizationId);
  const { terms } = (await readCharged(tx, seller, input, now)).cardFee;
  const agreed = (await readAgreedFees(tx, seller.id, [before.authorizationId])).get(before.authorizationId);
  return (
    terms.card_fee_kind !== agreed?.kind ||
    terms.card_fee_percent !== agreed?.percent ||
    (terms.card_fee_flat ?? '0') !== String(agreed?.flatAmount ?? 0n)
  );
}

export const figuresOf = (terms: AutopayTerms) => ({
  charge_when: terms.chargeWhen,
  threshold_direction: terms.threshold?.direction ?? null,
  threshold_amount: terms.threshold ? Number(terms.threshold.amount) : null,
  maximum_amount: terms.maximum === null ? null : Number(terms.maximum),
  notice_days: terms.noticeDays,
});

/** The same again changes nothing: a doubled form is one agreement. */
const isSame = (before: Setting, { paymentMethodId, terms }: AutopayToSet): boolean =>
  before.endedAt === null &&
  before.paymentMethodId === paymentMethodId &&
  JSON.stringify(figuresOf(before.terms)) === JSON.stringify(figuresOf(terms));

/** That an agreement holds no longer is a row of its own; said twice it is said once. */
export const writeRevocation = (
  tx: Tx,
  actor: Actor,
  one: { organizationId: string; authorizationId: string; customerId: string; reason: string },
  now: Date,
): Promise<number> =>
  tx.run(sql`insert into authorization_revocations (organization_id, authorization_id, customer_id, revoked_at,
      reason, portal_user_id, user_id)
    values (${one.organizationId}, ${one.authorizationId}, ${one.customerId}, ${now}, ${one.reason},
      ${actor.kind === 'portal_user' ? actor.portalUserId : null}, ${actor.kind === 'user' ? actor.userId : null})
    on conflict do nothing`);
