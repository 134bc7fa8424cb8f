import type { Actor, Tx } from '#db/db.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { noReceiptWords, receiptNumber } from '#features/payments/receipt-document.ts';
import { readPaidInvoices, readPaymentFacts } from '#features/payments/receipt-facts.ts';
import { receiptMail } from '#features/payments/receipt-mail.ts';
import { receiptKindOf } from '#features/payments/receipt-rules.ts';
import { must, Refusal } from '#lib/errors.ts';

export type ReceiptAgain = {
  organizationId: string;
  paymentId: string;
  to?: string | undefined;
  outbox: Outbox;
};

/**
 * Mail a receipt once more because somebody asked for it, as the payment stands now. The switches are for
 * what goes out by itself, and do not hold it back.
 */
export async function sendReceiptAgain(
  tx: Tx,
  actor: Actor,
  input: ReceiptAgain,
  now: Date,
): Promise<{ messageId: string; to: string[] }> {
  const { organizationId, paymentId, outbox } = input;
  const payment = await readPaymentFacts(tx, organizationId, paymentId, true);
  // Also for what was brought over from another system: only by itself is it never told of.
  const kind = receiptKindOf({ ...payment, source: 'staff' }, false);
  if (!kind) throw new Refusal('state_refused', noReceiptWords(payment.state));
  const to = input.to ?? payment.payerEmail ?? payment.email;
  if (!to)
    throw new Refusal('state_refused', {
      message: 'This customer has no e-mail address. Give one to send the receipt to.',
      param: 'to',
    });
  const from = await readCorrespondent(tx, organizationId);
  const invoices = await readPaidInvoices(tx, organizationId, paymentId);
  const mail = { from, outbox, payment, invoices, number: receiptNumber(paymentId) };
  const about = { customerId: payment.customerId, paymentId, to: [to], kind };
  const messages = [{ ...about, ...receiptMail(mail, kind) }];
  const [queued] = await queueMessages(tx, actor, { organizationId, outbox, messages }, now);
  return { messageId: must(queued, 'the message').messageId, to: [to] };
}
