import type { Estimate } from '#features/estimates/ui/staff/estimate-words.tsx';
import {
  bodyLines,
  type DraftLine,
  emptyLine,
  type Habit,
  lineErrors,
  lineFrom,
  readDiscount,
} from '#features/invoices/ui/staff/draft-lines.ts';
import { addDays } from '#lib/dates.ts';
import { decimalMark, parseDecimal, toDecimal } from '#lib/money.ts';

export type Values = {
  customer_id: string;
  expires_on: string;
  po_number: string;
  /** As it is typed: `30%`, or an amount. */
  deposit: string;
  deposit_at_once: boolean;
  discount: string;
  memo: string;
  lines: DraftLine[];
};

export const blankEstimate = (today: string, customerId = ''): Values => ({
  customer_id: customerId,
  expires_on: addDays(today, 30),
  po_number: '',
  deposit: '',
  deposit_at_once: true,
  discount: '',
  memo: '',
  lines: [emptyLine()],
});

/** An estimate that nobody has answered, to be typed again. */
export function valuesOfEstimate(estimate: Estimate, habit: Habit): Values {
  const typed = (decimal: string): string => decimal.replace('.', decimalMark(habit.locale));
  const { deposit_percent: percent, deposit, currency } = estimate;
  const asked = percent !== null ? `${percent}%` : deposit > 0n ? toDecimal(deposit, currency) : '';
  return {
    customer_id: estimate.customer_id,
    expires_on: estimate.expires_on,
    po_number: estimate.po_number ?? '',
    deposit: typed(asked),
    deposit_at_once: estimate.deposit_at_once,
    discount: typed(estimate.discount_terms),
    memo: estimate.memo ?? '',
    lines: (estimate.lines ?? []).map((line) => lineFrom(line, habit)),
  };
}

const share = 'A percentage such as 30%, or an amount';
export const checksOfEstimate = (habit: Habit) => ({
  customer_id: (id: string) => (id ? null : 'Choose whom it is for'),
  deposit: (text: string) => (readDiscount(text, habit) === undefined ? share : null),
  discount: (text: string) => (readDiscount(text, habit) === undefined ? share : null),
  lines: (lines: DraftLine[]) => (lineErrors(lines, habit).size > 0 ? 'Some lines are not complete' : null),
});

function depositOf(text: string, habit: Habit) {
  const deposit = readDiscount(text, habit) ?? '';
  if (deposit.endsWith('%')) return { deposit_percent: deposit.slice(0, -1) };
  const amount = deposit ? parseDecimal(deposit, habit.currency) : undefined;
  return amount === undefined ? {} : { deposit_amount: Number(amount) };
}

/** What is sent, but for whom it is. */
export const bodyOfEstimate = (values: Values, habit: Habit) => ({
  expires_on: values.expires_on,
  deposit_at_once: values.deposit_at_once,
  discount: readDiscount(values.discount, habit) ?? '',
  lines: bodyLines(values.lines, habit),
  ...depositOf(values.deposit, habit),
  ...(values.po_number.trim() ? { po_number: values.po_number } : {}),
  ...(values.memo.trim() ? { memo: values.memo } : {}),
});

/** It says enough for a page to be set. */
export const isEstimate = (values: Values, habit: Habit): boolean => {
  const checks = checksOfEstimate(habit);
  return (
    !checks.customer_id(values.customer_id) &&
    !checks.deposit(values.deposit) &&
    !checks.discount(values.discount) &&
    !checks.lines(values.lines)
  );
};
