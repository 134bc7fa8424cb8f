import { footerOf, mailOrganization } from '#features/correspondence/mail-organization.ts';
import type { Foot } from '#features/notifications/tell-staff.ts';
import { feeNameOf } from '#features/payments/fee-name.ts';
import type { PaymentMail } from '#features/payments/receipt-mail.ts';
import { methodWords } from '#features/payments/receipt-rules.ts';
import type { MailedRefund } from '#features/refunds/read-mailed.ts';
import { formatDate } from '#lib/dates.ts';
import { formatMoney } from '#lib/money.ts';
import type { MailBlock } from '#ui/mail-blocks.ts';
import { renderMail } from '#ui/mail-layout.ts';

type Written = { subject: string; html: string; text: string };
export type RefundMail = PaymentMail & { refund: MailedRefund };

const most_rows = 40;

const moneyOf =
  ({ from, payment }: PaymentMail) =>
  (amount: bigint): string =>
    formatMoney(amount, payment.currency, from.locale);
const hello = ({ payment }: PaymentMail): MailBlock => ({
  kind: 'paragraph',
  words: payment.firstName ? `Hello ${payment.firstName},` : 'Hello,',
});
const consoleButton = ({ outbox, payment }: PaymentMail): MailBlock => ({
  kind: 'button',
  words: 'Open the payment',
  url: `${outbox.baseUrl}/console/payments/${payment.id}`,
});

function partsOf(mail: RefundMail): MailBlock[] {
  const money = moneyOf(mail);
  const { refund, payment } = mail;
  const rows = [
    ...refund.lines.slice(0, most_rows).map(({ number, amount }) => [`Invoice ${number}`, money(amount)]),
    ...(refund.fromUnapplied > 0n ? [['Not applied to an invoice', money(refund.fromUnapplied)]] : []),
    ...(refund.feeAmount !== 0n ? [[feeNameOf(payment), money(refund.feeAmount)]] : []),
  ];
  const more = refund.lines.length - most_rows;
  return [
    { kind: 'table', head: ['For', 'Given back'], rows, total: ['Total', money(refund.amount)] },
    ...(more > 0 ? [{ kind: 'small', words: `And ${more} more invoices.` } as const] : []),
  ];
}

function factsOf(mail: RefundMail): MailBlock {
  const { from, payment, refund } = mail;
  return {
    kind: 'facts',
    rows: [
      ['From', from.name],
      ['To', refund.byHand ? 'By hand' : methodWords(payment)],
      ['Payment', `${moneyOf(mail)(payment.amount)} on ${formatDate(payment.receivedOn, from.locale)}`],
      ['Receipt number', mail.number],
      ...(refund.reference ? [['Reference', refund.reference] as const] : []),
    ],
  };
}

/** To the payer: money is on its way back, how much and to where. */
export function refundMail(mail: RefundMail): Written {
  const { from, payment, refund } = mail;
  const amount = moneyOf(mail)(refund.amount);
  const way = refund.byHand
    ? `${from.name} has given it back to you by hand.`
    : `It goes back to ${methodWords(payment)} and usually arrives within 3–5 business days.`;
  return {
    subject: `Refund: ${amount} from ${from.name}`,
    ...renderMail({
      organization: mailOrganization(from, mail.outbox),
      preheader: `Refund of ${amount}, ${methodWords(payment)}.`,
      heading: refund.byHand ? 'You have been refunded' : 'Your refund is on its way',
      blocks: [
        hello(mail),
        { kind: 'paragraph', words: `${from.name} refunds ${amount} of your payment. ${way}` },
        { kind: 'amount', label: 'Refund', amount, note: 'Please keep this mail as your receipt.' },
        ...partsOf(mail),
        factsOf(mail),
      ],
      footer: footerOf(from, `You receive this mail because a payment to ${from.name} was refunded.`),
    }),
  };
}

