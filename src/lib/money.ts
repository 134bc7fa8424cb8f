/** Money is an integer count of minor units in a bigint, with its ISO 4217 currency (house law 7). */
export type Money = { amount: bigint; currency: string };

/**
 * Largest amount accepted anywhere: stays exact as a JSON number, and sums of a million of them fit a bigint
 * column.
 */
export const maxAmount = 9_000_000_000_000n;

const digitsByCurrency = new Map<string, number>();

/** Decimal places of a currency, from the runtime's own ISO 4217 data. Throws for a code that is not one. */
export function currencyDigits(currency: string): number {
  let digits = digitsByCurrency.get(currency);
  if (digits === undefined) {
    if (!isCurrency(currency)) throw new Error(`not a currency: ${currency}`);
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    digits = format.resolvedOptions().maximumFractionDigits ?? 2;
    digitsByCurrency.set(currency, digits);
  }
  return digits;
}

const known = new Set(Intl.supportedValuesOf('currency'));
export function isCurrency(code: string): boolean {
  return known.has(code);
}
export const currencies = (): string[] => [...known].sort();

const formats = new Map<string, Intl.NumberFormat>();

/** For people: `$1,234.50`. The locale decides separators, the currency decides the decimals. */
export function formatMoney(amount: bigint, currency: string, locale = 'en-US'): string {
  const key = `${locale} ${currency}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, { style: 'currency', currency });
    formats.set(key, format);
  }
  // A decimal string keeps every digit, a JS number would not; the type of format() only knows literals.
  return format.format(toDecimal(amount, currency) as `${number}`);
}

/** `123450n`, `USD` → `1234.50`. */
export function toDecimal(amount: bigint, currency: string): string {
  const digits = currencyDigits(currency);
  if (digits === 0) return amount.toString();
  const sign = amount < 0n ? '-' : '';
  const text = (amount < 0n ? -amount : amount).toString().padStart(digits + 1, '0');
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * `1234.5`, `USD` → `123450n`. Plain decimals only; what people type or export goes through imports/rules
 * first. Answers undefined for text that is no decimal or that has more decimals than the currency.
 */
export function parseDecimal(text: string, currency: string): bigint | undefined {
  const match = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return undefined;
  const digits = currencyDigits(currency);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > digits) return undefined;
  const value = BigInt(`${match[2]}${fraction.padEnd(digits, '0')}`);
  return match[1] ? -value : value;
}

const marks = new Map<string, ',' | '.'>();

/** The decimal mark with which amounts are written in a locale, in our digits. */
export function decimalMark(locale: string): ',' | '.' {
  let mark = marks.get(locale);
  if (mark === undefined) {
    const parts = new Intl.NumberFormat(locale, { numberingSystem: 'latn' }).formatToParts(1.5);
    mark = parts.some(({ type, value }) => type === 'decimal' && value === ',') ? ',' : '.';
    marks.set(locale, mark);
  }
  return mark;
}

/** For a field that is typed into: `1234.50`, or `1234,50` where that is how people write. */
export const toTyped = (amount: bigint, currency: string, locale: string): string =>
  toDecimal(amount, currency).replace('.', decimalMark(locale));

/**
 * What people type, as a plain decimal: `$1,234.50`, or `1.234,50 €` where the comma is the decimal mark. The
 * other mark anywhere but between thousands might mean cents, so such a text is left to be asked about.
 */
export function readDecimal(text: string, locale: string): string | undefined {
  const plain = text.replace(/[\s'’]|\p{Sc}/gu, '');
  const isComma = decimalMark(locale) === ',';
  const thousands = isComma
    ? /^-?\d{1,3}(\.\d{2,3})*\.\d{3}(,\d*)?$/
    : /^-?\d{1,3}(,\d{2,3})*,\d{3}(\.\d*)?$/;
  if (plain.includes(isComma ? '.' : ',') && !thousands.test(plain)) return undefined;
  const decimal = isComma ? plain.replaceAll('.', '').replace(',', '.') : plain.replaceAll(',', '');
  return /^-?\d+(\.\d+)?$/.test(decimal) ? decimal : undefined;
}

/** What people type, in minor units; undefined too for more decimals than the currency has. */
export function readTyped(text: string, currency: string, locale: string): bigint | undefined {
  const decimal = readDecimal(text.replace(currency, ''), locale);
  return decimal === undefined ? undefined : parseDecimal(decimal, currency);
}

/** A decimal string such as `2.5` or `0.0825`, as an integer and its scale. */
function scaled(text: string): { value: bigint; scale: number } {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new Error(`not a decimal: ${text}`);
  const fraction = match[3] ?? '';
  const value = BigInt(`${match[2]}${fraction}`);
  return { value: match[1] ? -value : value, scale: fraction.length };
}

/** The one rounding: half away from zero, as invoices and tax offices do. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  if (denominator <= 0n) throw new Error('denominator must be positive');
  const negative = numerator < 0n;
  const size = negative ? -numerator : numerator;
  const rounded = (size * 2n + denominator) / (denominator * 2n);
  return negative ? -rounded : rounded;
}

/** amount × decimal string, rounded once: quantity × unit price, or taxable amount × rate. */
export function multiply(amount: bigint, decimal: string): bigint {
  const { value, scale } = scaled(decimal);
  return divideRounded(amount * value, 10n ** BigInt(scale));
}

/** Percent of an amount; `percent` is a decimal string, `8.25` meaning 8.25 %. */
export function percentOf(amount: bigint, percent: string): bigint {
  const { value, scale } = scaled(percent);
  return divideRounded(amount * value, 100n * 10n ** BigInt(scale));
}

/** The same rounded towards nothing: of a cap or a ceiling, which half a unit too much would pass. */
export function percentAtMost(amount: bigint, percent: string): bigint {
  const { value, scale } = scaled(percent);
  return (amount * value) / (100n * 10n ** BigInt(scale));
}

/**
 * Split an amount by weights so that the parts sum to it exactly (largest remainder; ties to the earlier
 * part).
 */
export function allocate(amount: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total <= 0n || weights.some((weight) => weight < 0n)) throw new Error('weights must be positive');
  const sign = amount < 0n ? -1n : 1n;
  const size = amount * sign;
  const parts = weights.map((weight) => (size * weight) / total);
  let left = size - parts.reduce((sum, part) => sum + part, 0n);
  const order = weights
    .map((weight, index) => ({ index, rest: (size * weight) % total }))
    .sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest < b.rest ? 1 : -1));
  for (const { index } of order) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts.map((part) => part * sign);
}

export const sum = (amounts: Iterable<bigint>): bigint => {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
};

export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
