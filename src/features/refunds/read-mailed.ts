import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { RefundState } from '#features/refunds/rules.ts';

/** A refund as a mail tells of it. */
export type MailedRefund = {
  id: string;
  state: RefundState;
  amount: bigint;
  feeAmount: bigint;
  fromUnapplied: bigint;
  byHand: boolean;
  reference: string | null;
  sendReceipt: boolean;
  failureMessage: string | null;
  lines: { number: string; amount: bigint }[];
  /** Whether the payer was written to when it left. */
  wasTold: boolean;
};

/** The refunds of a payment that there is news to write of. */
export async function readMailedRefunds(
  tx: Tx,
  organizationId: string,
  paymentId: string,
): Promise<MailedRefund[]> {
  const rows = await tx.rows<Omit<MailedRefund, 'lines'>>(sql`
    select r.id, r.state, r.amount, r.fee_amount, r.from_unapplied, r.gateway_account_id is null as by_hand, r.reference,
      r.send_receipt, r.failure_message, exists (select from messages m where m.organization_id = r.organization_id
        and m.dedupe_key = 'refund ' || r.id) as was_told
    from refunds r where r.organization_id = ${organizationId} and r.payment_id = ${paymentId}
      and r.state in ('submitted', 'settled', 'failed') order by r.id`);
  const lines = await tx.rows<{ refundId: string; number: string; amount: bigint }>(sql`
    select l.refund_id, i.number, l.amount from refund_lines l
    join invoices i on i.organization_id = l.organization_id and i.id = l.invoice_id
    where l.organization_id = ${organizationId} and l.refund_id = any(${rows.map(({ id }) => id)})
    order by l.refund_id, l.line_no`);
  return rows.map((row) => ({ ...row, lines: lines.filter(({ refundId }) => refundId === row.id) }));
}
