import { sql } from 'kysely';
import type { Actor, Database } from '#db/db.ts';
import { type Gateways, readGatewayAccount } from '#features/payments/gateways.ts';
import { organizationNow } from '#lib/clock.ts';

/** The journey of a removed method: its gateway forgets it as well. Tried again by the queue until it has. */
export async function forgetMethod(
  deps: { db: Database; gateways: Gateways },
  payload: { organizationId: string; methodId: string },
): Promise<void> {
  const { organizationId, methodId } = payload;
  const actor: Actor = { kind: 'job', organizationId, name: 'forget-method' };
  const found = await deps.db.transaction(actor, async (tx) => {
    const method = await tx.row<{ gatewayAccountId: string; storedToken: string; clockOffsetMs: bigint }>(sql`
      select m.gateway_account_id, m.stored_token, o.clock_offset_ms from payment_methods m
      join organizations o on o.id = m.organization_id
      where m.organization_id = ${organizationId} and m.id = ${methodId} and m.state = 'removed'`);
    return (
      method && { ...method, account: await readGatewayAccount(tx, organizationId, method.gatewayAccountId) }
    );
  });
  if (!found) return;
  const { storedToken } = found;
  await deps.gateways.open(found.account).methods?.remove({ storedToken, at: organizationNow(found) });
}
