import type { Actor, Tx } from '#db/db.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { type NewMessage, queueMessages } from '#features/correspondence/queue-messages.ts';
import { payLink } from '#features/invoices/pay-link.ts';
import { type Notice, tellStaff } from '#features/notifications/tell-staff.ts';
import { receiptNumber } from '#features/payments/receipt-document.ts';
import { readPaidInvoices, readPaymentFacts } from '#features/payments/receipt-facts.ts';
import { returnCopyMail, returnNoticeMail } from '#features/payments/receipt-mail.ts';
import { returnWords } from '#features/payments/receipt-rules.ts';
import type { Secrets } from '#lib/secrets.ts';

/**
 * Tell payer and organization, once, that a bank payment came back and its invoices are open again. Not a
 * receipt: it goes out also where receipts are off.
 */
export async function sendReturnNotice(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; paymentId: string; outbox: Outbox; secrets: Pick<Secrets, 'sign'> },
  now: Date,
): Promise<void> {
  const { organizationId, paymentId, outbox } = input;
  const payment = await readPaymentFacts(tx, organizationId, paymentId, true);
  if (payment.state !== 'returned') return;
  const from = await readCorrespondent(tx, organizationId);
  const invoices = await readPaidInvoices(tx, organizationId, paymentId);
  const mail = { from, outbox, payment, invoices, number: receiptNumber(paymentId) };
  const about = { customerId: payment.customerId, paymentId };
  const links = invoices
    .filter((invoice) => invoice.balanceDue > 0n)
    .map((invoice) => ({
      number: invoice.number,
      url: payLink(input.secrets, outbox.baseUrl, { ...invoice, organizationId }),
    }));
  const to = payment.payerEmail ?? payment.email;
  const messages: NewMessage[] = [
    ...(to
      ? [
          {
            ...about,
            to: [to],
            cc: payment.ccEmails,
            kind: 'return_notice',
            dedupeKey: `return_notice ${paymentId}`,
            ...returnNoticeMail(mail, links),
          },
        ]
      : []),
  ];
  await queueMessages(tx, actor, { organizationId, outbox, messages }, now);
  const notice: Notice = {
    ...about,
    kind: 'payment_returned',
    key: `return_copy ${paymentId}`,
    messageKind: 'return_copy',
    detail: returnWords(payment),
    path: `/payments/${paymentId}`,
    write: (foot) => returnCopyMail(mail, foot),
  };
  await tellStaff(tx, actor, { organizationId, outbox, notices: [notice] }, now);
}
