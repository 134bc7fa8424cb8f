import type { CreditMemo } from '#features/credit-memos/ui/staff/credit-memo-words.tsx';
import {
  bodyLines,
  type DraftLine,
  emptyLine,
  type Habit,
  lineErrors,
  lineFrom,
} from '#features/invoices/ui/staff/draft-lines.ts';
import type { Invoice } from '#features/invoices/ui/staff/invoice-form-values.ts';

export type Values = {
  customer_id: string;
  memo_date: string;
  reason: string;
  lines: DraftLine[];
};

export const blankCredit = (today: string, customerId = ''): Values => ({
  customer_id: customerId,
  memo_date: today,
  reason: '',
  lines: [emptyLine()],
});

/** A draft, to be typed again. */
export const valuesOfCredit = (memo: CreditMemo, habit: Habit): Values => ({
  customer_id: memo.customer_id,
  memo_date: memo.memo_date,
  reason: memo.reason ?? '',
  lines: (memo.lines ?? []).map((line) => lineFrom(line, habit)),
});

/** A draft whose tax the form can say: one with tax as an amount is changed where it was written. */
export const isTypable = ({ state, lines = [] }: CreditMemo): boolean =>
  state === 'draft' && lines.every(({ tax }) => tax === 0n);

/** What an invoice charged, to be credited whole or in part: each line less its share of the discount. */
export function valuesOfInvoice(invoice: Invoice, habit: Habit, today: string): Values {
  const { discount, subtotal } = invoice;
  let [summed, taken] = [0n, 0n];
  const lines = (invoice.lines ?? []).map((line) => {
    const typed = lineFrom(line, habit);
    if (discount === 0n) return typed;
    summed += line.amount;
    const share = (discount * summed) / subtotal - taken;
    taken += share;
    return { ...typed, amount: line.amount - share };
  });
  return {
    customer_id: invoice.customer_id,
    memo_date: today,
    reason: `For invoice ${invoice.number}`,
    lines,
  };
}

export const checksOfCredit = (habit: Habit) => ({
  customer_id: (id: string) => (id ? null : 'Choose whom it is for'),
  lines: (lines: DraftLine[]) => (lineErrors(lines, habit).size > 0 ? 'Some lines are not complete' : null),
});

export const bodyOfCredit = (values: Values, habit: Habit) => ({
  customer_id: values.customer_id,
  lines: bodyLines(values.lines, habit),
  ...(values.memo_date ? { memo_date: values.memo_date } : {}),
  ...(values.reason.trim() ? { reason: values.reason } : {}),
});

/** It says enough for a page to be set. */
export const isCredit = (values: Values, habit: Habit): boolean =>
  values.customer_id !== '' && lineErrors(values.lines, habit).size === 0;
