import type { AutopayFacts } from '#features/autopay/read-facts.ts';
import { type AutopayEnd, type AutopayTerms, noticeOf } from '#features/autopay/rules.ts';
import type { AutopayReader, ToldDebit } from '#features/autopay/tell-payers.ts';
import { termSentences } from '#features/autopay/word-rules.ts';
import type { ChargePrice } from '#features/card-fees/price-charge.ts';
import { cardFeeLabels } from '#features/card-fees/word-rules.ts';
import {
  type Correspondent,
  footerOf,
  mailOrganization,
} from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import type { Foot } from '#features/notifications/tell-staff.ts';
import { methodWords } from '#features/payments/receipt-rules.ts';
import { type CalendarDate, formatDate } from '#lib/dates.ts';
import { formatMoney, sum } from '#lib/money.ts';
import type { MailBlock } from '#ui/mail-blocks.ts';
import { renderMail } from '#ui/mail-layout.ts';

type Letter = { from: Correspondent; outbox: Outbox; reader: AutopayReader };
type Written = { subject: string; html: string; text: string };

/** Mail programs cut long mails off. */
const most_rows = 40;

export const autopayUrl = (outbox: Pick<Outbox, 'baseUrl'>): string => `${outbox.baseUrl}/portal/autopay`;
const methodOf = (reader: AutopayReader): string => methodWords({ ...reader, reference: null });

function write(
  { from, outbox, reader }: Letter,
  mail: { subject: string; preheader: string; heading: string; blocks: MailBlock[] },
): Written {
  const { subject, ...page } = mail;
  const hello: MailBlock = {
    kind: 'paragraph',
    words: reader.firstName ? `Hello ${reader.firstName},` : 'Hello,',
  };
  return {
    subject,
    ...renderMail({
      ...page,
      organization: mailOrganization(from, outbox),
      blocks: [hello, ...page.blocks],
      footer: footerOf(from, `You receive this mail because invoices of ${from.name} are paid by autopay.`),
    }),
  };
}

const howToStop = ({ outbox }: Letter): MailBlock => ({
  kind: 'paragraph',
  words: [
    'You can stop it until then: ',
    { url: autopayUrl(outbox), words: 'change or switch off autopay' },
    ', or reply to this mail.',
  ],
});

/** Before a charge: how much, when, with what, and how to stop it. */
export function debitNoticeMail(
  letter: Letter & {
    invoices: readonly ToldDebit[];
    chargeOn: CalendarDate;
    onTop: ChargePrice['paidOnTop'];
  },
): Written {
  const { from, reader, invoices, chargeOn, onTop } = letter;
  const money = (amount: bigint): string => formatMoney(amount, from.currency, from.locale);
  const total = money(sum(invoices.map(({ balanceDue }) => balanceDue)) + (onTop?.amount ?? 0n));
  const day = formatDate(chargeOn, from.locale);
  return write(letter, {
    subject: `${total} will be charged on ${day} by ${from.name}`,
    preheader: `Autopay charges ${methodOf(reader)} on ${day}.`,
    heading: 'Your next autopay charge',
    blocks: [
      {
        kind: 'paragraph',
        words: `Autopay charges ${methodOf(reader)} on ${day}. You need not do anything.`,
      },
      { kind: 'amount', label: 'To be charged', amount: total, note: `On ${day}` },
      {
        kind: 'table',
        head: ['Invoice', 'Due date', 'Amount'],
        rows: [
          ...invoices
            .slice(0, most_rows)
            .map((each) => [each.number, formatDate(each.dueDate, from.locale), money(each.balanceDue)]),
          ...(onTop ? [[cardFeeLabels[onTop.kind], '', money(onTop.amount)]] : []),
        ],
        total: ['Total', total],
      },
      howToStop(letter),
    ],
  });
}

