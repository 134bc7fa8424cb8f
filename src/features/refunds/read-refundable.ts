import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Piece, RefundablePayment } from '#features/refunds/plan-rules.ts';
import type { PaymentToGiveBack } from '#features/refunds/rules.ts';

export type GivablePayment = PaymentToGiveBack &
  Omit<RefundablePayment, 'pieces'> & {
    id: string;
    customerId: string;
    currency: string;
    applied: bigint;
    receivedOn: string;
    gatewayAccountId: string | null;
    depositId: string | null;
    pieces: (Piece & { invoiceNumber: string })[];
  };

/**
 * Payments with all that decides what may be given back of them, ids in order; locked, so that what is
 * decided stays so.
 */
export async function lockGivable(
  tx: Tx,
  organizationId: string,
  paymentIds: readonly string[],
): Promise<Map<string, GivablePayment>> {
  // Invoices before payments, as everywhere: the refund's lines will hold on to them.
  await tx.run(sql`select id from invoices where organization_id = ${organizationId} and id in (
    select invoice_id from payment_applications
    where organization_id = ${organizationId} and payment_id = any(${[...paymentIds]})) order by id for key share`);
  await tx.run(sql`select id from payments where organization_id = ${organizationId} and id = any(${[...paymentIds]})
    order by id for update`);
  return readGivable(tx, organizationId, paymentIds);
}

/** As asked for, a discount is taken off what pays invoices, but for those of a payment plan (card-fees). */
const isDiscounted = (organizationId: string) => sql`d.organization_id = ${organizationId}
  and d.created_at = p.requested_at and not exists (select from payment_plan_invoices l
    join payment_plans n on n.organization_id = l.organization_id and n.id = l.payment_plan_id
    where l.organization_id = ${organizationId} and l.invoice_id = d.invoice_id and n.activated_at <= p.requested_at
      and (l.left_at is null or l.left_at > p.requested_at) and (n.ended_at is null or n.ended_at > p.requested_at))`;

type Row = Omit<GivablePayment, 'pieces' | 'unapplied'>;
type PieceRow = Piece & { paymentId: string; invoiceNumber: string };

/** The same, for looking at. */
export async function readGivable(
  tx: Tx,
  organizationId: string,
  paymentIds: readonly string[],
): Promise<Map<string, GivablePayment>> {
  const ids = [...new Set(paymentIds)];
  const rows = await tx.rows<Row>(sql`
    select p.id, p.customer_id, p.kind, p.state, p.amount, p.applied, p.fee, p.currency, p.received_on, p.refunded,
      p.gateway_account_id, p.deposit_id, p.refund_at_once, p.void_requested_at, p.void_refused_at, p.unapplied_refunded,
      exists (select from chargebacks c where c.organization_id = p.organization_id and c.payment_id = p.id
        and c.state <> 'won') as is_disputed,
      case when p.fee < 0 then (select coalesce(sum(d.amount), 0)::bigint from payment_applications d
        where ${isDiscounted(organizationId)} and d.payment_id = p.id) else 0 end as discounted,
      coalesce(r.fee, 0)::bigint as fee_refunded, coalesce(r.inclusive, 0)::bigint as inclusive_principal
    from payments p
    left join lateral (select sum(fee_amount) as fee,
        sum(amount - fee_amount) filter (where fee_handling = 'inclusive') as inclusive
      from refunds where organization_id = p.organization_id and payment_id = p.id and state <> 'failed') r on true
    where p.organization_id = ${organizationId} and p.id = any(${ids}) order by p.id`);
  const pieces = await tx.rows<PieceRow>(sql`
    select a.payment_id, a.invoice_id, i.number as invoice_number, a.amount, coalesce(r.refunded, 0)::bigint as refunded,
      case when p.fee < 0 then least(a.amount, (select coalesce(sum(d.amount), 0)::bigint from payment_applications d
        where ${isDiscounted(organizationId)} and d.payment_id = p.id and d.invoice_id = a.invoice_id)) else 0 end
        as discounted
    from (select payment_id, invoice_id, min(id) as id, sum(amount)::bigint as amount from payment_applications
      where organization_id = ${organizationId} and payment_id = any(${ids}) and state = 'applied'
      group by payment_id, invoice_id) a
    join invoices i on i.organization_id = ${organizationId} and i.id = a.invoice_id
    join payments p on p.organization_id = ${organizationId} and p.id = a.payment_id
    left join lateral (select sum(l.amount) as refunded from refunds f
      join refund_lines l on l.organization_id = f.organization_id and l.refund_id = f.id
      where f.organization_id = ${organizationId} and f.payment_id = a.payment_id and f.state <> 'failed'
        and l.invoice_id = a.invoice_id) r on true
    order by a.id`);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        ...row,
        unapplied: row.amount - row.fee - row.applied,
        pieces: pieces.filter(({ paymentId }) => paymentId === row.id),
      },
    ]),
  );
}
