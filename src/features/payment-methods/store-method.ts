import { type Actor, type Database, onBehalfOf, type Tx } from '#db/db.ts';
import { recordMethod } from '#features/payment-methods/record-method.ts';
import type { GatewayAccount, Gateways } from '#features/payments/gateways.ts';
import type { MethodDetails } from '#features/payments/payment-gateway.ts';
import type { Consent } from '#features/payments/portal-write-consents.ts';
import { Refusal } from '#lib/errors.ts';

export type NewMethod = {
  organizationId: string;
  customerId: string;
  methodId: string;
  account: GatewayAccount;
  token: string;
  consents: readonly Consent[];
  addedBy?: 'payer';
  /** What has to be written with the method, or not at all. */
  alongside?: (tx: Tx) => Promise<void>;
};

/**
 * The journey of a new method: the gateway exchanges its one-time token for a stored one, then we keep what
 * may be shown. Our method id is the idempotency key, so the same form sent twice stores one.
 */
export async function storeMethod(
  deps: { db: Database; gateways: Gateways },
  actor: Actor,
  input: NewMethod,
  now: Date,
): Promise<MethodDetails> {
  const { account, methodId, token, customerId } = input;
  const vault = deps.gateways.open(account).methods;
  if (!vault) throw new Refusal('state_refused', 'This payment gateway stores no payment methods.');
  const method = await vault.store({ methodId, token, customerId, at: now });
  await deps.db.transaction(onBehalfOf(actor), async (tx) => {
    await recordMethod(tx, actor, { ...input, gatewayAccountId: account.id, method }, now);
    await input.alongside?.(tx);
  });
  return method;
}
