import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import type { MethodState } from '#features/payment-methods/rules.ts';
import { storingAuthorization, storingVersion } from '#features/payments/portal-rules.ts';
import { type Signature, writeConsents } from '#features/payments/portal-write-consents.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import type { Origin } from '#lib/origin.ts';
import { sha256 } from '#lib/secrets.ts';

export type SigningInput = {
  seller: OrganizationRow;
  customerId: string;
  methodId: string;
  /** Of the words that the signer saw. */
  textHash: string;
  name: string;
  signature: Signature;
  email: string;
  origin: Origin;
};

/**
 * The owner of a bank account signs that it may be debited; from then on it is usable. Signing twice is
 * once.
 */
export async function signAuthorization(tx: Tx, actor: Actor, input: SigningInput, now: Date): Promise<void> {
  const { seller, customerId, methodId } = input;
  const organizationId = seller.id;
  const method = await tx.row<{ state: MethodState; kind: string; last4: string }>(sql`
    select state, kind, last4 from payment_methods
    where organization_id = ${organizationId} and id = ${methodId} and customer_id = ${customerId} for update`);
  if (!method || method.state === 'removed') throw notFound('payment method', methodId);
  if (method.state === 'active') return;
  if (method.state !== 'needs_authorization')
    throw new Refusal('state_refused', 'The bank refuses this account. Add another one instead.');
  const text = storingAuthorization(seller, method.last4);
  if (sha256(text) !== input.textHash)
    throw new Refusal('conflict', 'The words have changed meanwhile. Please read them again, then sign.');
  const { name, signature, email, origin } = input;
  const consent = { kind: 'bank_debit' as const, text, version: storingVersion, name, signature, email };
  const [authorizationId] = await writeConsents(
    tx,
    actor,
    { organizationId, customerId, paymentMethodId: methodId, consents: [{ ...consent, ...origin }] },
    now,
  );
  await tx.run(sql`update payment_methods set state = 'active'
    where organization_id = ${organizationId} and id = ${methodId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'payment_method.authorized',
      subjectId: methodId,
      customerId,
      data: { authorization_id: authorizationId, signature: signature.kind, name },
    },
  ]);
}
