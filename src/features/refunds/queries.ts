import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { readPayment } from '#features/payments/queries.ts';
import type { FeeHandling } from '#features/refunds/plan-rules.ts';
import { readGivable } from '#features/refunds/read-refundable.ts';
import { decideGiveBack, type RefundState } from '#features/refunds/rules.ts';
import { snake } from '#lib/casing.ts';
import { must, notFound } from '#lib/errors.ts';

export type RefundRow = {
  id: string;
  paymentId: string;
  customerId: string;
  customerName: string;
  state: RefundState;
  amount: bigint;
  feeAmount: bigint;
  fromUnapplied: bigint;
  feeHandling: FeeHandling;
  currency: string;
  byHand: boolean;
  reason: string | null;
  reference: string | null;
  failureCode: string | null;
  failureMessage: string | null;
  requestedAt: Date;
  postedAt: Date | null;
  settledAt: Date | null;
  endedAt: Date | null;
};

const columns =
  sql.raw(`r.id, r.payment_id, r.customer_id, c.display_name as customer_name, r.state, r.amount,
  r.fee_amount, r.from_unapplied, r.fee_handling, r.currency, r.gateway_account_id is null as by_hand, r.reason,
  r.reference, r.failure_code, r.failure_message, r.requested_at, r.posted_at, r.settled_at, r.ended_at`);
const joined = sql.raw('join customers c on c.organization_id = r.organization_id and c.id = r.customer_id');

export async function readRefund(tx: Tx, organizationId: string, id: string): Promise<RefundRow> {
  const row = await tx.row<RefundRow>(sql`select ${columns} from refunds r ${joined}
    where r.organization_id = ${organizationId} and r.id = ${id}`);
  if (!row) throw notFound('refund', id);
  return row;
}

export const presentRefund = (row: RefundRow) => ({
  object: 'refund' as const,
  ...snake(row),
  failure: row.failureCode ? { code: row.failureCode, message: row.failureMessage ?? '' } : null,
});

export async function getRefund(tx: Tx, organizationId: string, id: string) {
  const row = await readRefund(tx, organizationId, id);
  const lines = await tx.rows<{ invoiceId: string; invoiceNumber: string; amount: bigint }>(sql`
    select l.invoice_id, i.number as invoice_number, l.amount from refund_lines l
    join invoices i on i.organization_id = l.organization_id and i.id = l.invoice_id
    where l.organization_id = ${organizationId} and l.refund_id = ${id} order by l.line_no limit 500`);
  return { ...presentRefund(row), lines: lines.map(snake) };
}

export type RefundFilter = {
  limit: number;
  startingAfter?: string | undefined;
  paymentId?: string | undefined;
  customerId?: string | undefined;
  state?: RefundState | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

/** Newest first, a page at a time; days are those of the organization. */
export async function listRefunds(
  tx: Tx,
  organization: { id: string; timeZone: string },
  filter: RefundFilter,
) {
  const day = sql`(r.requested_at at time zone ${organization.timeZone})::date`;
  const conditions: RawBuilder<unknown>[] = [sql`r.organization_id = ${organization.id}`];
  if (filter.paymentId) conditions.push(sql`r.payment_id = ${filter.paymentId}`);
  if (filter.customerId) conditions.push(sql`r.customer_id = ${filter.customerId}`);
  if (filter.state) conditions.push(sql`r.state = ${filter.state}`);
  if (filter.from) conditions.push(sql`${day} >= ${filter.from}`);
  if (filter.to) conditions.push(sql`${day} <= ${filter.to}`);
  if (filter.startingAfter) {
    const after = await readRefund(tx, organization.id, filter.startingAfter);
    conditions.push(sql`r.id < ${after.id}`);
  }
  const rows = await tx.list<RefundRow>(sql`select ${columns} from refunds r ${joined}
    where ${sql.join(conditions, sql` and `)} order by r.id desc limit ${filter.limit + 1}`);
  return {
    object: 'list' as const,
    data: rows.slice(0, filter.limit).map(presentRefund),
    has_more: rows.length > filter.limit,
  };
}

/** What may be given back of a payment as it stands. */
export async function getGiveBack(tx: Tx, organizationId: string, paymentId: string) {
  const row = await readPayment(tx, organizationId, paymentId);
  const payment = must((await readGivable(tx, organizationId, [paymentId])).get(paymentId), 'the payment');
  const { offer, mayStrike, reason } = decideGiveBack(payment);
  return {
    object: 'give_back' as const,
    payment_id: paymentId,
    offer: offer ?? null,
    may_strike: mayStrike && payment.depositId === null,
    by_hand: payment.gatewayAccountId === null,
    reason,
    void_refusal: row.endedAt === null && row.voidRefusedAt !== null ? row.voidRefusal : null,
    amount: payment.amount,
    currency: payment.currency,
    refunded: payment.refunded,
    fee: payment.fee,
    fee_refunded: payment.feeRefunded,
    inclusive_principal: payment.inclusivePrincipal,
    discounted: payment.discounted,
    unapplied: payment.unapplied,
    unapplied_refunded: payment.unappliedRefunded,
    pieces: payment.pieces.map(({ invoiceId, invoiceNumber, amount, discounted, refunded }) => ({
      invoice_id: invoiceId,
      invoice_number: invoiceNumber,
      amount,
      discounted,
      refunded,
    })),
  };
}
