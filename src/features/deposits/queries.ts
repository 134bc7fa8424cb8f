import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { snake } from '#lib/casing.ts';
import { notFound } from '#lib/errors.ts';

type DepositRow = {
  id: string;
  kind: 'payout' | 'hand';
  gatewayAccountId: string | null;
  gatewayName: string | null;
  gatewayReference: string | null;
  state: 'in_transit' | 'paid' | 'failed' | 'undone';
  amount: bigint;
  gross: bigint;
  fees: bigint;
  returned: bigint;
  difference: bigint;
  currency: string;
  madeOn: string;
  arrivesOn: string;
  memo: string | null;
  exception: string | null;
  ownerId: string | null;
  ownerName: string | null;
  resolvedAt: Date | null;
  resolution: string | null;
  postedAt: Date | null;
  createdAt: Date;
};

const columns =
  sql.raw(`d.id, d.kind, d.gateway_account_id, g.name as gateway_name, d.gateway_reference, d.state,
  d.amount, d.gross, d.fees, d.returned, d.difference, d.currency, d.made_on, d.arrives_on, d.memo, d.exception,
  d.owner_id, staff_name(d.owner_id) as owner_name, d.resolved_at, d.resolution, d.posted_at, d.created_at`);
const ofGateway = sql.raw(`left join gateway_accounts g on g.organization_id = d.organization_id
  and g.id = d.gateway_account_id`);

const present = (row: DepositRow) => ({ object: 'deposit' as const, ...snake(row) });

export type DepositFilter = {
  limit: number;
  startingAfter?: string | undefined;
  status: 'all' | 'exceptions' | 'in_transit' | 'payouts' | 'hand';
  from?: string | undefined;
  to?: string | undefined;
};

const ofStatus: Record<DepositFilter['status'], RawBuilder<unknown>> = {
  all: sql`true`,
  exceptions: sql`d.exception is not null and d.resolved_at is null`,
  in_transit: sql`d.state = 'in_transit'`,
  payouts: sql`d.kind = 'payout'`,
  hand: sql`d.kind = 'hand'`,
};

/** Newest arrival first. */
export async function listDeposits(tx: Tx, organizationId: string, filter: DepositFilter) {
  const conditions: RawBuilder<unknown>[] = [
    sql`d.organization_id = ${organizationId}`,
    ofStatus[filter.status],
  ];
  if (filter.from) conditions.push(sql`d.arrives_on >= ${filter.from}`);
  if (filter.to) conditions.push(sql`d.arrives_on <= ${filter.to}`);
  if (filter.startingAfter) {
    const after = await readDeposit(tx, organizationId, filter.startingAfter);
    conditions.push(sql`(d.arrives_on, d.id) < (${after.arrives_on}, ${after.id})`);
  }
  const rows = await tx.list<DepositRow>(sql`
    select ${columns} from deposits d ${ofGateway} where ${sql.join(conditions, sql` and `)}
    order by d.arrives_on desc, d.id desc limit ${filter.limit + 1}`);
  return {
    object: 'list' as const,
    data: rows.slice(0, filter.limit).map(present),
    has_more: rows.length > filter.limit,
  };
}

export async function readDeposit(tx: Tx, organizationId: string, id: string) {
  const row = await tx.row<DepositRow>(sql`select ${columns} from deposits d ${ofGateway}
    where d.organization_id = ${organizationId} and d.id = ${id}`);
  if (!row) throw notFound('deposit', id);
  return present(row);
}

type LineRow = {
  lineNo: number;
  reference: string;
  kind: string;
  paymentId: string | null;
  customerId: string | null;
  customerName: string | null;
  gross: bigint;
  fee: bigint;
  net: bigint;
  description: string;
  onDate: string;
};

/** What a deposit is made of, a page at a time: each line with its payment and who paid it. */
export async function listDepositLines(
  tx: Tx,
  one: { organizationId: string; depositId: string },
  page: { limit: number; after: number },
) {
  await readDeposit(tx, one.organizationId, one.depositId);
  const rows = await tx.rows<LineRow>(sql`
    select l.line_no, l.reference, l.kind, l.payment_id, p.customer_id, c.display_name as customer_name, l.gross, l.fee,
      l.net, l.description, l.on_date
    from deposit_lines l
    left join payments p on p.organization_id = l.organization_id and p.id = l.payment_id
    left join customers c on c.organization_id = p.organization_id and c.id = p.customer_id
    where l.organization_id = ${one.organizationId} and l.deposit_id = ${one.depositId} and l.line_no > ${page.after}
    order by l.line_no limit ${page.limit + 1}`);
  return {
    object: 'list' as const,
    data: rows.slice(0, page.limit).map(snake),
    has_more: rows.length > page.limit,
  };
}
