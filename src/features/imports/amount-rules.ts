import { currencyDigits, formatMoney, isCurrency, maxAmount, parseDecimal } from '#lib/money.ts';
import type { Decision, Reading } from './value-rules.ts';
import { longestValue, quoted, read, refuse, sheetError } from './value-rules.ts';

/** The decimal sign of a column; `none` while every value seen was a whole number. */
export type DecimalStyle = '.' | ',' | 'none';

const scientific = /^[^\d]*\d+(?:[.,]\d+)?e[+-]?\d+[^\d]*$/i;
const group = /^\d{1,3}(?:([ '.,])(?:\d{2,3}\1)*\d{3})$/;

/** One spelling for the many minus signs, apostrophes and spaces that programs write. */
const plainSigns = (text: string): string =>
  text
    .replace(/[\u2212\u2012\u2013\ufe63\uff0d]/g, '-')
    .replace(/[\u2019\u2018\u02bc`´]/g, "'")
    .replace(/[\s\u200b-\u200f\u2060\ufeff]+/g, ' ')
    .trim();

/** A number taken apart: what stands before and after the digits, and the digits with their separators. */
function takeApart(text: string): { around: string; digits: string } | undefined {
  if (text.length > longestValue) return undefined;
  const match = /^([^\d]*)(\d(?:[\d.,' ]*\d)?)([^\d]*)$/.exec(text);
  if (!match) return undefined;
  let [, before = '', digits = '', after = ''] = match;
  const leading = /(?:^|[^\p{L}.,])([.,])$/u.exec(before)?.[1];
  if (leading) {
    before = before.slice(0, -1);
    digits = leading + digits;
  }
  const trailing = /^[.,](?!-)/.exec(after);
  if (trailing) {
    after = after.slice(1);
    digits += trailing[0];
  }
  return { around: `${before} ${after}`, digits };
}

type Signs = { negative: boolean; marks: string[] };

function readSigns(text: string, around: string): Reading<Signs> {
  let rest = around;
  let minus = 0;
  if (/\(.*\)/.test(rest)) {
    minus += 1;
    rest = rest.replace(/[()]/g, ' ');
  }
  minus += rest.split('-').length - 1;
  rest = rest.replace(/[-+]/g, ' ');
  rest = rest.replace(/(?<!\p{L})(cr|dr)\b\.?/giu, (word) => {
    if (/^c/i.test(word)) minus += 1;
    return ' ';
  });
  if (minus > 1) return refuse(`"${text}" has two signs for less than zero. Keep one.`);
  return read({ negative: minus === 1, marks: rest.split(' ').filter((mark) => mark !== '') });
}

const marksByCurrency = new Map<string, Set<string>>();

/** Every way a currency is written before or after an amount: `$`, `US$`, `USD`. */
function currencyMarks(currency: string): Set<string> {
  let marks = marksByCurrency.get(currency);
  if (marks) return marks;
  marks = new Set([currency, currency.toLowerCase()]);
  for (const locale of ['en-US', 'en-AU', 'de-CH', 'fr-CA', 'es-MX']) {
    for (const currencyDisplay of ['narrowSymbol', 'symbol'] as const) {
      const parts = new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        currencyDisplay,
      }).formatToParts(1);
      for (const part of parts) if (part.type === 'currency') marks.add(part.value.replace(/\s/g, ''));
    }
  }
  const others: Readonly<Record<string, readonly string[]>> = {
    USD: ['US$'],
    CAD: ['C$', 'CA$'],
    AUD: ['A$'],
    NZD: ['NZ$'],
    CHF: ['Fr.', 'SFr.', 'Fr'],
  };
  for (const mark of others[currency] ?? []) marks.add(mark);
  marksByCurrency.set(currency, marks);
  return marks;
}

function wrongMark(text: string, marks: readonly string[], currency: string | undefined): string | undefined {
  for (const mark of marks) {
    if (currency !== undefined && currencyMarks(currency).has(mark)) continue;
    if (currency !== undefined && (isCurrency(mark.toUpperCase()) || /^\p{Sc}$/u.test(mark))) {
      return `"${text}" is written in ${mark}, but the row is in ${currency}. Correct one of the two.`;
    }
    return `"${text}" is not a number. Write it with digits only, for example 1234.50.`;
  }
  return undefined;
}

function plainDigits(text: string, digits: string, style: DecimalStyle): Reading<string> {
  if (style === 'none' && /[.,]/.test(digits)) {
    return refuse(
      `"${text}" can be read in two ways. Choose whether this column writes decimals with . or with ,`,
    );
  }
  const at = style === 'none' ? -1 : digits.lastIndexOf(style);
  const whole = at < 0 ? digits : digits.slice(0, at);
  const fraction = at < 0 ? '' : digits.slice(at + 1);
  const grouped = group.exec(whole);
  const wholeIsPlain = whole === '' || /^\d+$/.test(whole);
  if ((!wholeIsPlain && (!grouped || grouped[1] === style)) || !/^\d*$/.test(fraction)) {
    const sign = style === ',' ? 'comma' : 'point';
    return refuse(
      `"${text}" has separators in the wrong places: this column writes decimals with a ${sign}. Correct it.`,
    );
  }
  const integer = (wholeIsPlain ? whole : whole.replace(/[^\d]/g, '')).replace(/^0+(?=\d)/, '') || '0';
  const decimals = fraction.replace(/0+$/, '');
  return read(decimals === '' ? integer : `${integer}.${decimals}`);
}

/** A number as people write it, as a plain decimal string such as `-1234.5`. */
export function readNumber(text: string, style: DecimalStyle, currency?: string): Reading<string> {
  const broken = sheetError(text);
  if (broken) return refuse(broken);
  if (text.length > longestValue)
    return refuse(`${quoted(text)} is not a number. Write it with digits only.`);
  const plain = plainSigns(text);
  if (scientific.test(plain)) {
    return refuse(
      `The spreadsheet shortened this number to ${text}, and digits are lost. ` +
        'Format the column as Number, check the value, and save again.',
    );
  }
  const parts = takeApart(plain);
  if (!parts) {
    // Spreadsheets' accounting format shows zero as a lone dash.
    const marks = plain.split(/[ -]/).filter((mark) => mark !== '');
    if (/^[^-]*-[^-]*$/.test(plain) && !wrongMark(text, marks, currency)) return read('0');
    return refuse(`"${text}" is not a number. Write it with digits only, for example 1234.50.`);
  }
  const signs = readSigns(text, parts.around);
  if (!signs.ok) return signs;
  const wrong = wrongMark(text, signs.value.marks, currency);
  if (wrong) return refuse(wrong);
  const digits = plainDigits(text, parts.digits, style);
  if (!digits.ok || !signs.value.negative || digits.value === '0') return digits;
  return read(`-${digits.value}`);
}

/** `1234.50` and the like without a regular expression: most cells of most files. */
function plainAmount(text: string, style: DecimalStyle, digits: number): number | undefined {
  const length = text.length;
  if (length > 14) return undefined;
  const negative = text.charCodeAt(0) === 0x2d;
  const sign = style === 'none' ? -1 : style.charCodeAt(0);
  let value = 0;
  let decimals = -1;
  let at = negative ? 1 : 0;
  if (at === length) return undefined;
  for (; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      value = value * 10 + code - 0x30;
      if (decimals >= 0) decimals += 1;
    } else if (code === sign && decimals < 0) decimals = 0;
    else return undefined;
  }
  if (decimals > digits || decimals === 0) return undefined;
  for (let left = digits - Math.max(decimals, 0); left > 0; left -= 1) value *= 10;
  return value > Number(maxAmount) ? undefined : negative ? -value : value;
}

/** An amount in minor units of its currency. */
export function readAmount(text: string, style: DecimalStyle, currency: string): Reading<bigint> {
  const digits = currencyDigits(currency);
  const quick = plainAmount(text, style, digits);
  if (quick !== undefined) return read(BigInt(quick));
  const number = readNumber(text, style, currency);
  if (!number.ok) return number;
  const amount = parseDecimal(number.value, currency);
  if (amount === undefined && (number.value.split('.')[1] ?? '').length > digits) {
    return refuse(`"${text}" has more decimals than ${currency} has (${digits}). Round it.`);
  }
  if (amount === undefined || amount > maxAmount || amount < -maxAmount) {
    return refuse(
      `"${text}" is larger than the largest amount, ${formatMoney(maxAmount, currency)}. Check it.`,
    );
  }
  return read(amount);
}

/** Whether text is `12` or `12.5` as we write it: no sign, no zeros to drop, nothing to translate. */
function isPlainDecimal(text: string, style: DecimalStyle): boolean {
  const last = text.length - 1;
  if (last > 10 || (text.charCodeAt(0) === 0x30 && last > 0 && text.charCodeAt(1) !== 0x2e)) return false;
  let point = -1;
  for (let at = 0; at <= last; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) continue;
    if (code !== 0x2e || style !== '.' || point >= 0 || at === 0 || at === last) return false;
    point = at;
  }
  return point < 0 || (text.charCodeAt(last) !== 0x30 && last - point <= 8);
}

/** A quantity or a unit price, as a plain decimal string. */
export function readDecimal(text: string, style: DecimalStyle, currency?: string): Reading<string> {
  if (isPlainDecimal(text, style)) return read(text);
  // Prices are mostly written with two places; one zero too many is all that keeps them from being plain.
  if (text.endsWith('0') && isPlainDecimal(text.slice(0, -1), style) && text.includes('.'))
    return read(text.slice(0, -1));
  const number = readNumber(text, style, currency);
  if (!number.ok) return number;
  const [whole = '', fraction = ''] = number.value.replace('-', '').split('.');
  if (whole.length > 12) return refuse(`"${text}" is too large. Check it.`);
  if (fraction.length > 8) return refuse(`"${text}" has more than 8 decimals. Round it.`);
  return number;
}

/** What the values of a column have shown of its decimal sign: the first example of each. */
export type DecimalEvidence = { point?: string; comma?: string; either?: string };

const signName = (sign: string): 'point' | 'comma' => (sign === '.' ? 'point' : 'comma');

function shows(digits: string): keyof DecimalEvidence | undefined {
  const signs = digits.replace(/[\d' ]/g, '');
  const last = signs.at(-1);
  if (last === undefined) return undefined;
  const other = last === '.' ? ',' : '.';
  if (signs.includes(other)) return signName(last);
  if (signs.length > 1) return signName(other);
  const [before = '', after = ''] = digits.split(last);
  if (after.length !== 3 || before.length > 3 || before === '' || before.startsWith('0'))
    return signName(last);
  return 'either';
}

/** Fold one value of the column into the evidence. */
export function observeDecimal(evidence: DecimalEvidence, text: string): void {
  if (text === '' || text.length > longestValue || !/[.,]/.test(text)) return;
  const parts = takeApart(plainSigns(text));
  const shown = parts && shows(parts.digits);
  if (shown) evidence[shown] ??= text;
}

export function decideDecimal(evidence: DecimalEvidence): Decision<DecimalStyle> {
  const { point, comma, either } = evidence;
  if (point && comma)
    return { ambiguous: true, candidates: ['.', ','], examples: [point, comma], mixed: true };
  if (point) return { ambiguous: false, format: '.' };
  if (comma) return { ambiguous: false, format: ',' };
  if (either) return { ambiguous: true, candidates: ['.', ','], examples: [either], mixed: false };
  return { ambiguous: false, format: 'none' };
}
