import { sql } from 'kysely';
import { type Database, systemActor, type Tx } from '#db/db.ts';
import type { PaymentGateway } from '#features/payments/payment-gateway.ts';
import { Refusal } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

export type GatewayAccount = { id: string; vendor: string; credentials: Buffer; publishableKey: string };

/** Every vendor that Owed can speak to; main.ts lists them, and nobody else knows a connector. */
export type Gateways = { open(account: GatewayAccount): PaymentGateway };

export type GatewayMaker = (credentials: Record<string, string>) => PaymentGateway;

export function makeGateways(
  makers: Record<string, GatewayMaker>,
  secrets: Pick<Secrets, 'decrypt'>,
): Gateways {
  const opened = new Map<string, PaymentGateway>();
  return {
    open(account) {
      const known = opened.get(account.publishableKey);
      if (known) return known;
      const make = makers[account.vendor];
      if (!make)
        throw new Refusal(
          'unavailable',
          `The payment gateway ${account.vendor} is not part of this installation.`,
        );
      const gateway = make(JSON.parse(secrets.decrypt(account.credentials)) as Record<string, string>);
      opened.set(account.publishableKey, gateway);
      return gateway;
    },
  };
}

const columns = sql.raw('id, vendor, credentials, publishable_key');

export async function readGatewayAccount(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<GatewayAccount> {
  const account = await tx.row<GatewayAccount>(sql`select ${columns} from gateway_accounts
    where organization_id = ${organizationId} and id = ${id}`);
  if (!account) throw new Error(`gateway account ${id} is gone`);
  return account;
}

/** The gateway that takes an organization's payments today; undefined while none is connected. */
export async function connectedGateway(tx: Tx, organizationId: string): Promise<GatewayAccount | undefined> {
  return tx.row<GatewayAccount>(sql`select ${columns} from gateway_accounts
    where organization_id = ${organizationId} and disconnected_at is null order by id limit 1`);
}

/**
 * Whether some organization's gateway account carries this publishable key: the sandbox gateway serves those
 * alone.
 */
export async function isGatewayKey(db: Database, publishableKey: string): Promise<boolean> {
  const known = await db.transaction(systemActor('sandbox-gateway'), (tx) =>
    tx.row(sql`select 1 as known from gateway_accounts
    where publishable_key = ${publishableKey} and disconnected_at is null`),
  );
  return known !== undefined;
}
