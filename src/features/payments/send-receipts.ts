import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { type NewMessage, queueMessages } from '#features/correspondence/queue-messages.ts';
import { type Notice, tellStaff } from '#features/notifications/tell-staff.ts';
import { receiptNumber } from '#features/payments/receipt-document.ts';
import { readPaidInvoices, readPaymentFacts } from '#features/payments/receipt-facts.ts';
import { receiptCopyMail, receiptMail } from '#features/payments/receipt-mail.ts';
import { methodWords, receiptKindOf, receiptReaders } from '#features/payments/receipt-rules.ts';

/**
 * Tell the payer and the organization of a payment; each of them once for each kind of news, however often
 * asked.
 */
export async function sendReceipts(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; paymentId: string; outbox: Outbox },
  now: Date,
): Promise<void> {
  const { organizationId, paymentId, outbox } = input;
  const payment = await readPaymentFacts(tx, organizationId, paymentId, true);
  const told = await tx.row(sql`select 1 as told from messages
    where organization_id = ${organizationId} and dedupe_key = ${`payment_processing ${paymentId}`}`);
  const kind = receiptKindOf(payment, told !== undefined);
  if (!kind) return;
  const from = await readCorrespondent(tx, organizationId);
  const readers = receiptReaders(kind, payment, payment);
  const invoices = await readPaidInvoices(tx, organizationId, paymentId);
  const mail = { from, outbox, payment, invoices, number: receiptNumber(paymentId) };
  const about = { customerId: payment.customerId, paymentId };
  const messages: NewMessage[] = [
    ...(readers.payer
      ? [{ ...about, ...readers.payer, kind, dedupeKey: `${kind} ${paymentId}`, ...receiptMail(mail, kind) }]
      : []),
  ];
  await queueMessages(tx, actor, { organizationId, outbox, messages }, now);
  if (!readers.organization) return;
  const notice: Notice = {
    ...about,
    kind: 'payment_received',
    key: `receipt_copy ${paymentId}`,
    messageKind: 'receipt_copy',
    detail: methodWords(payment),
    path: `/payments/${paymentId}`,
    write: (foot) => receiptCopyMail(mail, kind, foot),
  };
  await tellStaff(tx, actor, { organizationId, outbox, notices: [notice] }, now);
}
