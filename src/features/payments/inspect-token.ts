import type { Actor, Database } from '#db/db.ts';
import { type Gateways, readGatewayAccount } from '#features/payments/gateways.ts';

export type Inspected = { funding: string | null; brand: string };

/**
 * What the gateway says of a card that was just typed, before it is charged. Nothing is open meanwhile.
 * Undefined: it does not say, so the card is of unknown kind and has no surcharge.
 */
export async function inspectToken(
  deps: { db: Database; gateways: Pick<Gateways, 'open'> },
  actor: Actor,
  input: { organizationId: string; gatewayAccountId: string; token: string },
  now: Date,
): Promise<Inspected | undefined> {
  const account = await deps.db.transaction(actor, (tx) =>
    readGatewayAccount(tx, input.organizationId, input.gatewayAccountId),
  );
  const told = await deps.gateways.open(account).inspect?.({ token: input.token, at: now });
  return told && { funding: told.funding ?? null, brand: told.brand };
}
