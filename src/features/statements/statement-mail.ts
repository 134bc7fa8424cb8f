import {
  type Correspondent,
  footerOf,
  mailOrganization,
} from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { type CalendarDate, formatDate } from '#lib/dates.ts';
import { formatMoney } from '#lib/money.ts';
import type { MailBlock } from '#ui/mail-blocks.ts';
import { renderMail } from '#ui/mail-layout.ts';

/** The mail names the oldest; the page behind its button has all of them. */
export const mostListed = 10;

export type StatementMail = {
  from: Correspondent;
  outbox: Outbox;
  customer: { displayName: string; firstName: string | null };
  url: string;
  today: CalendarDate;
  totals: { balanceDue: bigint; pastDue: bigint };
  oldest: readonly { number: string; dueDate: CalendarDate; balanceDue: bigint }[];
  /** How many open invoices there are besides; none when below one. */
  more: number;
};

/** What a customer owes: the balance, the oldest invoices, and one way to see and pay all of them. */
export function statementMail(mail: StatementMail): { subject: string; html: string; text: string } {
  const { from, customer, totals, more } = mail;
  const money = (amount: bigint): string => formatMoney(amount, from.currency, from.locale);
  const balance = money(totals.balanceDue);
  const late =
    totals.pastDue > 0n ? `Of this ${money(totals.pastDue)} is past due.` : 'None of it is past due.';
  const blocks: MailBlock[] = [
    { kind: 'paragraph', words: customer.firstName ? `Hello ${customer.firstName},` : 'Hello,' },
    {
      kind: 'paragraph',
      words:
        `${from.name} has these invoices of ${customer.displayName} open. You can pay all of them, ` +
        'or those you choose, in one payment.',
    },
    { kind: 'amount', label: 'Balance due', amount: balance, note: late },
    { kind: 'button', words: 'See and pay your invoices', url: mail.url },
    {
      kind: 'table',
      head: ['Invoice', 'Due', 'Balance due'],
      rows: mail.oldest.map((each) => [
        each.number,
        each.dueDate < mail.today
          ? `${formatDate(each.dueDate, from.locale)}, past due`
          : formatDate(each.dueDate, from.locale),
        money(each.balanceDue),
      ]),
      ...(more > 0 ? {} : { total: ['Balance due', balance] as const }),
    },
    ...(more > 0
      ? [{ kind: 'small' as const, words: `And ${more} more ${more === 1 ? 'invoice' : 'invoices'}.` }]
      : []),
    {
      kind: 'small',
      words:
        'Have you paid already? Thank you: it shows here once it arrives. The button opens your invoices ' +
        'online, without a sign-in; whoever has this mail can open them too.',
    },
  ];
  return {
    subject: `Statement from ${from.name}: ${balance} open`,
    ...renderMail({
      organization: mailOrganization(from, mail.outbox),
      preheader: `Balance due ${balance}. ${late}`,
      heading: 'Your open invoices',
      blocks,
      footer: footerOf(from, `You receive this mail because ${from.name} bills ${customer.displayName}.`),
    }),
  };
}
