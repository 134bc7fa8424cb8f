import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import { lockInvoices } from '#features/payments/lock-invoices.ts';
import { takeBackPayments } from '#features/payments/take-back-payments.ts';
import { type GivablePayment, lockGivable } from '#features/refunds/read-refundable.ts';
import { decideGiveBack, isVoidAsked } from '#features/refunds/rules.ts';
import { notFound, Refusal } from '#lib/errors.ts';

export type VoidAsk = {
  organizationId: string;
  paymentId: string;
  reason?: string | undefined;
  sendReceipt: boolean;
  quiet?: boolean;
};

/**
 * Void a payment, whole: the wish is kept and a job asks the gateway. One recorded by hand by mistake is
 * taken out of the books at once. Asked again, it is asked for once.
 */
export async function requestVoid(tx: Tx, actor: Actor, input: VoidAsk, now: Date): Promise<void> {
  const { organizationId, paymentId } = input;
  // By hand the invoices open again at once, and invoices are locked before their payments.
  const touched = await tx.rows<{
    invoiceId: string;
  }>(sql`select distinct invoice_id from payment_applications
    where organization_id = ${organizationId} and payment_id = ${paymentId}`);
  await lockInvoices(
    tx,
    organizationId,
    touched.map(({ invoiceId }) => invoiceId),
  );
  const payment = (await lockGivable(tx, organizationId, [paymentId])).get(paymentId);
  if (!payment) throw notFound('payment', paymentId);
  const { offer, mayStrike, reason } = decideGiveBack(payment);
  if (offer === 'void' || isVoidAsked(payment)) return askGateway(tx, actor, { ...input, payment }, now);
  if (payment.depositId !== null)
    throw new Refusal('state_refused', 'This payment was deposited. Undo the deposit first, or refund it.');
  if (!mayStrike) throw new Refusal('state_refused', reason);
  await tx.run(sql`update payments set void_requested_at = ${now}, void_requested_by = ${userOf(actor)},
    void_reason = ${input.reason ?? null}, void_receipt = ${input.sendReceipt}
    where organization_id = ${organizationId} and id = ${paymentId}`);
  await takeBackPayments(
    tx,
    {
      actor,
      organizationId,
      quiet: input.quiet ?? false,
      data: { kind: payment.kind, ...(input.reason ? { reason: input.reason } : {}) },
    },
    [{ ...payment, applications: payment.pieces }],
    now,
  );
}

const userOf = (actor: Actor): string | null => (actor.kind === 'user' ? actor.userId : null);

async function askGateway(
  tx: Tx,
  actor: Actor,
  input: VoidAsk & { payment: GivablePayment },
  now: Date,
): Promise<void> {
  const { organizationId, payment } = input;
  if (!isVoidAsked(payment)) {
    await tx.run(sql`update payments set void_requested_at = ${now}, void_requested_by = ${userOf(actor)},
      void_reason = ${input.reason ?? null}, void_receipt = ${input.sendReceipt}, void_tries = 0, void_next_at = ${now},
      void_refused_at = null, void_refusal = null
      where organization_id = ${organizationId} and id = ${payment.id}`);
    await record(tx, { actor, organizationId, now, quiet: input.quiet ?? false }, [
      {
        type: 'payment.void_requested',
        subjectId: payment.id,
        customerId: payment.customerId,
        data: {
          amount: payment.amount,
          currency: payment.currency,
          ...(input.reason ? { reason: input.reason } : {}),
        },
      },
    ]);
  }
  await enqueue(tx, [
    {
      job: 'submit-void',
      payload: { organizationId, paymentId: payment.id },
      key: `void:${payment.id}`,
    },
  ]);
}
