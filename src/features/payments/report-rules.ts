import { cardFeeLabels } from '#features/card-fees/word-rules.ts';
import type { Payment } from '#features/payments/api.ts';
import { turnWords } from '#features/payments/result-rules.ts';
import { methodWords, sourceWords, stateLabel } from '#features/payments/word-rules.ts';
import { type CalendarDate, daysBetween } from '#lib/dates.ts';
import { toDecimal } from '#lib/money.ts';

export type PaymentView = 'all' | 'in_progress' | 'unanswered' | 'succeeded' | 'rejected' | 'voided';
export type ReportColumn =
  | 'received'
  | 'customer'
  | 'method'
  | 'invoices'
  | 'result'
  | 'waiting'
  | 'next'
  | 'unapplied'
  | 'fee'
  | 'refunded'
  | 'amount';

const whole: readonly ReportColumn[] = [
  'received',
  'customer',
  'method',
  'invoices',
  'result',
  'fee',
  'refunded',
  'unapplied',
  'amount',
];

/** The one list of what each view shows: the table in the console and the file are both made from it. */
export const columnsOfView: Record<PaymentView, readonly ReportColumn[]> = {
  all: whole,
  succeeded: whole,
  in_progress: ['received', 'customer', 'method', 'invoices', 'result', 'waiting', 'next', 'amount'],
  unanswered: ['received', 'customer', 'method', 'invoices', 'result', 'waiting', 'next', 'amount'],
  rejected: ['received', 'customer', 'method', 'result', 'next', 'invoices', 'amount'],
  voided: ['received', 'customer', 'method', 'invoices', 'result', 'fee', 'amount'],
};

/** Days that a payment has been under way. */
export const waitedDays = (payment: Pick<Payment, 'received_on'>, today: CalendarDate): number =>
  Math.max(0, daysBetween(payment.received_on, today));

/** Later than banks usually need: somebody should ask. */
export const isLate = (payment: Pick<Payment, 'result'>, today: CalendarDate): boolean =>
  payment.result.expected_on !== null && payment.result.expected_on < today;

/** The reason in words, where it says more than the state does. */
export const reasonOf = ({
  result,
  state,
  kind,
}: Pick<Payment, 'result' | 'state' | 'kind'>): string | null =>
  result.title === stateLabel(state, kind) ? null : result.title;

/** What staff would name on the phone: the network's code of a return, or else the gateway's own. */
export const shownCode = ({ state, result, gateway_said: said }: Payment): string | null =>
  state === 'returned' ? result.code : (said?.code ?? null);

type Cell = readonly [
  heading: string,
  text: (payment: Payment, today: CalendarDate) => string,
  /** How a spreadsheet counts it; text unless told. */
  kind?: 'money' | 'date' | 'count',
];
const money = (heading: string, pick: (payment: Payment) => bigint): Cell => [
  heading,
  (payment) => toDecimal(pick(payment), payment.currency),
  'money',
];

/** What a column is in a file: plain amounts, dates as they are kept, and a column for each thing shown. */
const cells: Record<ReportColumn, readonly Cell[]> = {
  received: [['Received on', ({ received_on: date }) => date, 'date']],
  customer: [['Customer', ({ customer_name: name }) => name]],
  method: [
    ['Method', methodWords],
    ['Source', ({ source }) => sourceWords[source]],
    ['Gateway account', ({ gateway_account: gateway }) => gateway?.name ?? ''],
  ],
  invoices: [
    ['Invoices', ({ invoices }) => numbersOf(invoices)],
    ['Number of invoices', ({ invoices }) => String(invoices.count), 'count'],
    ['Invoices still open', ({ invoices }) => String(invoices.open), 'count'],
  ],
  result: [
    ['State', ({ state, kind }) => stateLabel(state, kind)],
    ['Code', (payment) => shownCode(payment) ?? ''],
    ['Reason', (payment) => reasonOf(payment) ?? ''],
  ],
  waiting: [
    ['Days under way', (payment, today) => String(waitedDays(payment, today)), 'count'],
    ['Expected to settle on', ({ result }) => result.expected_on ?? '', 'date'],
  ],
  next: [
    ['Next', ({ result }) => result.next ?? ''],
    ['Turn', ({ result }) => (result.turn ? turnWords[result.turn] : '')],
  ],
  unapplied: [money('Unapplied', ({ unapplied }) => unapplied)],
  fee: [
    money('Fee', ({ fee }) => fee),
    ['Kind of fee', ({ fee_kind: kind }) => (kind ? cardFeeLabels[kind] : '')],
  ],
  refunded: [money('Refunded', ({ refunded }) => refunded)],
  amount: [['Currency', ({ currency }) => currency], money('Amount', ({ amount }) => amount)],
};

const numbersOf = ({ first, count }: Payment['invoices']): string => {
  const more = count > first.length ? [`${count - first.length} more`] : [];
  return [...first.map(({ invoice_number: number }) => number), ...more].join(', ');
};

/** The columns of a view's file; the id stands for the link that a row is on the page. */
export const fileColumns = (view: PaymentView): readonly Cell[] => [
  ['Id', ({ id }) => id],
  ...columnsOfView[view].flatMap((column) => cells[column]),
];
