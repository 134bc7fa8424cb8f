import type { Channel, MessageType } from '#features/correspondence/channel-rules.ts';
import type { MergeValues } from '#features/correspondence/merge-fields.ts';
import { readersOf } from '#features/correspondence/rules.ts';
import { type InvoiceFacts, payableNow } from '#features/invoices/rules.ts';
import type { PostalAddress } from '#lib/address-lines.ts';
import { daysBetween, formatDate } from '#lib/dates.ts';
import { formatMoney } from '#lib/money.ts';

/** Who reads a message: the customer, or the parent that it bills with. */
export type Reader = {
  displayName: string;
  email: string | null;
  ccEmails: readonly string[];
  phone: string | null;
  billingAddress: PostalAddress;
};

/** Where a message can go in a channel; undefined when the reader has no such address. */
export type Place =
  | { to: string[]; cc: string[]; suppressedBy?: 'email_problem' }
  | { toPhone: string }
  | { toAddress: { name: string; address: PostalAddress } };

/**
 * Where a reader is found. Addresses with a problem are left out; when nobody else is left, the message is
 * made all the same and held back, so that somebody sees it.
 */
export function placeOf(channel: Channel, reader: Reader, problems: ReadonlySet<string>): Place | undefined {
  if (channel === 'sms') return reader.phone ? placeByPhone(reader.phone) : undefined;
  if (channel === 'paper') {
    const { displayName: name, billingAddress: address } = reader;
    return address.line1?.trim() ? { toAddress: { name, address } } : undefined;
  }
  const readers = readersOf(reader.email ? [reader.email] : [], reader.ccEmails);
  const isGood = (email: string): boolean => !problems.has(email.toLowerCase());
  const to = readers.to.filter(isGood);
  const cc = readers.cc.filter(isGood);
  if (to.length > 0) return { to, cc };
  if (cc.length > 0) return { to: cc, cc: [] };
  const all = [...readers.to, ...readers.cc];
  return all.length > 0 ? { to: all, cc: [], suppressedBy: 'email_problem' } : undefined;
}

/** What keeps a message sent by hand from going in a channel, with its remedy. */
export const noPlaceWords: Record<Channel, string> = {
  email: 'This customer has no e-mail address. Give one to the customer first.',
  sms: 'This customer has no phone number that takes text messages. Give one to the customer first.',
  paper: 'This customer has no billing address. Give one to the customer first.',
};

/** A number as people write it, in E.164; ten digits alone are of North America. */
function placeByPhone(phone: string): Place | undefined {
  const digits = phone.replace(/[^\d+]/g, '');
  const number = digits.startsWith('+')
    ? digits
    : digits.length === 10
      ? `+1${digits}`
      : digits.length === 11 && digits.startsWith('1')
        ? `+${digits}`
        : '';
  return /^\+[1-9]\d{7,14}$/.test(number) ? { toPhone: number } : undefined;
}

/**
 * Does a message of this type bring the invoice to the customer? A statement names it and a thank-you closes
 * it: neither stands in for the invoice itself.
 */
export const bringsInvoice = (type: MessageType): boolean => type !== 'statement' && type !== 'paid_invoice';

export type ToldInvoice = InvoiceFacts & { number: string; total: bigint };
export type TotalsOfInvoices = { total: bigint; balanceDue: bigint; pastDue: bigint; reserved: bigint };

export function totalsOfInvoices(invoices: readonly ToldInvoice[], today: string): TotalsOfInvoices {
  const sums = { total: 0n, balanceDue: 0n, pastDue: 0n, reserved: 0n };
  for (const invoice of invoices) {
    sums.total += invoice.total;
    sums.balanceDue += invoice.balanceDue;
    sums.reserved += invoice.reserved;
    if (invoice.dueDate < today) sums.pastDue += payableNow(invoice);
  }
  return sums;
}

/**
 * What the words of one message about several invoices may name. A field of one invoice says what holds for
 * all: their numbers, their sum, the earliest due date. They come with the earliest due first.
 */
export function valuesOfSeveral(
  invoices: readonly ToldInvoice[],
  by: { currency: string; locale: string; today: string },
): MergeValues {
  const totals = totalsOfInvoices(invoices, by.today);
  const [first] = invoices;
  const numbers = invoices.map(({ number }) => number);
  const rest = numbers.length - 3;
  const left = first ? daysBetween(by.today, first.dueDate) : 0;
  const balance = formatMoney(totals.balanceDue, by.currency, by.locale);
  return {
    'invoice.number': rest > 1 ? `${numbers.slice(0, 3).join(', ')} and ${rest} more` : numbers.join(', '),
    'invoice.amount': formatMoney(totals.total, by.currency, by.locale),
    'invoice.balance_due': balance,
    'invoice.date': '',
    'invoice.due_date': first ? formatDate(first.dueDate, by.locale) : '',
    'invoice.days_until_due': left >= 0 ? String(left) : '',
    'invoice.days_late': left < 0 ? String(-left) : '',
    'invoice.po_number': '',
    'statement.total': balance,
    'statement.count': String(invoices.length),
  };
}
