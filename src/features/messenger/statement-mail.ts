import type { FeeNote } from '#features/card-fees/note-rules.ts';
import {
  type Correspondent,
  footerOf,
  mailOrganization,
} from '#features/correspondence/mail-organization.ts';
import { type MergeValues, mergeLine, mergeText } from '#features/correspondence/merge-fields.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import type { Template } from '#features/correspondence/templates.ts';
import { feeBlocks, paragraphs } from '#features/invoices/send-invoice-mail.ts';
import type { TotalsOfInvoices } from '#features/messenger/tell-rules.ts';
import { type CalendarDate, formatDate } from '#lib/dates.ts';
import { formatMoney } from '#lib/money.ts';
import { renderMail } from '#ui/mail-layout.ts';

/** The mail names the oldest; the page behind its button has all of them. */
const mostListed = 50;

export type StatementMail = {
  from: Correspondent;
  outbox: Outbox;
  words: Template;
  values: MergeValues;
  customerName: string;
  link: string;
  today: CalendarDate;
  /** The earliest due first. */
  invoices: readonly { number: string; dueDate: CalendarDate; balanceDue: bigint }[];
  totals: TotalsOfInvoices;
  fee?: FeeNote | undefined;
};

/** Several invoices in one mail: the words, what they come to, each of them, and one way to pay all. */
export function statementMail(mail: StatementMail): { subject: string; html: string; text: string } {
  const { from, totals, invoices } = mail;
  const money = (amount: bigint): string => formatMoney(amount, from.currency, from.locale);
  const day = (date: CalendarDate): string => formatDate(date, from.locale);
  const balance = money(totals.balanceDue);
  const note = [
    totals.pastDue > 0n ? `Of this ${money(totals.pastDue)} is past due.` : 'None of it is past due.',
    totals.reserved > 0n ? `A payment of ${money(totals.reserved)} is being processed.` : '',
  ]
    .join(' ')
    .trim();
  const more = invoices.length - mostListed;
  return {
    subject: mergeLine(mail.words.subject, mail.values),
    ...renderMail({
      organization: mailOrganization(from, mail.outbox),
      preheader: `Balance due ${balance}. ${note}`,
      heading: 'Your open invoices',
      blocks: [
        ...paragraphs(mergeText(mail.words.body, mail.values)),
        { kind: 'amount', label: 'Balance due', amount: balance, note },
        { kind: 'button', words: 'See and pay your invoices', url: mail.link },
        {
          kind: 'table',
          head: ['Invoice', 'Due', 'Balance due'],
          rows: invoices
            .slice(0, mostListed)
            .map((each) => [
              each.number,
              each.dueDate < mail.today ? `${day(each.dueDate)}, past due` : day(each.dueDate),
              money(each.balanceDue),
            ]),
          ...(more > 0 ? {} : { total: ['Balance due', balance] as const }),
        },
        ...(more > 0
          ? [{ kind: 'small' as const, words: `And ${more} more ${more === 1 ? 'invoice' : 'invoices'}.` }]
          : []),
        ...feeBlocks(mail.fee),
        {
          kind: 'small',
          words:
            'Have you paid already? Thank you: it shows here once it arrives. The button opens your invoices ' +
            'online, without a sign-in; whoever has this mail can open them too.',
        },
      ],
      footer: footerOf(from, `You receive this mail because ${from.name} bills ${mail.customerName}.`),
    }),
  };
}
