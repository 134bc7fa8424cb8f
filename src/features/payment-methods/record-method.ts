import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { knownFunding } from '#features/card-fees/card-ranges.ts';
import { firstIsDefault } from '#features/payments/default-method.ts';
import type { MethodDetails } from '#features/payments/payment-gateway.ts';
import { type Consent, writeConsents } from '#features/payments/portal-write-consents.ts';
import { must, Refusal } from '#lib/errors.ts';

export type StoredMethodInput = {
  organizationId: string;
  customerId: string;
  methodId: string;
  gatewayAccountId: string;
  method: MethodDetails;
  consents: readonly Consent[];
  addedBy?: 'payer';
};

/** Keep a method that the gateway has stored: what may be shown of it, its token, and what was agreed to. */
export async function recordMethod(tx: Tx, actor: Actor, input: StoredMethodInput, now: Date): Promise<void> {
  const { organizationId, customerId, methodId, method } = input;
  // A bank account is only debited with its owner's word, or with staff's that there is one.
  const isUsable = method.kind === 'card' || input.consents.some(({ kind }) => kind === 'bank_debit');
  const { funding, bin, listId } = await knownFunding(tx, method);
  const made = await tx.run(sql`
    insert into payment_methods (organization_id, id, customer_id, gateway_account_id, kind, brand, last4,
    expiry_year,
      expiry_month, funding, bin, funding_list_id, stored_token, state, added_by, created_at)
    values (${organizationId}, ${methodId}, ${customerId}, ${input.gatewayAccountId}, ${method.kind},
    ${method.brand},
      ${method.last4}, ${method.expiry?.year ?? null}, ${method.expiry?.month ?? null},
      ${funding}, ${bin}, ${listId},
      ${must(method.storedToken, 'the token of a stored method')}, 
      ${isUsable ? 'active' : 'needs_authorization'}, ${input.addedBy ?? actor.kind}, ${now})
    on conflict (organization_id, id) do nothing`);
  if (made === 0) return refuseOthers(tx, organizationId, methodId, customerId);
  await tx.run(firstIsDefault({ organizationId, customerId, methodId }, now));
  await writeConsents(
    tx,
    actor,
    { organizationId, customerId, paymentMethodId: methodId, consents: input.consents },
    now,
  );
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'payment_method.stored',
      subjectId: methodId,
      customerId,
      data: { kind: method.kind, brand: method.brand, last4: method.last4 },
    },
  ]);
}

/** The same form sent twice is one method; an id that is someone else's is nobody's business. */
async function refuseOthers(
  tx: Tx,
  organizationId: string,
  methodId: string,
  customerId: string,
): Promise<void> {
  const known = await tx.row<{ customerId: string }>(sql`select customer_id from payment_methods
    where organization_id = ${organizationId} and id = ${methodId}`);
  if (known?.customerId !== customerId) throw new Refusal('conflict', 'Open the page again and retry.');
}
