import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { routeKinds } from '#features/gateway-accounts/route-kinds.ts';
import type { ChargeKind } from '#features/payments/payment-gateway.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type CheckedAccount = {
  organizationId: string;
  vendor: string;
  name: string;
  /** Encrypted by the caller, after the vendor said yes to them. */
  credentials: Buffer;
  publishableKey: string;
  vendorAccount: string;
  takes: readonly ChargeKind[];
};

/** Keep a gateway account whose credentials work, and send it what it shall take. */
export async function connectGateway(
  tx: Tx,
  actor: Actor,
  input: CheckedAccount,
  now: Date,
): Promise<{ gatewayAccountId: string }> {
  const { organizationId, vendor } = input;
  const gatewayAccountId = newId('gatewayAccount');
  const made = await tx.run(sql`
    insert into gateway_accounts (organization_id, id, vendor, name, credentials, publishable_key, vendor_account,
      checked_at, created_at)
    values (${organizationId}, ${gatewayAccountId}, ${vendor}, ${input.name}, ${input.credentials},
      ${input.publishableKey}, ${input.vendorAccount}, ${now}, ${now})
    on conflict do nothing`);
  if (made === 0)
    throw new Refusal('conflict', 'This account is connected already. Change its credentials there.');
  await routeKinds(tx, { organizationId, gatewayAccountId, takes: input.takes });
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'gateway_account.connected',
      subjectId: gatewayAccountId,
      data: { vendor, name: input.name, vendor_account: input.vendorAccount, takes: input.takes },
    },
  ]);
  return { gatewayAccountId };
}
