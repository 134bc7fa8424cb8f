import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import type { NewRefund } from '#features/refunds/request-refunds.ts';

/** The rows of new refunds, their lines, and what they leave of their payments. */
export async function writeRefunds(
  tx: Tx,
  by: { actor: Actor; organizationId: string },
  refunds: readonly NewRefund[],
  at: { now: Date; firstLookup: Date },
): Promise<void> {
  const { actor, organizationId } = by;
  const rows = refunds.map((refund) => ({
    id: refund.id,
    payment_id: refund.paymentId,
    customer_id: refund.payment.customerId,
    request_key: refund.requestKey,
    request_hash: refund.requestHash,
    state: refund.byHand ? 'settled' : 'pending',
    amount: String(refund.amount),
    fee_amount: String(refund.feeAmount),
    from_unapplied: String(refund.fromUnapplied),
    fee_handling: refund.feeHandling,
    currency: refund.payment.currency,
    reason: refund.reason,
    account: refund.account,
    gateway_account_id: refund.payment.gatewayAccountId,
    reference: refund.reference,
    send_receipt: refund.sendReceipt,
    next_lookup_at: refund.byHand ? null : at.firstLookup,
    posted_at: refund.byHand ? at.now : null,
  }));
  await tx.run(sql`
    insert into refunds (organization_id, id, payment_id, customer_id, request_key, request_hash, state, amount,
      fee_amount, from_unapplied, fee_handling, currency, reason, account, gateway_account_id, reference, send_receipt,
      next_lookup_at, posted_at, settled_at, user_id, requested_at)
    select ${organizationId}, r.id, r.payment_id, r.customer_id, r.request_key, r.request_hash, r.state, r.amount,
      r.fee_amount, r.from_unapplied, r.fee_handling, r.currency, r.reason, r.account, r.gateway_account_id, r.reference,
      r.send_receipt, r.next_lookup_at, r.posted_at, r.posted_at, ${actor.kind === 'user' ? actor.userId : null}, ${at.now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, payment_id text, customer_id text,
      request_key text, request_hash text, state text, amount bigint, fee_amount bigint, from_unapplied bigint,
      fee_handling text, currency text, reason text, account text, gateway_account_id text, reference text, send_receipt boolean,
      next_lookup_at timestamptz, posted_at timestamptz)`);
  const lines = refunds.flatMap((refund) =>
    refund.lines.map((line, index) => ({ ...line, refundId: refund.id, lineNo: index + 1 })),
  );
  if (lines.length > 0)
    await tx.run(sql`
    insert into refund_lines (organization_id, refund_id, line_no, invoice_id, amount)
    select ${organizationId}, l.* from unnest(${lines.map((l) => l.refundId)}::text[],
      ${lines.map((l) => l.lineNo)}::smallint[], ${lines.map((l) => l.invoiceId)}::text[],
      ${lines.map((l) => l.amount)}::bigint[]) as l`);
  await tx.run(sql`
    update payments p set refunded = p.refunded + d.amount, unapplied_refunded = p.unapplied_refunded + d.unapplied
    from (select payment_id, sum(amount) as amount, sum(unapplied) as unapplied
      from unnest(${refunds.map((r) => r.paymentId)}::text[], ${refunds.map((r) => r.amount)}::bigint[],
        ${refunds.map((r) => r.fromUnapplied)}::bigint[]) as r(payment_id, amount, unapplied) group by payment_id) d
    where p.organization_id = ${organizationId} and p.id = d.payment_id`);
}
