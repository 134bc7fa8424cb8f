import type { Totals } from '#features/invoices/rules.ts';
import { totalsOf } from '#features/invoices/rules.ts';
import { currencyDigits, decimalMark, readDecimal } from '#lib/money.ts';

/** A line as it is being typed: text until it is sent. */
export type DraftLine = {
  key: string;
  item_name: string;
  description: string;
  quantity: string;
  unit_price: string;
  taxable: boolean;
  tax_rate: string;
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
  };
}

/** How the organization writes its amounts. */
type Habit = { currency: string; locale: string };

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

export type LineField = 'item_name' | 'quantity' | 'unit_price' | 'tax_rate';

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
    if (line.taxable && !readNumber(line.tax_rate, habit))
      wrong.tax_rate = `A percentage such as ${like('8.25')}`;
    if (Object.keys(wrong).length > 0) found.set(line.key, wrong);
  }
  return found;
}

const inputOf = (line: DraftLine, habit: Habit) => ({
  itemName: line.item_name.trim(),
  description: line.description.trim(),
  quantity: readNumber(line.quantity, habit) ?? '0',
  unitPrice: readNumber(line.unit_price, habit) ?? '0',
  taxable: line.taxable,
  taxRate: line.taxable ? (readNumber(line.tax_rate, habit) ?? '0') : '0',
});

/** The same sums that the server will make. */
export const draftTotals = (lines: readonly DraftLine[], habit: Habit): Totals =>
  totalsOf(
    lines.map((line) => inputOf(line, habit)),
    currencyDigits(habit.currency),
  );

export const bodyLines = (lines: readonly DraftLine[], habit: Habit) =>
  counted(lines).map((line) => {
    const { itemName, description, quantity, unitPrice, taxable, taxRate } = inputOf(line, habit);
    return { item_name: itemName, description, quantity, unit_price: unitPrice, taxable, tax_rate: taxRate };
  });
