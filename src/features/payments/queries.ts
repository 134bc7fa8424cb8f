import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { foundCustomers } from '#db/found-customers.ts';
import { readBankReturn } from '#features/bank-rules/queries.ts';
import { declineAdvice, type PaymentKind, type PaymentState } from '#features/payments/rules.ts';
import { snake } from '#lib/casing.ts';
import { notFound } from '#lib/errors.ts';

export type PaymentRow = {
  id: string;
  customerId: string;
  customerName: string;
  kind: PaymentKind;
  source: string;
  state: PaymentState;
  amount: bigint;
  applied: bigint;
  fee: bigint;
  refunded: bigint;
  unappliedRefunded: bigint;
  currency: string;
  receivedOn: string;
  reference: string | null;
  memo: string | null;
  methodBrand: string | null;
  methodLast4: string | null;
  payerName: string | null;
  payerEmail: string | null;
  declineCode: string | null;
  declineMessage: string | null;
  returnCode: string | null;
  paymentMethodId: string | null;
  paymentLinkId: string | null;
  voidRequestedAt: Date | null;
  voidRefusedAt: Date | null;
  voidRefusal: string | null;
  requestedAt: Date;
  postedAt: Date | null;
  settledAt: Date | null;
  endedAt: Date | null;
};

const columns =
  sql.raw(`p.id, p.customer_id, c.display_name as customer_name, p.kind, p.source, p.state, p.amount,
  p.applied, p.fee, p.refunded, p.unapplied_refunded,
  p.currency, p.received_on, p.reference, p.memo, p.method_brand, p.method_last4, p.payer_name, p.payer_email,
  p.decline_code, p.decline_message, p.return_code, p.payment_method_id, p.payment_link_id,
  p.void_requested_at, p.void_refused_at, p.void_refusal,
  p.requested_at, p.posted_at, p.settled_at, p.ended_at`);
const joined = sql.raw('join customers c on c.organization_id = p.organization_id and c.id = p.customer_id');

export async function readPayment(tx: Tx, organizationId: string, id: string): Promise<PaymentRow> {
  const row = await tx.row<PaymentRow>(sql`select ${columns} from payments p ${joined}
    where p.organization_id = ${organizationId} and p.id = ${id}`);
  if (!row) throw notFound('payment', id);
  return row;
}

export type ApplicationRow = {
  invoiceId: string;
  invoiceNumber: string;
  amount: bigint;
  state: 'reserved' | 'applied' | 'ended';
};
export async function readApplications(
  tx: Tx,
  organizationId: string,
  paymentId: string,
): Promise<ApplicationRow[]> {
  return tx.rows<ApplicationRow>(sql`
    select a.invoice_id, i.number as invoice_number, a.amount, a.state from payment_applications a
    join invoices i on i.organization_id = a.organization_id and i.id = a.invoice_id
    where a.organization_id = ${organizationId} and a.payment_id = ${paymentId} order by a.id limit 500`);
}

export function presentPayment(row: PaymentRow) {
  const posted = row.postedAt !== null && row.endedAt === null;
  return {
    object: 'payment' as const,
    ...snake(row),
    unapplied: posted ? row.amount - row.fee - row.applied - row.unappliedRefunded : 0n,
    method: row.methodBrand ? { brand: row.methodBrand, last4: row.methodLast4 } : null,
    payer: { name: row.payerName, email: row.payerEmail },
    decline:
      row.state === 'declined'
        ? {
            code: row.declineCode ?? 'unknown',
            message: row.declineMessage ?? 'The payment was declined.',
            advice: declineAdvice(row.declineCode ?? ''),
          }
        : null,
  };
}

export async function getPayment(tx: Tx, organizationId: string, id: string) {
  const row = await readPayment(tx, organizationId, id);
  return {
    ...presentPayment(row),
    bank_return: row.returnCode === null ? null : await readBankReturn(tx, organizationId, id),
    applications: (await readApplications(tx, organizationId, id)).map(snake),
  };
}

export type PaymentFilter = {
  limit: number;
  startingAfter?: string | undefined;
  q?: string | undefined;
  customerId?: string | undefined;
  status: 'all' | 'in_progress' | 'succeeded' | 'failed' | 'undeposited';
  from?: string | undefined;
  to?: string | undefined;
};

// Written out, not parameters: partial indexes know the first and the last by these very words.
const ofStatus = {
  all: sql`true`,
  in_progress: sql`p.state in ('pending', 'unknown', 'submitted', 'accepted', 'collected')`,
  succeeded: sql`p.state in ('approved', 'settling', 'settled')`,
  failed: sql`p.state in ('declined', 'returned', 'voided')`,
  undeposited: sql`p.deposit_id is null and p.kind in ('check', 'cash', 'wire', 'other')
    and p.posted_at is not null and p.ended_at is null`,
};

