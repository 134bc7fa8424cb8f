import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Gateways } from '#features/payments/gateways.ts';
import type { ChargeKind } from '#features/payments/payment-gateway.ts';
import { snake } from '#lib/casing.ts';
import { notFound } from '#lib/errors.ts';

export type AccountRow = {
  id: string;
  vendor: string;
  name: string;
  publishableKey: string;
  credentials: Buffer;
  takes: ChargeKind[];
  vendorAccount: string | null;
  checkedAt: Date | null;
  problem: string | null;
  createdAt: Date;
  disconnectedAt: Date | null;
};

const columns =
  sql.raw(`g.id, g.vendor, g.name, g.publishable_key, g.credentials, g.vendor_account, g.checked_at,
  g.check_problem as problem, g.created_at, g.disconnected_at,
  array(select r.kind from gateway_routes r where r.organization_id = g.organization_id and r.gateway_account_id = g.id
    order by r.kind desc) as takes`);

export const readAccounts = (tx: Tx, organizationId: string): Promise<AccountRow[]> =>
  tx.rows<AccountRow>(sql`select ${columns} from gateway_accounts g where g.organization_id = ${organizationId}
    order by g.disconnected_at nulls first, g.id limit 100`);

export async function readAccount(tx: Tx, organizationId: string, id: string): Promise<AccountRow> {
  const row = await tx.row<AccountRow>(sql`select ${columns} from gateway_accounts g
    where g.organization_id = ${organizationId} and g.id = ${id}`);
  if (!row) throw notFound('gateway account', id);
  return row;
}

export function presentAccount(row: AccountRow, how: { gateways: Gateways; baseUrl: string }) {
  const { credentials: _sealed, ...seen } = row;
  const vendor = how.gateways.vendors.find((each) => each.vendor === row.vendor);
  return {
    object: 'gateway_account' as const,
    ...snake(seen),
    vendor_name: vendor?.name ?? row.vendor,
    kinds: [...(vendor?.kinds ?? [])],
    webhook_url: `${how.baseUrl}/webhooks/gateways/${row.id}`,
  };
}

type WebhookRow = {
  id: string;
  gatewayAccountId: string;
  gatewayName: string;
  eventKey: string;
  type: string;
  about: string[];
  paymentIds: string[];
  state: 'received' | 'worked' | 'failed';
  attempts: number;
  error: string | null;
  receivedAt: Date;
  workedAt: Date | null;
};

const webhookColumns =
  sql.raw(`w.id, w.gateway_account_id, g.name as gateway_name, w.event_key, w.type, w.about,
  w.payment_ids, w.state, w.attempts, w.error, w.received_at, w.worked_at`);
const ofAccount = sql.raw(`join gateway_accounts g on g.organization_id = w.organization_id
  and g.id = w.gateway_account_id`);

export async function listWebhooksIn(
  tx: Tx,
  organizationId: string,
  filter: {
    limit: number;
    startingAfter?: string | undefined;
    state: 'all' | 'unworked';
    gatewayAccountId?: string | undefined;
  },
) {
  const rows = await tx.list<WebhookRow>(sql`
    select ${webhookColumns} from webhooks_in w ${ofAccount} where w.organization_id = ${organizationId}
    ${filter.state === 'unworked' ? sql`and w.state <> 'worked'` : sql``}
    ${filter.gatewayAccountId ? sql`and w.gateway_account_id = ${filter.gatewayAccountId}` : sql``}
    ${filter.startingAfter ? sql`and w.id < ${filter.startingAfter}` : sql``}
    order by w.id desc limit ${filter.limit + 1}`);
  return {
    object: 'list' as const,
    data: rows.slice(0, filter.limit).map(presentWebhook),
    has_more: rows.length > filter.limit,
  };
}

const presentWebhook = (row: WebhookRow) => ({ object: 'webhook_in' as const, ...snake(row) });

export async function readWebhookIn(tx: Tx, organizationId: string, id: string) {
  const row = await tx.row<WebhookRow & { raw: string }>(sql`
    select ${webhookColumns}, w.raw from webhooks_in w ${ofAccount}
    where w.organization_id = ${organizationId} and w.id = ${id}`);
  if (!row) throw notFound('webhook', id);
  return presentWebhook(row) as ReturnType<typeof presentWebhook> & { raw: string };
}
