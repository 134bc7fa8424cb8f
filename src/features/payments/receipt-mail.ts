import {
  type Correspondent,
  footerOf,
  mailOrganization,
} from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import type { Foot } from '#features/notifications/tell-staff.ts';
import { feeNameOf } from '#features/payments/fee-name.ts';
import type { PaidInvoice, PaymentFacts } from '#features/payments/receipt-facts.ts';
import {
  methodWords,
  type ReceiptKind,
  returnNextStep,
  returnWords,
} from '#features/payments/receipt-rules.ts';
import { formatDate } from '#lib/dates.ts';
import { formatMoney } from '#lib/money.ts';
import type { MailBlock } from '#ui/mail-blocks.ts';
import { renderMail } from '#ui/mail-layout.ts';

export type PaymentMail = {
  from: Correspondent;
  outbox: Outbox;
  payment: PaymentFacts;
  invoices: readonly PaidInvoice[];
  number: string;
};
type Written = { subject: string; html: string; text: string };

/** Mail programs cut long mails off; the receipt as a PDF has them all. */
const most_rows = 40;

const moneyOf =
  ({ from, payment }: PaymentMail) =>
  (amount: bigint): string =>
    formatMoney(amount, payment.currency, from.locale);
const hello = (payment: PaymentFacts): MailBlock => ({
  kind: 'paragraph',
  words: payment.firstName ? `Hello ${payment.firstName},` : 'Hello,',
});

function factsOf(mail: PaymentMail): MailBlock {
  const { from, payment, invoices } = mail;
  const reference = payment.kind === 'check' ? null : (payment.gatewayReference ?? payment.reference);
  return {
    kind: 'facts',
    rows: [
      ['Receipt number', mail.number],
      ['Paid to', from.name],
      ['Paid by', payment.payerName ?? payment.displayName],
      ...(payment.memo && invoices.length === 0 ? [['For', payment.memo] as const] : []),
      ['Method', methodWords(payment)],
      ...(payment.fee !== 0n && invoices.length === 0
        ? [
            ['Payment', moneyOf(mail)(payment.amount - payment.fee)] as const,
            [feeNameOf(payment), moneyOf(mail)(payment.fee)] as const,
            ['Total charged', moneyOf(mail)(payment.amount)] as const,
          ]
        : []),
      ['Date', formatDate(payment.receivedOn, from.locale)],
      ...(reference ? [['Reference', reference] as const] : []),
    ],
  };
}

function tableOf(mail: PaymentMail): MailBlock[] {
  const money = moneyOf(mail);
  const { invoices, payment } = mail;
  if (invoices.length === 0) return [];
  const rows = invoices
    .slice(0, most_rows)
    .map((invoice) => [
      invoice.number,
      formatDate(invoice.invoiceDate, mail.from.locale),
      money(invoice.balanceAfter),
      money(invoice.amount),
    ]);
  const more = invoices.length - rows.length;
  const sum = invoices.reduce((total, invoice) => total + invoice.amount, 0n);
  return [
    {
      kind: 'table',
      head: ['Invoice', 'Invoice date', 'Balance after', 'Paid'],
      rows: payment.fee !== 0n ? [...rows, [feeNameOf(payment), '', '', money(payment.fee)]] : rows,
      total: [payment.fee !== 0n ? 'Total charged' : 'Total', money(sum + payment.fee)],
    },
    ...(more > 0
      ? [{ kind: 'small', words: `And ${more} more ${more === 1 ? 'invoice' : 'invoices'}.` } as const]
      : []),
  ];
}

const openings: Record<ReceiptKind, { heading: string; words: string; label: string; note: string }> = {
  receipt: {
    heading: 'Payment received',
    label: 'Payment received',
    note: 'Thank you.',
    words: 'We have received your payment. Please keep this mail as your receipt.',
  },
  payment_processing: {
    heading: 'Payment processing',
    label: 'Payment processing',
    note: 'Not cleared yet.',
    words:
      'Your bank payment is on its way. Banks take a few business days to clear it; you need not do ' +
      'anything. We write again when it has cleared, or if your bank sends it back.',
  },
  payment_cleared: {
    heading: 'Your bank payment has cleared',
    label: 'Payment received',
    note: 'Cleared by your bank.',
    words: 'Your bank payment has cleared. Thank you.',
  },
};

/** The payer's own mail about a payment: received, processing, or cleared, and it says which. */
export function receiptMail(mail: PaymentMail, kind: ReceiptKind): Written {
  const { from, payment } = mail;
  const opening = openings[kind];
  const amount = moneyOf(mail)(payment.amount);
  const detail = kind === 'payment_cleared' ? [factsOf(mail)] : [...tableOf(mail), factsOf(mail)];
  return {
    subject: `${opening.heading}: ${amount} to ${from.name}`,
    ...renderMail({
      organization: mailOrganization(from, mail.outbox),
      preheader: `${opening.label}: ${amount}, ${methodWords(payment)}.`,
      heading: opening.heading,
      blocks: [
        hello(payment),
        { kind: 'paragraph', words: opening.words },
        { kind: 'amount', label: opening.label, amount, note: opening.note },
        ...detail,
      ],
      footer: footerOf(from, `You receive this mail because a payment was made to ${from.name}.`),
    }),
  };
}

