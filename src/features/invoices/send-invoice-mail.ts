import type { FeeNote } from '#features/card-fees/note-rules.ts';
import {
  type Correspondent,
  footerOf,
  mailOrganization,
} from '#features/correspondence/mail-organization.ts';
import {
  invoiceValues,
  type MergeValues,
  mergeLine,
  mergeText,
} from '#features/correspondence/merge-fields.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import type { MailedFiles } from '#features/files/mailed-files.ts';
import { daysLate, type InvoiceFacts, payableNow, stateOfInvoice } from '#features/invoices/rules.ts';
import { addressLines } from '#lib/address-lines.ts';
import { type CalendarDate, formatDate } from '#lib/dates.ts';
import { formatMoney } from '#lib/money.ts';
import type { MailBlock } from '#ui/mail-blocks.ts';
import { renderMail } from '#ui/mail-layout.ts';

export const defaultSubject = 'Invoice {{invoice.number}} from {{organization.name}}';
export const defaultBody = `Hello {{customer.first_name}},

Thank you for your business. Invoice {{invoice.number}} is ready: {{invoice.balance_due}}, due {{invoice.due_date}}.

You can pay it online with the button below.`;
const settledBody = `Hello {{customer.first_name}},

Here is a copy of invoice {{invoice.number}} for your records.`;

const opensWithoutSignIn =
  'The button opens the invoice online, without a sign-in; whoever has this mail can open it too.';

export type MailedInvoice = InvoiceFacts & {
  number: string;
  currency: string;
  total: bigint;
  applied: bigint;
  credited: bigint;
  invoiceDate: CalendarDate;
  poNumber: string | null;
  displayName: string;
  businessName: string | null;
  firstName: string | null;
  lastName: string | null;
};

export type InvoiceMail = {
  from: Correspondent;
  outbox: Outbox;
  invoice: MailedInvoice;
  link: string;
  today: CalendarDate;
  hasPdf: boolean;
  subject?: string | undefined;
  body?: string | undefined;
  /** What paying by card costs on top. */
  fee?: FeeNote | undefined;
  /** What the words may name besides the invoice. */
  values?: MergeValues | undefined;
  files?: MailedFiles | undefined;
};

/**
 * The mail of an invoice: the organization's words, then the facts that every such mail states, and one way
 * to pay.
 */
export function invoiceMail(mail: InvoiceMail): { subject: string; html: string; text: string } {
  const { from, invoice } = mail;
  const isOwed = payableNow(invoice) > 0n;
  const { subject, body } = wordsOfInvoice(mail);
  const amount = amountBlock(mail);
  const blocks: MailBlock[] = [
    ...paragraphs(body),
    amount,
    { kind: 'button', words: isOwed ? 'Pay this invoice' : 'View this invoice', url: mail.link },
    { kind: 'facts', rows: factsOf(mail) },
    ...feeBlocks(mail.fee),
    ...fileBlocks(mail.files),
    {
      kind: 'small',
      words: mail.hasPdf ? `The invoice is attached as a PDF. ${opensWithoutSignIn}` : opensWithoutSignIn,
    },
  ];
  return {
    subject,
    ...renderMail({
      organization: mailOrganization(from, mail.outbox),
      preheader: `${amount.label} ${amount.amount}. ${amount.note}`,
      heading: `Invoice ${invoice.number}`,
      blocks,
      footer: footerOf(from, `You receive this invoice because ${from.name} bills ${invoice.displayName}.`),
    }),
  };
}

/** Subject and body with the values in: of this sending, or of the organization, or ours. */
export function wordsOfInvoice(mail: Omit<InvoiceMail, 'outbox' | 'hasPdf' | 'files'>): {
  subject: string;
  body: string;
} {
  const { from, invoice } = mail;
  const usual = payableNow(invoice) > 0n ? defaultBody : settledBody;
  const values = { ...valuesOfInvoice(mail), 'card_fee.notice': mail.fee?.sentence ?? null, ...mail.values };
  return {
    subject: mergeLine(mail.subject ?? from.invoiceMessageSubject ?? defaultSubject, values),
    body: mergeText(mail.body ?? from.invoiceMessageBody ?? usual, values),
  };
}

/** What paying by card costs on top stands in every mail that asks to pay, whatever its words are. */
export const feeBlocks = (fee: FeeNote | undefined): MailBlock[] =>
  fee ? [{ kind: 'small', words: fee.sentence }] : [];

const fileBlocks = (
  { attached, linked }: MailedFiles = { fileIds: [], attached: [], linked: [] },
): MailBlock[] => [
  ...(attached.length > 0 ? [{ kind: 'small' as const, words: `Attached: ${attached.join(', ')}.` }] : []),
  ...linked.map(({ name, url }) => ({
    kind: 'small' as const,
    words: ['Too large to attach: ', { url, words: name }],
  })),
];

/** What the words of a message about one invoice may name. */
export const valuesOfInvoice = ({
  from,
  invoice,
  today,
  link,
}: Pick<InvoiceMail, 'from' | 'invoice' | 'today' | 'link'>): MergeValues =>
  invoiceValues({
    today,
    locale: from.locale,
    link,
    customer: invoice,
    invoice,
    organization: { ...from, addressLines: addressLines(from.address) },
  });

/** Words with empty lines between them, as blocks of a mail. */
export const paragraphs = (words: string): MailBlock[] =>
  words
    .slice(0, 20_000)
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => ({ kind: 'paragraph', words: part }));

function amountBlock({
  from,
  invoice,
  today,
}: InvoiceMail): Extract<MailBlock, { kind: 'amount' }> & { note: string } {
  const money = (amount: bigint) => formatMoney(amount, invoice.currency, from.locale);
  const due = formatDate(invoice.dueDate, from.locale);
  const state = stateOfInvoice(invoice);
  if (state === 'paid')
    return {
      kind: 'amount',
      label: 'Balance due',
      amount: money(0n),
      note: 'This invoice is paid. Nothing is due.',
    };
  if (state === 'pending') {
    return {
      kind: 'amount',
      label: 'Balance due',
      amount: money(invoice.balanceDue),
      note: 'A payment for it is being processed. There is nothing to do.',
    };
  }
  const note = daysLate(invoice, today) > 0 ? `Was due ${due}` : `Due ${due}`;
  return invoice.reserved > 0n
    ? {
        kind: 'amount',
        label: 'Due now',
        amount: money(payableNow(invoice)),
        note: `${note}. A payment of ${money(invoice.reserved)} is being processed.`,
      }
    : { kind: 'amount', label: 'Balance due', amount: money(invoice.balanceDue), note };
}

function factsOf({ from, invoice, fee }: InvoiceMail): [string, string][] {
  const money = (amount: bigint) => formatMoney(amount, invoice.currency, from.locale);
  return [
    ['Invoice number', invoice.number],
    ['Payable to', from.name],
    ['Billed to', invoice.displayName],
    ['Invoice date', formatDate(invoice.invoiceDate, from.locale)],
    ['Due date', formatDate(invoice.dueDate, from.locale)],
    ...(invoice.poNumber ? [['PO number', invoice.poNumber] as [string, string]] : []),
    ['Invoice total', money(invoice.total)],
    ...(fee?.prices ?? []).map(({ label, amount }): [string, string] => [label, money(amount)]),
    ...(invoice.applied > 0n ? [['Paid so far', money(invoice.applied)] as [string, string]] : []),
    ...(invoice.credited > 0n ? [['Credits', money(invoice.credited)] as [string, string]] : []),
  ];
}