/** Above what was agreed: not charged, but to be paid, or agreed to. */
export function overMaximumMail(
  letter: Letter & { invoice: AutopayFacts; payUrl: string; autopayUrl: string },
): Written {
  const { from, invoice } = letter;
  const money = (amount: bigint): string => formatMoney(amount, invoice.currency, from.locale);
  const most = money(invoice.autopay.maximum ?? 0n);
  return write(letter, {
    subject: `Invoice ${invoice.number} is above your autopay maximum`,
    preheader: `It was not charged: ${money(invoice.balanceDue)} is more than ${most}.`,
    heading: 'Not charged by autopay',
    blocks: [
      {
        kind: 'paragraph',
        words:
          `Invoice ${invoice.number} is ${money(invoice.balanceDue)}, due ${formatDate(invoice.dueDate, from.locale)}. ` +
          `You agreed to autopay charges of at most ${most}, so it was not charged.`,
      },
      { kind: 'button', words: `Pay invoice ${invoice.number}`, url: letter.payUrl },
      {
        kind: 'paragraph',
        words: [
          'Or ',
          { url: letter.autopayUrl, words: 'agree to a higher maximum' },
          ', and autopay charges it then.',
        ],
      },
    ],
  });
}

/** The payer's copy of what was agreed. */
export function autopayOnMail(
  letter: Letter & { terms: AutopayTerms; isChange: boolean; text: string; debitNoticeDays: number },
): Written {
  const { from, reader, terms } = letter;
  const notice = noticeOf(
    { ...terms, since: new Date(0), methodKind: reader.kind },
    { currency: from.currency, debitNoticeDays: letter.debitNoticeDays },
  );
  const heading = letter.isChange ? 'Your autopay has changed' : 'Autopay is on';
  return write(letter, {
    subject: `${heading}: ${from.name}`,
    preheader: `Invoices are charged to ${methodOf(reader)}.`,
    heading,
    blocks: [
      {
        kind: 'paragraph',
        words: `New invoices of ${from.name} are charged to ${methodOf(reader)}.`,
      },
      ...termSentences({ ...terms, noticeDays: notice }, from).map(
        (words): MailBlock => ({
          kind: 'paragraph',
          words,
        }),
      ),
      howToStopAny(letter),
      { kind: 'divider' },
      { kind: 'small', words: `What was agreed: ${letter.text}` },
    ],
  });
}

const howToStopAny = ({ outbox }: Letter): MailBlock => ({
  kind: 'paragraph',
  words: [
    'You can change it or switch it off at any time: ',
    { url: autopayUrl(outbox), words: 'open autopay in the portal' },
    ', or reply to this mail.',
  ],
});

const offWords: Record<AutopayEnd, string> = {
  by_staff: 'we have switched it off',
  by_payer: 'you have switched it off',
  card_expired: 'the card has expired',
  method_blocked: 'your bank returned a debit, and the account can no longer be charged',
  method_removed: 'the payment method is no longer on file',
  method_refused: 'your bank does not accept the payment method any more',
  customer_inactive: 'we have closed your customer record',
};

/** Autopay has ended: why, and what to do. A new method does not switch it on again. */
export function autopayOffMail(letter: Letter & { why: AutopayEnd }): Written {
  const { from, reader, why } = letter;
  return write(letter, {
    subject: `Autopay is off: ${from.name}`,
    preheader: `${methodOf(reader)} is not charged any more.`,
    heading: 'Autopay is off',
    blocks: [
      {
        kind: 'paragraph',
        words:
          `Autopay with ${methodOf(reader)} is off: ${offWords[why]}. ` +
          'Invoices wait for you to pay them from now on.',
      },
      ...(why === 'by_payer' || why === 'by_staff' || why === 'customer_inactive'
        ? []
        : [
            {
              kind: 'paragraph' as const,
              words: 'Storing another payment method does not switch it on again; you do that yourself.',
            },
            {
              kind: 'button' as const,
              words: 'Open autopay in the portal',
              url: autopayUrl(letter.outbox),
            },
          ]),
    ],
  });
}

/** To the organization: whose autopay has ended by itself. */
export function autopayOffCopyMail(
  letter: Letter & { why: string; customerName: string; foot: Foot },
): Written {
  const { from, outbox, reader, customerName, why } = letter;
  return {
    subject: `Autopay is off: ${customerName}`,
    ...renderMail({
      organization: mailOrganization(from, outbox),
      preheader: `${methodOf(reader)}: ${why}.`,
      heading: `Autopay of ${customerName} is off`,
      blocks: [
        {
          kind: 'paragraph',
          words:
            `Autopay with ${methodOf(reader)} has been switched off: ${why}. ` +
            'A new payment method does not switch it on again: you or the customer do that.',
        },
        {
          kind: 'button',
          words: 'Open the customer',
          url: `${outbox.baseUrl}/console/customers/${reader.customerId}`,
        },
      ],
      footer: letter.foot,
    }),
  };
}