/** The organization's copy: who paid what, and whether the money is there. */
export function receiptCopyMail(mail: PaymentMail, kind: ReceiptKind, foot: Foot): Written {
  const { from, payment } = mail;
  const amount = moneyOf(mail)(payment.amount);
  const isUnderWay = kind === 'payment_processing';
  const opening = isUnderWay ? 'Payment processing' : 'Payment received';
  return {
    subject: `${opening}: ${amount} from ${payment.displayName}`,
    ...renderMail({
      organization: mailOrganization(from, mail.outbox),
      preheader: `${payment.displayName}, ${methodWords(payment)}.`,
      heading: `${amount} from ${payment.displayName}`,
      blocks: [
        {
          kind: 'paragraph',
          words: isUnderWay
            ? 'A bank payment was submitted. It is not in your books until it clears.'
            : 'A payment was received.',
        },
        ...tableOf(mail),
        factsOf(mail),
        {
          kind: 'button',
          words: 'Open the payment',
          url: `${mail.outbox.baseUrl}/console/payments/${payment.id}`,
        },
      ],
      footer: foot,
    }),
  };
}

/** To the payer of a bank payment that came back: why, and what is open again. */
export function returnNoticeMail(
  mail: PaymentMail,
  links: readonly { number: string; url: string }[],
): Written {
  const { from, payment } = mail;
  const day = formatDate(payment.receivedOn, from.locale);
  const amount = moneyOf(mail)(payment.amount);
  const [only] = links;
  const ways: MailBlock[] =
    links.length === 1 && only
      ? [{ kind: 'button', words: `Pay invoice ${only.number}`, url: only.url }]
      : links.slice(0, most_rows).map(({ number, url }) => ({
          kind: 'paragraph',
          words: [{ url, words: `Pay invoice ${number}` }],
        }));
  return {
    subject: `Your bank payment of ${amount} to ${from.name} came back`,
    ...renderMail({
      organization: mailOrganization(from, mail.outbox),
      preheader: `Your bank returned it: ${returnWords(payment)}.`,
      heading: 'Your bank payment came back',
      blocks: [
        hello(payment),
        {
          kind: 'paragraph',
          words:
            `Your bank returned the payment of ${amount} made on ${day}: ` +
            `${returnWords(payment)}. It does not count as paid.`,
        },
        { kind: 'paragraph', words: returnNextStep(payment) },
        ...openAgain(mail),
        ...ways,
        factsOf(mail),
      ],
      footer: footerOf(from, `You receive this mail because a payment to ${from.name} was returned.`),
    }),
  };
}

/** To the organization: a bank payment came back, and what it reopened. */
export function returnCopyMail(mail: PaymentMail, foot: Foot): Written {
  const { from, payment } = mail;
  const amount = moneyOf(mail)(payment.amount);
  return {
    subject: `Bank payment returned: ${amount} from ${payment.displayName}`,
    ...renderMail({
      organization: mailOrganization(from, mail.outbox),
      preheader: `${payment.displayName}: ${returnWords(payment)}.`,
      heading: `Returned: ${amount} from ${payment.displayName}`,
      blocks: [
        { kind: 'paragraph', words: `The bank returned this payment: ${returnWords(payment)}.` },
        ...(payment.methodBlocked
          ? [
              {
                kind: 'paragraph' as const,
                words: 'The stored bank account is blocked and cannot be charged.',
              },
            ]
          : []),
        ...openAgain(mail),
        factsOf(mail),
        {
          kind: 'button',
          words: 'Open the payment',
          url: `${mail.outbox.baseUrl}/console/payments/${payment.id}`,
        },
      ],
      footer: foot,
    }),
  };
}

function openAgain(mail: PaymentMail): MailBlock[] {
  const money = moneyOf(mail);
  const open = mail.invoices.filter((invoice) => invoice.balanceDue > 0n).slice(0, most_rows);
  if (open.length === 0) return [];
  return [
    {
      kind: 'paragraph',
      words: open.length === 1 ? 'This invoice is open again:' : 'These invoices are open again:',
    },
    {
      kind: 'table',
      head: ['Invoice', 'Due date', 'Balance due'],
      rows: open.map((invoice) => [
        invoice.number,
        formatDate(invoice.dueDate, mail.from.locale),
        money(invoice.balanceDue),
      ]),
    },
  ];
}
