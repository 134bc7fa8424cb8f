import type { FeeNote } from '#features/card-fees/note-rules.ts';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import type { Correspondent } from '#features/correspondence/mail-organization.ts';
import { type MergeValues, mergeLine, mergeText } from '#features/correspondence/merge-fields.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import type { NewMessage } from '#features/correspondence/queue-messages.ts';
import type { Template } from '#features/correspondence/templates.ts';
import type { MailedFiles } from '#features/files/mailed-files.ts';
import { invoiceMail, valuesOfInvoice } from '#features/invoices/send-invoice-mail.ts';
import type { ToldCustomer, ToldInvoiceRow } from '#features/messenger/read-told.ts';
import { statementMail } from '#features/messenger/statement-mail.ts';
import { totalsOfInvoices, valuesOfSeveral } from '#features/messenger/tell-rules.ts';
import { type CalendarDate, formatDate } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { formatMoney } from '#lib/money.ts';

export type Composition = {
  from: Correspondent;
  outbox: Outbox;
  today: CalendarDate;
  customer: ToldCustomer;
  /** The earliest due first; one makes the mail of an invoice, several that of a statement. */
  invoices: readonly ToldInvoiceRow[];
  /** More than one, or a statement of one. */
  isStatement: boolean;
  link: string;
  values: MergeValues;
  hasPdf: boolean;
  /** Of its one invoice. */
  files?: MailedFiles | undefined;
  /** What paying by card costs on top. */
  fee?: FeeNote | undefined;
};

/** What a message says in a channel. */
export function composeMessage(
  made: Composition,
  channel: Channel,
  words: Template,
): Pick<NewMessage, 'subject' | 'html' | 'text'> {
  const values = valuesOf(made);
  if (channel === 'sms') return { subject: '', html: '', text: mergeLine(words.body, values) };
  if (channel === 'paper')
    return {
      subject: mergeLine(words.subject, values),
      html: '',
      text: [
        mergeText(words.body, values),
        ...(made.isStatement ? [listed(made)] : []),
        ...(made.fee ? [made.fee.sentence] : []),
      ].join('\n\n'),
    };
  const { from, outbox, today, link } = made;
  if (made.isStatement) {
    const { customerName } = made.customer;
    const totals = totalsOfInvoices(made.invoices, today);
    return statementMail({ ...made, words, values, customerName, totals });
  }
  const [invoice] = made.invoices;
  return invoiceMail({
    ...{ from, outbox, today, link, values, ...words },
    invoice: must(invoice, 'the invoice of the message'),
    hasPdf: made.hasPdf,
    fee: made.fee,
    files: made.files,
  });
}

function valuesOf({
  from,
  today,
  link,
  customer,
  invoices,
  isStatement,
  values,
  fee,
}: Composition): MergeValues {
  const invoice = must(invoices[0], 'an invoice');
  const { firstName, lastName, businessName } = customer;
  return {
    ...valuesOfInvoice({ from, today, link, invoice }),
    'customer.display_name': customer.customerName,
    'customer.business_name': businessName,
    'customer.first_name': firstName,
    'customer.last_name': lastName,
    'card_fee.notice': fee?.sentence ?? null,
    ...(isStatement ? valuesOfSeveral(invoices, { ...from, today }) : {}),
    ...values,
  };
}

/** The invoices of a statement on paper, a line each. */
function listed({ from, invoices, today }: Composition): string {
  const money = (amount: bigint): string => formatMoney(amount, from.currency, from.locale);
  const lines = invoices.map(
    ({ number, dueDate, balanceDue }) =>
      `${number}, due ${formatDate(dueDate, from.locale)}: ${money(balanceDue)}`,
  );
  return [...lines, `Balance due: ${money(totalsOfInvoices(invoices, today).balanceDue)}`].join('\n');
}
