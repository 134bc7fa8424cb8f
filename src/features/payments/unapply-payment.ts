import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { entryOfUnapplying } from '#features/ledger/application-rules.ts';
import { entryStatements } from '#features/ledger/post-entries.ts';
import { decideUnapplying } from '#features/payments/apply-rules.ts';
import { lockApplied } from '#features/payments/lock-applied.ts';
import { lockInvoices } from '#features/payments/lock-invoices.ts';
import { moveInvoices } from '#features/payments/move-invoices.ts';
import { must, Refusal } from '#lib/errors.ts';
import { sum } from '#lib/money.ts';

/** Take a payment off an invoice: the invoice is owed again, and the money stays as unapplied cash. */
export async function unapplyPayment(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; paymentId: string; invoiceId: string },
  now: Date,
): Promise<void> {
  const { organizationId, paymentId, invoiceId } = input;
  await lockInvoices(tx, organizationId, [invoiceId]);
  const payment = await lockApplied(tx, { organizationId, paymentId, now });
  const rows = await tx.rows<{ id: string; amount: bigint }>(sql`select id, amount from payment_applications
    where organization_id = ${organizationId} and payment_id = ${paymentId} and invoice_id = ${invoiceId}
      and state = 'applied' order by id`);
  const total = sum(rows.map(({ amount }) => amount));
  const refunded = await refundedOf(tx, input);
  const verdict = decideUnapplying(payment, { applied: total, refunded });
  if (!verdict.ok) throw new Refusal(verdict.code, { message: verdict.reason, param: verdict.param });
  const { customerId, currency, kind } = payment;
  const reopened = await moveInvoices(
    tx,
    organizationId,
    [{ invoiceId, applied: -total, reserved: 0n }],
    now,
  );
  await tx.writeAll([
    sql`update payments set applied = applied - ${total}
      where organization_id = ${organizationId} and id = ${paymentId}`,
    sql`update payment_applications set state = 'ended', ended_at = ${now}
      where organization_id = ${organizationId} and id = any(${rows.map(({ id }) => id)}::text[])`,
    ...entryStatements(
      organizationId,
      rows.map((row) =>
        entryOfUnapplying({ ...row, invoiceId, customerId, currency, entryDate: payment.today }),
      ),
      now,
    ),
  ]);
  await record(tx, { actor, organizationId, now }, [
    { type: 'payment.unapplied', subjectId: paymentId, customerId, data: { amount: total, currency, kind } },
    {
      type: 'invoice.payment_unapplied',
      subjectId: invoiceId,
      customerId,
      data: { payment_id: paymentId, amount: total, currency, kind, state: 'unapplied' },
    },
    ...reopened,
  ]);
}

/** What refunds that have not failed took out of what this payment brought to the invoice. */
async function refundedOf(
  tx: Tx,
  { organizationId, paymentId, invoiceId }: { organizationId: string; paymentId: string; invoiceId: string },
): Promise<bigint> {
  const row = await tx.row<{ refunded: bigint }>(sql`
    select coalesce(sum(l.amount), 0)::bigint as refunded from refunds r
    join refund_lines l on l.organization_id = r.organization_id and l.refund_id = r.id
    where r.organization_id = ${organizationId} and r.payment_id = ${paymentId} and r.state <> 'failed'
      and l.invoice_id = ${invoiceId}`);
  return must(row, 'a sum').refunded;
}
