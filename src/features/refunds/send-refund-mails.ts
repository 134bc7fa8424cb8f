import type { Actor, Tx } from '#db/db.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { type NewMessage, queueMessages } from '#features/correspondence/queue-messages.ts';
import { type Notice, tellStaff } from '#features/notifications/tell-staff.ts';
import { receiptNumber } from '#features/payments/receipt-document.ts';
import { type PaymentFacts, readPaymentFacts } from '#features/payments/receipt-facts.ts';
import { receiptReaders } from '#features/payments/receipt-rules.ts';
import { type MailedRefund, readMailedRefunds } from '#features/refunds/read-mailed.ts';
import {
  type RefundMail,
  refundCopyMail,
  refundFailedMail,
  refundMail,
} from '#features/refunds/refund-mail.ts';

/**
 * Tell payer and organization of a payment's refunds: that one left, or that it failed; each of them once,
 * however often asked. The receipt switches of customer and refund hold here too.
 */
export async function sendRefundMails(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; paymentId: string; outbox: Outbox },
  now: Date,
): Promise<void> {
  const { organizationId, paymentId, outbox } = input;
  const payment = await readPaymentFacts(tx, organizationId, paymentId, true);
  const from = await readCorrespondent(tx, organizationId);
  const refunds = await readMailedRefunds(tx, organizationId, paymentId);
  const told = refunds.map((refund) => {
    const mail = { from, outbox, payment, invoices: [], number: receiptNumber(paymentId), refund };
    return newsOf(mail, payment, refund);
  });
  const messages = told.flatMap((each) => each.messages);
  await queueMessages(tx, actor, { organizationId, outbox, messages }, now);
  const notices = told.flatMap((each) => each.notices);
  await tellStaff(tx, actor, { organizationId, outbox, notices }, now);
}

type News = { messages: NewMessage[]; notices: Notice[] };

function newsOf(mail: RefundMail, payment: PaymentFacts, refund: MailedRefund): News {
  const about = { customerId: payment.customerId, paymentId: payment.id };
  const switches = { ...payment, sendReceipt: refund.sendReceipt };
  const readers = receiptReaders('receipt', switches, payment);
  const hasFailed = refund.state === 'failed';
  const kind = hasFailed ? 'refund_failed' : 'refund';
  // Of a failure hears who was told that the money was coming.
  const toPayer = hasFailed && !refund.wasTold ? undefined : readers.payer;
  const letter = hasFailed ? refundFailedMail(mail) : refundMail(mail);
  const notice: Notice = {
    ...about,
    kind: 'money_given_back',
    key: `${kind}_copy ${refund.id}`,
    messageKind: `${kind}_copy`,
    path: `/payments/${payment.id}`,
    write: (foot) => refundCopyMail(mail, foot),
  };
  return {
    messages: toPayer ? [{ ...about, ...toPayer, kind, dedupeKey: `${kind} ${refund.id}`, ...letter }] : [],
    notices: readers.organization ? [notice] : [],
  };
}
