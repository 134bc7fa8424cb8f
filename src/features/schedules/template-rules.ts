import { untaxed } from '#features/invoices/line-rules.ts';
import { type LineInput, type Totals, totalsOf } from '#features/invoices/rules.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { currencyDigits, formatMoney, maxAmount } from '#lib/money.ts';

/** What each invoice of a schedule says; its number and dates come with its day. Kept as it is, in JSON. */
export type InvoiceTemplate = {
  lines: readonly (Omit<LineInput, 'amount'> & { amount: string | null })[];
  terms: string | null;
  poNumber: string | null;
  memo: string | null;
  discountTerms?: string | undefined;
};

export const templateOf = (draft: {
  lines: readonly LineInput[];
  terms?: string | null | undefined;
  poNumber?: string | null | undefined;
  memo?: string | null | undefined;
  discountTerms?: string | undefined;
}): InvoiceTemplate => ({
  lines: draft.lines.map((line) => ({ ...line, amount: line.amount?.toString() ?? null })),
  terms: draft.terms ?? null,
  poNumber: draft.poNumber ?? null,
  memo: draft.memo ?? null,
  discountTerms: draft.discountTerms ?? '',
});

const lineOf = (line: InvoiceTemplate['lines'][number]): LineInput => ({
  ...line,
  amount: line.amount === null ? undefined : BigInt(line.amount),
});

/** Lines and totals of each invoice, or the refusal of a template that no invoice could be made of. */
export function totalsOfTemplate(template: InvoiceTemplate, currency: string, isExempt = false): Totals {
  const lines = template.lines.map(lineOf);
  const totals = totalsOf(
    isExempt ? lines.map(untaxed) : lines,
    currencyDigits(currency),
    template.discountTerms,
  );
  if (totals.total < 0n)
    throw new Refusal('invalid_request', { message: 'The total is below zero.', param: 'lines' });
  const { subtotal, tax, total } = totals;
  const amounts = [subtotal, tax, total, ...totals.lines.map((line) => line.amount)];
  if (amounts.some((amount) => amount > maxAmount || amount < -maxAmount)) {
    const message = `An amount is above ${formatMoney(maxAmount, currency)}, the most that an invoice may say.`;
    throw new Refusal('invalid_request', { message, param: 'lines' });
  }
  return totals;
}

/** The invoice of one day: dated on it, whenever it is made. */
export const invoiceOfDay = (
  schedule: {
    customerId: string;
    currency: string;
    document: InvoiceTemplate;
    dueDays: number;
    taxExemptReason: string | null;
  },
  day: CalendarDate,
  number: string,
) => ({
  ...totalsOfTemplate(schedule.document, schedule.currency, schedule.taxExemptReason !== null),
  taxExemptReason: schedule.taxExemptReason,
  customerId: schedule.customerId,
  currency: schedule.currency,
  number,
  invoiceDate: day,
  dueDate: addDays(day, schedule.dueDays),
  terms: schedule.document.terms,
  poNumber: schedule.document.poNumber,
  memo: schedule.document.memo,
  discountTerms: schedule.document.discountTerms,
});
