import { channelsOf, type MessageType } from '#features/correspondence/channel-rules.ts';
import { type InvoiceFacts, stateOfInvoice } from '#features/invoices/rules.ts';
import { addDays, addMonths, type CalendarDate } from '#lib/dates.ts';

/** When a new invoice goes out: as it is issued, on its date, some days after it was issued, or never. */
export const newInvoiceWhens = ['created', 'invoice_date', 'delay', 'never'] as const;
export type NewInvoiceWhen = (typeof newInvoiceWhens)[number];

/** What an organization has set for the messages that go out by themselves. */
export type MessengerRule = {
  /** Null holds everything. */
  automaticMessagesSince: Date | null;
  newInvoiceWhen: NewInvoiceWhen;
  newInvoiceDelayDays: number;
  newInvoicesSince: Date | null;
  sendToInactive: boolean;
};

/** An invoice with what its customer has set; `messageCells` are the parent's where it bills with one. */
export type AddressedInvoice = InvoiceFacts & {
  invoiceDate: CalendarDate;
  /** The day on which it was issued, in the organization's time zone. */
  issuedOn: CalendarDate | null;
  firstSentAt: Date | null;
  /** It came in a file whose importer did not ask to have it sent: its customer has it already. */
  importIsQuiet: boolean;
  customerIsActive: boolean;
  mayBeContacted: boolean;
  messageCells: readonly string[];
  /** When autopay charges it, or has; null where it does not. */
  autopayOn: CalendarDate | null;
};

type Asked = { rule: MessengerRule; invoice: AddressedInvoice; today: CalendarDate; now: Date };
type Check = { name: string; holds: (asked: Asked) => boolean };

export const isLive = (
  { automaticMessagesSince }: Pick<MessengerRule, 'automaticMessagesSince'>,
  now: Date,
): boolean => automaticMessagesSince !== null && automaticMessagesSince <= now;

/** What must hold for any message that goes out by itself about an invoice that is to be paid. */
const ofEveryMessage = (type: MessageType): Check[] => [
  { name: 'held_until_live', holds: ({ rule, now }) => isLive(rule, now) },
  { name: 'not_open', holds: ({ invoice }) => stateOfInvoice(invoice) === 'open' },
  {
    name: 'customer_inactive',
    holds: ({ rule, invoice }) => invoice.customerIsActive || rule.sendToInactive,
  },
  { name: 'customer_may_be_contacted', holds: ({ invoice }) => invoice.mayBeContacted },
  { name: 'no_channel', holds: ({ invoice }) => channelsOf(invoice.messageCells, type).length > 0 },
];

const ofNewInvoice: readonly Check[] = [
  { name: 'sent_before', holds: ({ invoice }) => invoice.firstSentAt === null },
  { name: 'import_is_quiet', holds: ({ invoice }) => !invoice.importIsQuiet },
  { name: 'rule_is_never', holds: ({ rule }) => rule.newInvoiceWhen !== 'never' },
  {
    name: 'issued_before_live',
    holds: ({ rule, invoice }) =>
      rule.newInvoicesSince === null ||
      (invoice.issuedAt !== null && invoice.issuedAt >= rule.newInvoicesSince),
  },
  {
    name: 'not_its_day_yet',
    holds: ({ rule, invoice, today }) => {
      const day = newInvoiceDay(rule, invoice);
      return day !== undefined && day <= today;
    },
  },
  {
    // Charged by then, its customer has the receipt, or word that the charge failed and how to pay.
    name: 'autopay_pays_it',
    holds: ({ rule, invoice }) => {
      const day = newInvoiceDay(rule, invoice);
      return invoice.autopayOn === null || day === undefined || invoice.autopayOn > day;
    },
  },
  ...ofEveryMessage('new_invoice'),
];

const ofInvoiceUpdated: readonly Check[] = [
  { name: 'never_sent', holds: ({ invoice }) => invoice.firstSentAt !== null },
  ...ofEveryMessage('invoice_updated'),
];

const firstThatFails = (checks: readonly Check[], asked: Asked): string | undefined =>
  checks.find(({ holds }) => !holds(asked))?.name;

/** The rule that keeps a new invoice from going out now; undefined when it goes. */
export const whyNotNewInvoice = (asked: Asked): string | undefined => firstThatFails(ofNewInvoice, asked);

/** The rule that keeps the news of a change from going out; undefined when it goes. */
export const whyNotUpdated = (asked: Asked): string | undefined => firstThatFails(ofInvoiceUpdated, asked);

/** The day from which a new invoice goes out; undefined when it does not. */
export function newInvoiceDay(
  rule: Pick<MessengerRule, 'newInvoiceWhen' | 'newInvoiceDelayDays'>,
  invoice: Pick<AddressedInvoice, 'issuedOn' | 'invoiceDate'>,
): CalendarDate | undefined {
  const { issuedOn, invoiceDate } = invoice;
  if (issuedOn === null) return undefined;
  switch (rule.newInvoiceWhen) {
    case 'created':
      return issuedOn;
    case 'invoice_date':
      return invoiceDate;
    case 'delay':
      return addDays(issuedOn, rule.newInvoiceDelayDays);
    case 'never':
      return undefined;
  }
}

/** A document as its event keeps it (`snapshotOf`). */
export type DocumentSnapshot = { customer_id: string; due_date: string; total: number; lines: unknown };

/** Does a revision concern the customer: another line, amount or due date, or is it another's now? */
export const concernsCustomer = (before: DocumentSnapshot, after: DocumentSnapshot): boolean =>
  before.customer_id !== after.customer_id ||
  before.due_date !== after.due_date ||
  before.total !== after.total ||
  JSON.stringify(before.lines) !== JSON.stringify(after.lines);

/** The last day on which statements were due, today included: the last of the month where it is shorter. */
export function statementDayUpTo(today: CalendarDate, day: number): CalendarDate {
  const inMonth = (first: CalendarDate): CalendarDate => {
    const last = addDays(addMonths(first, 1), -1);
    const wanted = addDays(first, day - 1);
    return wanted < last ? wanted : last;
  };
  const first = `${today.slice(0, 8)}01`;
  const here = inMonth(first);
  return here <= today ? here : inMonth(addMonths(first, -1));
}
