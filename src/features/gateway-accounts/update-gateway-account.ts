import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { routeKinds } from '#features/gateway-accounts/route-kinds.ts';
import type { ChargeKind } from '#features/payments/payment-gateway.ts';
import { notFound, Refusal } from '#lib/errors.ts';

export type AccountChange = {
  organizationId: string;
  gatewayAccountId: string;
  name?: string | undefined;
  takes?: readonly ChargeKind[] | undefined;
  /** Tried before, encrypted by the caller. */
  renewed?: { credentials: Buffer; publishableKey: string; vendorAccount: string } | undefined;
};

/** Rename an account, route payments to it, or give it new credentials that the vendor has accepted. */
export async function updateGatewayAccount(
  tx: Tx,
  actor: Actor,
  input: AccountChange,
  now: Date,
): Promise<void> {
  const { organizationId, gatewayAccountId: id, renewed } = input;
  const account = await tx.row<{
    disconnectedAt: Date | null;
  }>(sql`select disconnected_at from gateway_accounts
    where organization_id = ${organizationId} and id = ${id} for update`);
  if (!account) throw notFound('gateway account', id);
  if (account.disconnectedAt)
    throw new Refusal('state_refused', 'This account is disconnected. Connect it again instead.');
  if (input.name !== undefined)
    await tx.run(sql`update gateway_accounts set name = ${input.name}
      where organization_id = ${organizationId} and id = ${id}`);
  if (renewed)
    await tx.run(sql`update gateway_accounts set credentials = ${renewed.credentials},
      publishable_key = ${renewed.publishableKey}, vendor_account = ${renewed.vendorAccount}, checked_at = ${now},
      check_problem = null where organization_id = ${organizationId} and id = ${id}`);
  if (input.takes) await routeKinds(tx, { organizationId, gatewayAccountId: id, takes: input.takes });
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'gateway_account.updated',
      subjectId: id,
      data: { name: input.name, takes: input.takes, new_credentials: renewed !== undefined },
    },
  ]);
}

/** What the vendor said when it was asked whether the stored credentials work. */
export async function recordCheck(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; gatewayAccountId: string; problem: string | null },
  now: Date,
): Promise<void> {
  const { organizationId, gatewayAccountId, problem } = input;
  const changed = await tx.run(sql`update gateway_accounts set checked_at = ${now}, check_problem = ${problem}
    where organization_id = ${organizationId} and id = ${gatewayAccountId}`);
  if (changed === 0) throw notFound('gateway account', gatewayAccountId);
  if (problem)
    await record(tx, { actor, organizationId, now }, [
      { type: 'gateway_account.check_failed', subjectId: gatewayAccountId, data: { problem } },
    ]);
}
