import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { foundCustomers } from '#db/found-customers.ts';
import { type PaymentOrigin, paymentKinds, paymentSources } from '#features/payments/payment-name-rules.ts';
import { readPayment } from '#features/payments/queries.ts';
import {
  limitFor,
  presentPayment,
  type ReportRow,
  reportColumns,
  reportJoins,
} from '#features/payments/report-queries.ts';
import type { PaymentKind } from '#features/payments/rules.ts';

export type PaymentStatus =
  | 'all'
  | 'in_progress'
  | 'unanswered'
  | 'succeeded'
  | 'rejected'
  | 'voided'
  | 'undeposited';
export type PaymentFilter = {
  q?: string | undefined;
  customerId?: string | undefined;
  status: PaymentStatus;
  currency?: string | undefined;
  kind?: PaymentKind | undefined;
  source?: PaymentOrigin | undefined;
  gatewayAccountId?: string | undefined;
  amountFrom?: number | undefined;
  amountTo?: number | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** These alone. */
  ids?: readonly string[] | undefined;
};
type Page = { limit: number; startingAfter?: string | undefined };

// Written out, not parameters: partial indexes know their rows by these very words.
const ofStatus: Record<PaymentStatus, RawBuilder<unknown>> = {
  all: sql`true`,
  in_progress: sql`p.state in ('pending', 'unknown', 'submitted', 'accepted', 'collected')`,
  unanswered: sql`p.state = 'unknown' and p.next_lookup_at is null`,
  succeeded: sql`p.state in ('approved', 'settling', 'settled')`,
  rejected: sql`p.state in ('declined', 'returned')`,
  voided: sql`p.state = 'voided'`,
  undeposited: sql`p.deposit_id is null and p.kind in ('check', 'cash', 'wire', 'other')
    and p.posted_at is not null and p.ended_at is null`,
};

function conditionsOf(organizationId: string, filter: PaymentFilter): RawBuilder<unknown>[] {
  const conditions = [sql`p.organization_id = ${organizationId}`, ofStatus[filter.status], ...facets(filter)];
  if (filter.customerId) conditions.push(sql`p.customer_id = ${filter.customerId}`);
  if (filter.currency) conditions.push(sql`p.currency = ${filter.currency}`);
  if (filter.amountFrom !== undefined) conditions.push(sql`p.amount >= ${filter.amountFrom}`);
  if (filter.amountTo !== undefined) conditions.push(sql`p.amount <= ${filter.amountTo}`);
  if (filter.from) conditions.push(sql`p.received_on >= ${filter.from}`);
  if (filter.to) conditions.push(sql`p.received_on <= ${filter.to}`);
  if (filter.ids) conditions.push(sql`p.id = any(${[...filter.ids]})`);
  return conditions;
}

/** Kind, source and gateway account, in the order of their one index: what is not asked for may be any. */
function facets({ kind, source, gatewayAccountId }: PaymentFilter): RawBuilder<unknown>[] {
  if (!kind && !source && !gatewayAccountId) return [];
  return [
    kind ? sql`p.kind = ${kind}` : sql`p.kind = any(${[...paymentKinds]})`,
    ...(source
      ? [sql`p.source = ${source}`]
      : gatewayAccountId
        ? [sql`p.source = any(${[...paymentSources]})`]
        : []),
    ...(gatewayAccountId ? [sql`p.gateway_account_id = ${gatewayAccountId}`] : []),
  ];
}

/** The rows that a filter finds. What is searched for is few: gathered by its own indexes, then sorted. */
const matching = (organizationId: string, q: string | undefined, conditions: RawBuilder<unknown>[]) =>
  q
    ? sql`select p.* from (${search(q, organizationId)}) f join payments p on p.id = f.id where
      ${sql.join(conditions, sql` and `)} offset 0`
    : sql`select p.* from payments p where ${sql.join(conditions, sql` and `)}`;

/**
 * By id, by reference (the number on a check, or the gateway's), by an invoice's number, or by the customer.
 * Each part is cut to what an index finds quickly.
 */
function search(q: string, organizationId: string): RawBuilder<unknown> {
  const own = sql`n.organization_id = ${organizationId}`;
  return sql`
    (select n.id from payments n where ${own} and n.id = ${q})
    union
    (select n.id from payments n where ${own} and n.reference = ${q} limit 500)
    union
    (select n.id from payments n where ${own} and n.gateway_reference = ${q} limit 500)
    union
    (select n.payment_id from invoices v join payment_applications n
      on n.organization_id = v.organization_id and n.invoice_id = v.id
      where v.organization_id = ${organizationId} and v.number = ${q} limit 500)
    union
    (select n.id from payments n where ${own} and n.customer_id in (
      ${foundCustomers(organizationId, q, 100)}) limit 2000)`;
}

/** Newest first by the day received, a page at a time. */
export async function readPaymentRows(
  tx: Tx,
  organizationId: string,
  filter: PaymentFilter & Page,
): Promise<ReportRow[]> {
  const conditions = conditionsOf(organizationId, filter);
  if (filter.startingAfter) {
    const after = await readPayment(tx, organizationId, filter.startingAfter);
    conditions.push(sql`(p.received_on, p.id) < (${after.receivedOn}, ${after.id})`);
  }
  return tx.list<ReportRow>(sql`
    select ${reportColumns} from (select p.* from (${matching(organizationId, filter.q, conditions)}) p
      order by p.received_on desc, p.id desc limit ${filter.limit}) p ${reportJoins}
    order by p.received_on desc, p.id desc`);
}

export async function listPayments(tx: Tx, organizationId: string, filter: PaymentFilter & Page) {
  const found = await readPaymentRows(tx, organizationId, { ...filter, limit: filter.limit + 1 });
  const rows = found.slice(0, filter.limit);
  const limit = await limitFor(tx, rows);
  return {
    object: 'list' as const,
    data: rows.map((row) => presentPayment(row, limit)),
    has_more: found.length > filter.limit,
  };
}

/** Beyond this nobody waits for the exact number. */
export const mostCounted = 10_000;

type Total = { currency: string; count: number; amount: bigint; succeeded: bigint; refunded: bigint };

/** How many, and how much: exact up to a bound, so that millions of rows answer as fast. */
export async function totalPayments(tx: Tx, organizationId: string, filter: PaymentFilter) {
  const totals = await tx.list<Total>(sql`
    select p.currency, count(*)::int as count, sum(p.amount)::bigint as amount, sum(p.refunded)::bigint as refunded,
      coalesce(sum(p.amount) filter (where ${ofStatus.succeeded}), 0)::bigint as succeeded
    from (${matching(organizationId, filter.q, conditionsOf(organizationId, filter))}
      limit ${mostCounted + 1}) p group by p.currency order by count(*) desc, p.currency`);
  const count = totals.reduce((sum, total) => sum + total.count, 0);
  const isComplete = count <= mostCounted;
  return {
    object: 'payment_totals' as const,
    // One more is looked at than is told.
    count: isComplete ? count : count - 1,
    is_complete: isComplete,
    by_currency: isComplete ? totals : [],
  };
}
