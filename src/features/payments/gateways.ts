import { sql } from 'kysely';
import { type Database, systemActor, type Tx } from '#db/db.ts';
import type { ChargeKind, PaymentGateway } from '#features/payments/payment-gateway.ts';
import { Refusal } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

export type GatewayAccount = { id: string; vendor: string; credentials: Buffer; publishableKey: string };

/** Every vendor that Owed can speak to; compose.ts lists them, and nobody else knows a connector. */
export type Gateways = {
  vendors: readonly GatewayVendor[];
  vendorOf(name: string): GatewayVendor;
  open(account: GatewayAccount): PaymentGateway;
  credentialsOf(account: GatewayAccount): Credentials;
};

export type Credentials = Record<string, string>;

/** What a form asks for to connect a vendor. */
export type CredentialField = {
  name: string;
  label: string;
  /** Never shown again once it is saved. */
  secret: boolean;
  help: string;
  /** May come later: the webhook's secret is known only once its address is entered at the vendor. */
  later?: boolean;
  /** Where a choice is asked for, such as production or sandbox. */
  options?: readonly { value: string; label: string }[];
};

/** A page of ours that carries a vendor's own fields, framed by the pay page. */
export type FieldsPage = { html: string; contentSecurityPolicy: string };

/** One vendor that Owed can speak to: what connecting it takes, and how to tell whether it worked. */
export type GatewayVendor = {
  vendor: string;
  name: string;
  kinds: readonly ChargeKind[];
  credentials: readonly CredentialField[];
  make(credentials: Credentials): PaymentGateway;
  /** The part that may be seen in a browser; it also tells one account of a vendor from another. */
  publishableKey(credentials: Credentials): string;
  /** Asks the vendor whether these credentials work, and says what is wrong to whoever typed them. */
  check(credentials: Credentials): Promise<GatewayCheck>;
  /** Of fields that the vendor serves from an origin of its own, which our pages then may frame. */
  fieldsOrigin?: string;
  fieldsPage?(input: {
    credentials: Credentials;
    kind: 'card' | 'bank_account';
    parentOrigin: string;
    nonce: string;
  }): FieldsPage;
};

export type GatewayCheck =
  | { ok: true; accountName: string; mode: 'live' | 'test'; notes: string[] }
  | { ok: false; field?: string; message: string };

export function makeGateways(vendors: readonly GatewayVendor[], secrets: Pick<Secrets, 'decrypt'>): Gateways {
  const opened = new Map<string, PaymentGateway>();
  const vendorOf = (name: string): GatewayVendor => {
    const vendor = vendors.find((each) => each.vendor === name);
    if (!vendor)
      throw new Refusal('unavailable', `The payment gateway ${name} is not part of this installation.`);
    return vendor;
  };
  const credentialsOf = (account: GatewayAccount): Credentials =>
    JSON.parse(secrets.decrypt(account.credentials)) as Credentials;
  return {
    vendors,
    vendorOf,
    credentialsOf,
    open(account) {
      // By what opens it: new credentials are another gateway.
      const key = `${account.vendor} ${account.credentials.toString('base64')}`;
      const known = opened.get(key);
      if (known) return known;
      const gateway = vendorOf(account.vendor).make(credentialsOf(account));
      opened.set(key, gateway);
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

export type RoutedGateways = Partial<Record<ChargeKind, GatewayAccount>>;

/** The gateway accounts that take an organization's payments today, by kind. */
export async function routedGateways(tx: Tx, organizationId: string): Promise<RoutedGateways> {
  const rows = await tx.rows<GatewayAccount & { kind: ChargeKind }>(sql`
    select r.kind, g.id, g.vendor, g.credentials, g.publishable_key from gateway_routes r
    join gateway_accounts g on g.organization_id = r.organization_id and g.id = r.gateway_account_id
    where r.organization_id = ${organizationId} and g.disconnected_at is null`);
  return Object.fromEntries(rows.map(({ kind, ...account }) => [kind, account]));
}

/**
 * Whether some organization's gateway account carries this publishable key: the sandbox gateway serves those
 * alone.
 */
export async function isGatewayKey(db: Database, publishableKey: string): Promise<boolean> {
  const known = await db.transaction(systemActor('sandbox-gateway'), (tx) =>
    tx.row(sql`select 1 as known from gateway_accounts
    where vendor = 'sandbox' and publishable_key = ${publishableKey} and disconnected_at is null`),
  );
  return known !== undefined;
}