/** To the payer who was told of a refund that did not go through after all. */
export function refundFailedMail(mail: RefundMail): Written {
  const { from, payment, refund } = mail;
  const amount = moneyOf(mail)(refund.amount);
  return {
    subject: `Your refund of ${amount} from ${from.name} did not go through`,
    ...renderMail({
      organization: mailOrganization(from, mail.outbox),
      preheader: `It could not be sent to ${methodWords(payment)}.`,
      heading: 'Your refund did not go through',
      blocks: [
        hello(mail),
        {
          kind: 'paragraph',
          words:
            `We wrote that ${amount} was on its way to ${methodWords(payment)}. It could not be delivered ` +
            `and is with ${from.name} again, who will find another way to give it back.`,
        },
        factsOf(mail),
      ],
      footer: footerOf(from, `You receive this mail because a payment to ${from.name} was to be refunded.`),
    }),
  };
}

/** The organization's copy of either. */
export function refundCopyMail(mail: RefundMail, foot: Foot): Written {
  const { payment, refund } = mail;
  const amount = moneyOf(mail)(refund.amount);
  const hasFailed = refund.state === 'failed';
  const heading = hasFailed
    ? `The refund of ${amount} to ${payment.displayName} failed`
    : `${amount} refunded to ${payment.displayName}`;
  return {
    subject: heading,
    ...renderMail({
      organization: mailOrganization(mail.from, mail.outbox),
      preheader: `${payment.displayName}, ${methodWords(payment)}.`,
      heading,
      blocks: [
        {
          kind: 'paragraph',
          words: hasFailed
            ? `${refund.failureMessage ?? 'The gateway gave no reason.'} The money is with you; refund it another way.`
            : 'A refund was sent. The invoices stay paid.',
        },
        ...partsOf(mail),
        factsOf(mail),
        consoleButton(mail),
      ],
      footer: foot,
    }),
  };
}

/** To the payer: the payment is void, nothing is taken, and these invoices are open again. */
export function voidMail(mail: PaymentMail): Written {
  const { from, payment } = mail;
  const amount = moneyOf(mail)(payment.amount);
  return {
    subject: `Your payment of ${amount} to ${from.name} was voided`,
    ...renderMail({
      organization: mailOrganization(from, mail.outbox),
      preheader: `Nothing is taken from ${methodWords(payment)}.`,
      heading: 'Your payment was voided',
      blocks: [
        hello(mail),
        {
          kind: 'paragraph',
          words:
            `${from.name} has voided your payment of ${amount} made on ` +
            `${formatDate(payment.receivedOn, from.locale)} by ${methodWords(payment)}. ` +
            (payment.kind === 'card' || payment.kind === 'bank_account'
              ? 'It was not settled, so nothing is taken; a pending charge disappears from your statement ' +
                'within about a day.'
              : 'It does not count as paid.'),
        },
        ...openAgain(mail),
      ],
      footer: footerOf(from, `You receive this mail because a payment to ${from.name} was voided.`),
    }),
  };
}

export function voidCopyMail(mail: PaymentMail, foot: Foot): Written {
  const amount = moneyOf(mail)(mail.payment.amount);
  const heading = `The payment of ${amount} from ${mail.payment.displayName} was voided`;
  return {
    subject: heading,
    ...renderMail({
      organization: mailOrganization(mail.from, mail.outbox),
      preheader: `${mail.payment.displayName}, ${methodWords(mail.payment)}.`,
      heading,
      blocks: [
        {
          kind: 'paragraph',
          words:
            `It was made on ${formatDate(mail.payment.receivedOn, mail.from.locale)} by ${methodWords(mail.payment)}, ` +
            'and does not count as paid.',
        },
        ...openAgain(mail),
        consoleButton(mail),
      ],
      footer: foot,
    }),
  };
}

function openAgain(mail: PaymentMail): MailBlock[] {
  const money = moneyOf(mail);
  const open = mail.invoices.filter(({ balanceDue }) => balanceDue > 0n);
  if (open.length === 0) return [];
  return [
    {
      kind: 'table',
      head: ['Open again', 'Due date', 'Balance due'],
      rows: open
        .slice(0, most_rows)
        .map((invoice) => [
          invoice.number,
          formatDate(invoice.dueDate, mail.from.locale),
          money(invoice.balanceDue),
        ]),
    },
  ];
}
