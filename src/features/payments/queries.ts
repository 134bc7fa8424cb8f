import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { FeeKind, PaymentOrigin } from '#features/payments/payment-name-rules.ts';
import type { PaymentKind, PaymentState } from '#features/payments/rules.ts';
import { snake } from '#lib/casing.ts';
import { notFound } from '#lib/errors.ts';

export type PaymentRow = {
  id: string;
  customerId: string;
  customerName: string;
  kind: PaymentKind;
  source: PaymentOrigin;
  state: PaymentState;
  amount: bigint;
  applied: bigint;
  fee: bigint;
  feeKind: FeeKind | null;
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
  gatewayCode: string | null;
  gatewayMessage: string | null;
  gatewayAccountId: string | null;
  nextLookupAt: Date | null;
  paymentMethodId: string | null;
  paymentLinkId: string | null;
  refundAtOnce: boolean;
  voidRequestedAt: Date | null;
  voidRefusedAt: Date | null;
  voidRefusal: string | null;
  requestedAt: Date;
  postedAt: Date | null;
  settledAt: Date | null;
  endedAt: Date | null;
};

export const paymentColumns =
  sql.raw(`p.id, p.customer_id, c.display_name as customer_name, p.kind, p.source, p.state, p.amount,
  p.applied, p.fee, p.fee_kind, p.refunded, p.unapplied_refunded,
  p.currency, p.received_on, p.reference, p.memo, p.method_brand, p.method_last4, p.payer_name, p.payer_email,
  p.decline_code, p.decline_message, p.return_code, p.gateway_code, p.gateway_message, p.gateway_account_id,
  p.next_lookup_at, p.payment_method_id, p.payment_link_id, p.refund_at_once,
  p.void_requested_at, p.void_refused_at, p.void_refusal,
  p.requested_at, p.posted_at, p.settled_at, p.ended_at`);
export const withCustomer = sql.raw(
  'join customers c on c.organization_id = p.organization_id and c.id = p.customer_id',
);

export async function readPayment(tx: Tx, organizationId: string, id: string): Promise<PaymentRow> {
  const row = await tx.row<PaymentRow>(sql`select ${paymentColumns} from payments p ${withCustomer}
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

/** What each of these payments is put against, by payment. */
export async function readApplications(
  tx: Tx,
  organizationId: string,
  paymentIds: readonly string[],
): Promise<Map<string, ApplicationRow[]>> {
  const rows = await tx.rows<ApplicationRow & { paymentId: string }>(sql`
    select a.payment_id, a.invoice_id, i.number as invoice_number, a.amount, a.state
    from unnest(${[...paymentIds]}::text[]) as p(id) cross join lateral (
      select * from payment_applications where organization_id = ${organizationId} and payment_id = p.id
      order by id limit 500) a
    join invoices i on i.organization_id = a.organization_id and i.id = a.invoice_id order by a.id`);
  const byPayment = new Map<string, ApplicationRow[]>();
  for (const { paymentId, ...application } of rows)
    byPayment.set(paymentId, [...(byPayment.get(paymentId) ?? []), application]);
  return byPayment;
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