/** Newest first by the day received, a page at a time. */
export async function listPayments(tx: Tx, organizationId: string, filter: PaymentFilter) {
  const conditions: RawBuilder<unknown>[] = [
    sql`p.organization_id = ${organizationId}`,
    ofStatus[filter.status],
  ];
  if (filter.customerId) conditions.push(sql`p.customer_id = ${filter.customerId}`);
  if (filter.from) conditions.push(sql`p.received_on >= ${filter.from}`);
  if (filter.to) conditions.push(sql`p.received_on <= ${filter.to}`);
  if (filter.startingAfter) {
    const after = await readPayment(tx, organizationId, filter.startingAfter);
    conditions.push(sql`(p.received_on, p.id) < (${after.receivedOn}, ${after.id})`);
  }
  // What is found is few: gathered by its own indexes and then sorted, never met on a walk through all by
  // date.
  const matching = filter.q
    ? sql`select p.* from (${search(filter.q, organizationId)}) f join payments p on p.id = f.id where
      ${sql.join(conditions, sql` and `)} offset 0`
    : sql`select p.* from payments p where ${sql.join(conditions, sql` and `)}`;
  const rows = await tx.list<PaymentRow>(sql`
    select ${columns} from (select p.* from (${matching}) p
      order by p.received_on desc, p.id desc limit ${filter.limit + 1}) p ${joined}
    order by p.received_on desc, p.id desc`);
  return {
    object: 'list' as const,
    data: rows.slice(0, filter.limit).map(presentPayment),
    has_more: rows.length > filter.limit,
  };
}

/**
 * By id, by reference (the number on a check), or by the customer. Each part is cut to what an index finds
 * quickly.
 */
function search(q: string, organizationId: string): RawBuilder<unknown> {
  return sql`
    (select n.id from payments n where n.organization_id = ${organizationId} and n.id = ${q})
    union
    (select n.id from payments n where n.organization_id = ${organizationId} and n.reference = ${q} limit 500)
    union
    (select n.id from payments n where n.organization_id = ${organizationId} and n.customer_id in (
      ${foundCustomers(organizationId, q, 100)}) limit 2000)`;
}

export type MethodRow = {
  id: string;
  customerId: string;
  kind: 'card' | 'bank_account';
  brand: string;
  last4: string;
  expiryYear: number | null;
  expiryMonth: number | null;
  state: 'active' | 'needs_authorization' | 'removed' | 'blocked';
  isDefault: boolean;
  addedBy: string;
  createdAt: Date;
  storedToken: string;
  gatewayAccountId: string;
};

const methodColumns =
  sql.raw(`m.id, m.customer_id, m.kind, m.brand, m.last4, m.expiry_year, m.expiry_month, m.state, m.added_by,
  m.created_at, m.stored_token, m.gateway_account_id, d.customer_id is not null as is_default`);

/** A customer's stored methods, the usual one first. */
export async function readMethods(tx: Tx, organizationId: string, customerId: string): Promise<MethodRow[]> {
  return tx.rows<MethodRow>(sql`select ${methodColumns} from payment_methods m
    left join default_payment_methods d on d.organization_id = m.organization_id and d.payment_method_id = m.id
    where m.organization_id = ${organizationId} and m.customer_id = ${customerId} and m.state <> 'removed'
    order by (d.customer_id is not null) desc, m.id desc limit 50`);
}

export async function readMethod(tx: Tx, organizationId: string, id: string): Promise<MethodRow> {
  const row = await tx.row<MethodRow>(sql`select ${methodColumns} from payment_methods m
    left join default_payment_methods d on d.organization_id = m.organization_id and d.payment_method_id = m.id
    where m.organization_id = ${organizationId} and m.id = ${id}`);
  if (!row) throw notFound('payment method', id);
  return row;
}

export const isExpired = (method: MethodRow, today: string): boolean =>
  method.expiryYear !== null &&
  method.expiryMonth !== null &&
  `${method.expiryYear}-${String(method.expiryMonth).padStart(2, '0')}` < today.slice(0, 7);

export const presentMethod = (row: MethodRow, today: string) => ({
  object: 'payment_method' as const,
  ...snake(row),
  state: row.state === 'active' && isExpired(row, today) ? ('expired' as const) : row.state,
  expiry: row.expiryYear && row.expiryMonth ? { year: row.expiryYear, month: row.expiryMonth } : null,
});
