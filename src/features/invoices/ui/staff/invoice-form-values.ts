import type { z } from 'zod';
import type { zInvoice } from '#features/invoices/api.ts';
import { isPlaceholder } from '#features/invoices/numbering-rules.ts';
import type { DraftLine, Habit } from '#features/invoices/ui/staff/draft-lines.ts';
import {
  bodyLines,
  emptyLine,
  lineErrors,
  lineFrom,
  readDiscount,
} from '#features/invoices/ui/staff/draft-lines.ts';
import { decimalMark } from '#lib/money.ts';

export type Invoice = z.output<typeof zInvoice>;
export type Values = {
  customer_id: string;
  number: string;
  invoice_date: string;
  due_date: string;
  terms_id: string;
  terms: string;
  po_number: string;
  memo: string;
  discount: string;
  lines: DraftLine[];
};

export const blankValues = (today: string, customerId = ''): Values => ({
  customer_id: customerId,
  number: '',
  invoice_date: today,
  due_date: '',
  terms_id: '',
  terms: '',
  po_number: '',
  memo: '',
  discount: '',
  lines: [emptyLine()],
});

/** A draft to be written on, or, as a copy, an invoice of today that says the same. */
export function valuesOf(invoice: Invoice, habit: Habit, copyOn?: string): Values {
  const isCopy = copyOn !== undefined;
  return {
    customer_id: invoice.customer_id,
    number: isCopy || isPlaceholder(invoice.number) ? '' : invoice.number,
    invoice_date: copyOn ?? invoice.invoice_date,
    due_date: isCopy ? '' : invoice.due_date,
    terms_id: '',
    terms: invoice.terms ?? '',
    po_number: isCopy ? '' : (invoice.po_number ?? ''),
    memo: invoice.memo ?? '',
    discount: invoice.discount_terms.replace('.', decimalMark(habit.locale)),
    lines: (invoice.lines ?? []).map((line) =>
      lineFrom(isCopy ? { ...line, service_date: null } : line, habit),
    ),
  };
}

export const checksOf = (habit: Habit) => ({
  customer_id: (id: string) => (id ? null : 'Choose who owes this'),
  due_date: (date: string, all: Values) =>
    date && date < all.invoice_date ? 'This is before the invoice date' : null,
  discount: (text: string) =>
    readDiscount(text, habit) === undefined ? 'A percentage such as 10%, or an amount' : null,
  lines: (lines: DraftLine[]) => (lineErrors(lines, habit).size > 0 ? 'Some lines are not complete' : null),
});

/** What is sent; undefined while it says too little to be one. */
export function bodyOf(values: Values, habit: Habit) {
  const { customer_id, lines, discount, ...rest } = values;
  const texts = Object.fromEntries(Object.entries(rest).filter(([, text]) => text.trim() !== ''));
  return {
    ...texts,
    customer_id,
    discount: readDiscount(discount, habit) ?? '',
    lines: bodyLines(lines, habit),
  };
}

export const isWritable = (values: Values, habit: Habit): boolean => {
  const checks = checksOf(habit);
  return (
    !checks.customer_id(values.customer_id) &&
    !checks.due_date(values.due_date, values) &&
    !checks.discount(values.discount) &&
    !checks.lines(values.lines)
  );
};
