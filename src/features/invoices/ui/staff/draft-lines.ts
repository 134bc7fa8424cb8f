import type { z } from 'zod';
import type { zInvoiceLine } from '#features/invoices/api.ts';
import { discountPattern } from '#features/invoices/discount-rules.ts';
import { untaxed } from '#features/invoices/line-rules.ts';
import type { Totals } from '#features/invoices/rules.ts';
import { computedAmount, totalsOf } from '#features/invoices/rules.ts';
import type { Tax } from '#features/taxes/rules.ts';
import { currencyDigits, decimalMark, readDecimal } from '#lib/money.ts';

/** A line as it is being typed: text until it is sent. */
export type DraftLine = {
  key: string;
  item_name: string;
  description: string;
  quantity: string;
  unit_price: string;
  taxable: boolean;
  /** A bare percentage, which a draft may have from elsewhere; without it `tax_rate_ids` say the tax. */
  tax_rate: string;
  tax_rate_ids: string[];
  discount: string;
  service_date: string;
  /** Given as an amount; it stands until quantity, price or discount are touched. */
  amount?: bigint | undefined;
};

let made = 0;
export function emptyLine(like?: DraftLine): DraftLine {
  made += 1;
  return {
    key: `line-${made}`,
    item_name: '',
    description: '',
    quantity: '1',
    unit_price: '',
    taxable: like?.taxable ?? false,
    tax_rate: like?.tax_rate ?? '',
    tax_rate_ids: like?.tax_rate_ids ?? [],
    discount: '',
    service_date: '',
  };
}

type StoredLine = Omit<z.output<typeof zInvoiceLine>, 'taxes'> & { taxes: readonly { id: string | null }[] };

/** A line that was saved, to be typed in again. */
export function lineFrom(stored: StoredLine, habit: Habit): DraftLine {
  const typed = (decimal: string): string => decimal.replace('.', decimalMark(habit.locale));
  const line: DraftLine = {
    ...emptyLine(),
    item_name: stored.item_name,
    description: stored.description,
    quantity: typed(stored.quantity),
    unit_price: typed(stored.unit_price),
    taxable: stored.taxable,
    tax_rate: stored.taxable && stored.taxes.length === 0 ? typed(stored.tax_rate) : '',
    tax_rate_ids: stored.taxes.flatMap(({ id }) => id ?? []),
    discount: typed(stored.discount),
    service_date: stored.service_date ?? '',
  };
  const computed = computedAmount(inputOf(line, habit), currencyDigits(habit.currency));
  return computed === stored.amount ? line : { ...line, amount: stored.amount };
}

/** How the organization writes its amounts. */
export type Habit = {
  currency: string;
  locale: string;
  rates?: readonly Tax[] | undefined;
  /** Why the customer is charged no tax, whatever the lines say. */
  exempt?: string | undefined;
};

const fits = /^-?\d{1,12}(\.\d{1,8})?$/;
const readNumber = (text: string, { locale }: Habit): string | undefined => {
  const decimal = readDecimal(text, locale);
  return decimal !== undefined && fits.test(decimal) ? decimal : undefined;
};

const isBlank = (line: DraftLine): boolean =>
  !line.item_name.trim() && !line.description.trim() && !line.unit_price.trim();
/** Lines that say something; if none does, the first must. */
const counted = (lines: readonly DraftLine[]): readonly DraftLine[] => {
  const some = lines.filter((line) => !isBlank(line));
  return some.length > 0 ? some : lines.slice(0, 1);
};

export type LineField = 'item_name' | 'quantity' | 'unit_price' | 'tax_rate' | 'discount';

/** Line key → what is wrong with which of its fields. */
export function lineErrors(
  lines: readonly DraftLine[],
  habit: Habit,
): Map<string, Partial<Record<LineField, string>>> {
  const like = (decimal: string): string => decimal.replace('.', decimalMark(habit.locale));
  const found = new Map<string, Partial<Record<LineField, string>>>();
  for (const line of counted(lines)) {
    const wrong: Partial<Record<LineField, string>> = {};
    if (!line.item_name.trim() && !line.description.trim()) wrong.item_name = 'What is it for?';
    if (!readNumber(line.quantity, habit)) wrong.quantity = `A number such as ${like('1.5')}`;
    if (!readNumber(line.unit_price, habit)) wrong.unit_price = `A price such as ${like('12.50')}`;
    if (readDiscount(line.discount, habit) === undefined) wrong.discount = `Such as 10% or ${like('5.00')}`;
    if (line.taxable && line.tax_rate_ids.length === 0 && !readNumber(line.tax_rate, habit))
      wrong.tax_rate = `A percentage such as ${like('8.25')}`;
    if (Object.keys(wrong).length > 0) found.set(line.key, wrong);
  }
  return found;
}

/** `10 %`, `5`, or nothing, as the server reads it; undefined for what is neither. */
export function readDiscount(text: string, habit: Habit): string | undefined {
  const plain = text.trim();
  if (plain === '') return '';
  const decimal = readDecimal(plain.replace(/\s*%$/, ''), habit.locale);
  const discount = decimal === undefined ? undefined : `${decimal}${plain.endsWith('%') ? '%' : ''}`;
  return discount !== undefined && discountPattern.test(discount) ? discount : undefined;
}

const inputOf = (line: DraftLine, habit: Habit) => ({
  itemName: line.item_name.trim(),
  description: line.description.trim(),
  quantity: readNumber(line.quantity, habit) ?? '0',
  unitPrice: readNumber(line.unit_price, habit) ?? '0',
  ...(line.amount === undefined ? {} : { amount: line.amount }),
  discount: line.amount === undefined ? (readDiscount(line.discount, habit) ?? '') : '',
  serviceDate: line.service_date || null,
  taxes: (habit.rates ?? []).filter(({ id }) => id !== null && line.tax_rate_ids.includes(id)),
  taxable: line.taxable || line.tax_rate_ids.length > 0,
  taxRate: line.taxable ? (readNumber(line.tax_rate, habit) ?? '0') : '0',
});

/** The same sums that the server will make. */
export const draftTotals = (lines: readonly DraftLine[], habit: Habit, discount = ''): Totals =>
  totalsOf(
    lines.map((line) => (habit.exempt ? untaxed(inputOf(line, habit)) : inputOf(line, habit))),
    currencyDigits(habit.currency),
    readDiscount(discount, habit) ?? '',
  );

export const bodyLines = (lines: readonly DraftLine[], habit: Habit) =>
  counted(lines).map((line) => {
    const { itemName, unitPrice, taxRate, serviceDate, taxes: _, amount, ...rest } = inputOf(line, habit);
    return {
      ...rest,
      item_name: itemName,
      unit_price: unitPrice,
      tax_rate: taxRate,
      tax_rate_ids: line.tax_rate_ids,
      service_date: serviceDate,
      ...(amount === undefined ? {} : { amount: Number(amount) }),
    };
  });

/** A line moved up or down among the others. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = [...list];
  const [one] = rest.splice(from, 1);
  if (one !== undefined) rest.splice(Math.max(0, Math.min(to, rest.length)), 0, one);
  return rest;
}
