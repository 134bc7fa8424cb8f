import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { ChargeKind } from '#features/payments/payment-gateway.ts';

/** Send these kinds of payment, and no others, to an account from now on; whoever took them before. */
export async function routeKinds(
  tx: Tx,
  input: { organizationId: string; gatewayAccountId: string; takes: readonly ChargeKind[] },
): Promise<void> {
  const { organizationId, gatewayAccountId, takes } = input;
  await tx.run(sql`delete from gateway_routes where organization_id = ${organizationId}
    and gateway_account_id = ${gatewayAccountId} and kind <> all(${[...takes]})`);
  await tx.run(sql`
    insert into gateway_routes (organization_id, kind, gateway_account_id)
    select ${organizationId}, k, ${gatewayAccountId} from unnest(${[...takes]}::text[]) as k
    on conflict (organization_id, kind) do update set gateway_account_id = excluded.gateway_account_id`);
}
