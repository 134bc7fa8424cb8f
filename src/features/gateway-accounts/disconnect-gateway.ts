import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { routeKinds } from '#features/gateway-accounts/route-kinds.ts';
import { notFound } from '#lib/errors.ts';

/** Send nothing new to an account. Its payments are still looked up, refunded and reconciled. */
export async function disconnectGateway(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; gatewayAccountId: string },
  now: Date,
): Promise<void> {
  const { organizationId, gatewayAccountId } = input;
  const account = await tx.row<{
    disconnectedAt: Date | null;
  }>(sql`select disconnected_at from gateway_accounts
    where organization_id = ${organizationId} and id = ${gatewayAccountId} for update`);
  if (!account) throw notFound('gateway account', gatewayAccountId);
  if (account.disconnectedAt) return;
  await tx.run(sql`update gateway_accounts set disconnected_at = ${now}
    where organization_id = ${organizationId} and id = ${gatewayAccountId}`);
  await routeKinds(tx, { organizationId, gatewayAccountId, takes: [] });
  await record(tx, { actor, organizationId, now }, [
    { type: 'gateway_account.disconnected', subjectId: gatewayAccountId },
  ]);
}
