import type { Totals } from '#features/invoices/rules.ts';
import { totalsOf } from '#features/invoices/rules.ts';
import { currencyDigits } from '#lib/money.ts';

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

const decimal = /^-?\d{1,12}(\.\d{1,8})?$/;
const tidy = (text: string): string => text.replace(/[\s,\u00a0]/g, '');
export const readDecimal = (text: string): string | undefined =>
  decimal.test(tidy(text)) ? tidy(text) : undefined;

const isBlank = (line: DraftLine): boolean =>
  !line.item_name.trim() && !line.description.trim() && !line.unit_price.trim();
/** Lines that say something; if none does, the first must. */
const counted = (lines: readonly DraftLine[]): readonly DraftLine[] => {
  const some = lines.filter((line) => !isBlank(line));
  return some.length > 0 ? some : lines.slice(0, 1);
};

export type LineField = 'item_name' | 'quantity' | 'unit_price' | 'tax_rate';

/** Line key → what is wrong with which of its fields. */
export function lineErrors(lines: readonly DraftLine[]): Map<string, Partial<Record<LineField, string>>> {
  const found = new Map<string, Partial<Record<LineField, string>>>();
  for (const line of counted(lines)) {
    const wrong: Partial<Record<LineField, string>> = {};
    if (!line.item_name.trim() && !line.description.trim()) wrong.item_name = 'What is it for?';
    if (!readDecimal(line.quantity)) wrong.quantity = 'A number such as 1.5';
    if (!readDecimal(line.unit_price)) wrong.unit_price = 'A price such as 12.50';
    if (line.taxable && !readDecimal(line.tax_rate)) wrong.tax_rate = 'A percentage such as 8.25';
    if (Object.keys(wrong).length > 0) found.set(line.key, wrong);
  }
  return found;
}

const inputOf = (line: DraftLine) => ({
  itemName: line.item_name.trim(),
  description: line.description.trim(),
  quantity: readDecimal(line.quantity) ?? '0',
  unitPrice: readDecimal(line.unit_price) ?? '0',
  taxable: line.taxable,
  taxRate: line.taxable ? (readDecimal(line.tax_rate) ?? '0') : '0',
});

/** The same sums that the server will make. */
export const draftTotals = (lines: readonly DraftLine[], currency: string): Totals =>
  totalsOf(lines.map(inputOf), currencyDigits(currency));

export const bodyLines = (lines: readonly DraftLine[]) =>
  counted(lines).map((line) => {
    const { itemName, description, quantity, unitPrice, taxable, taxRate } = inputOf(line);
    return { item_name: itemName, description, quantity, unit_price: unitPrice, taxable, tax_rate: taxRate };
  });
