import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { type NewMessage, queueMessages } from '#features/correspondence/queue-messages.ts';
import { type Notice, tellStaff } from '#features/notifications/tell-staff.ts';
import { receiptNumber } from '#features/payments/receipt-document.ts';
import { readPaidInvoices, readPaymentFacts } from '#features/payments/receipt-facts.ts';
import { receiptReaders } from '#features/payments/receipt-rules.ts';
import { voidCopyMail, voidMail } from '#features/refunds/refund-mail.ts';

/** Tell payer and organization, once, that a payment was voided and its invoices are open again. */
export async function sendVoidNotice(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; paymentId: string; outbox: Outbox },
  now: Date,
): Promise<void> {
  const { organizationId, paymentId, outbox } = input;
  const payment = await readPaymentFacts(tx, organizationId, paymentId, true);
  if (payment.state !== 'voided' || payment.source === 'import') return;
  // A void that nobody asked for here was made with the gateway itself; the payment's own switch counts then.
  const wish = await tx.row<{ sendReceipt: boolean }>(sql`
    select case when void_requested_at is null then send_receipt else void_receipt end as send_receipt
    from payments where organization_id = ${organizationId} and id = ${paymentId}`);
  const from = await readCorrespondent(tx, organizationId);
  const switches = { ...payment, sendReceipt: wish?.sendReceipt ?? true };
  const readers = receiptReaders('receipt', switches, payment);
  const invoices = await readPaidInvoices(tx, organizationId, paymentId);
  const mail = { from, outbox, payment, invoices, number: receiptNumber(paymentId) };
  const about = { customerId: payment.customerId, paymentId };
  const messages: NewMessage[] = [
    ...(readers.payer
      ? [
          {
            ...about,
            ...readers.payer,
            kind: 'void_notice',
            dedupeKey: `void_notice ${paymentId}`,
            ...voidMail(mail),
          },
        ]
      : []),
  ];
  await queueMessages(tx, actor, { organizationId, outbox, messages }, now);
  if (!readers.organization) return;
  const notice: Notice = {
    ...about,
    kind: 'money_given_back',
    key: `void_copy ${paymentId}`,
    messageKind: 'void_copy',
    path: `/payments/${paymentId}`,
    write: (foot) => voidCopyMail(mail, foot),
  };
  await tellStaff(tx, actor, { organizationId, outbox, notices: [notice] }, now);
}
