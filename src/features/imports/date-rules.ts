import type { CalendarDate } from '#lib/dates.ts';
import { addDays } from '#lib/dates.ts';
import type { Decision, Reading } from './value-rules.ts';
import { longestValue, quoted, read, refuse, sheetError } from './value-rules.ts';

/** How a column orders a date of three numbers; `none` while every date seen was plain in itself. */
export type DateOrder = 'MDY' | 'DMY' | 'YMD' | 'none';

type Parts = { year: number; month: number; day: number };

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const leap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

function isDay({ year, month, day }: Parts): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= (month === 2 && leap(year) ? 29 : (monthDays[month - 1] ?? 0));
}

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);

/** Two-digit years as POSIX strptime reads them: 69 is 1969, 68 is 2068. */
const fullYear = (text: string): number => {
  const year = Number(text);
  return text.length > 2 ? year : year + (year < 69 ? 2000 : 1900);
};

/** A time after the date, as databases and spreadsheets append it. The date is taken as it is written. */
const time =
  /(?:T|,? +)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[ap]\.?m\.?)?(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?$/i;
const iso = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})\.?$/;
const compact = /^((?:19|20|21)\d{2})(\d{2})(\d{2})$/;
const triple = /^(\d{1,2})( ?[-/.] ?| )(\d{1,2})\2(\d{4}|\d{2})$/;
const serial = /^(\d{5})(?:[.,]\d+)?$/;
const dayMonth =
  /^(\d{1,2})(?:st|nd|rd|th|er|\.)?[-/. ]*(?:de |of )?(\p{L}+)\.?,?[-/. ]*(?:de |of )?(\d{4}|'?\d{2})$/u;
const monthDay = /^(\p{L}+)\.?[-/. ]*(\d{1,2})(?:st|nd|rd|th)?,?[-/. ]+(\d{4}|'?\d{2})$/u;
const yearMonth = /^(\d{4})[-/. ]+(\p{L}+)\.?[-/. ]+(\d{1,2})$/u;
const weekday = /^\p{L}+\.?,\s+(?=\p{L}*\.?\s*\d)/u;

const months = new Map<string, number>();

const bare = (word: string): string =>
  word
    .normalize('NFD')
    .replace(/[\u0300-\u036f.]/g, '')
    .toLowerCase();

/** Month names, long and short, in the languages that invoices to a US or European business come in. */
function monthNumber(word: string): number {
  if (months.size === 0) {
    for (const locale of ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt']) {
      for (const month of ['long', 'short'] as const) {
        const format = new Intl.DateTimeFormat(locale, { month, timeZone: 'UTC' });
        for (let at = 0; at < 12; at += 1) months.set(bare(format.format(Date.UTC(2026, at, 15))), at + 1);
      }
    }
  }
  const name = bare(word);
  const known = months.get(name);
  if (known !== undefined || name.length < 3) return known ?? 0;
  const starts = new Set([...months].filter(([month]) => month.startsWith(name)).map(([, number]) => number));
  const [only] = starts;
  return only !== undefined && starts.size === 1 ? only : 0;
}

function inWords(text: string): Parts | undefined {
  const first = dayMonth.exec(text);
  if (first) return { year: yearOf(first[3]), month: monthNumber(first[2] ?? ''), day: Number(first[1]) };
  const second = monthDay.exec(text);
  if (second) return { year: yearOf(second[3]), month: monthNumber(second[1] ?? ''), day: Number(second[2]) };
  const third = yearMonth.exec(text);
  if (third) return { year: yearOf(third[1]), month: monthNumber(third[2] ?? ''), day: Number(third[3]) };
  return undefined;
}

const yearOf = (text = ''): number => fullYear(text.replace("'", ''));

/** Dates that say themselves which number is which. */
function plainDate(text: string): Parts | undefined {
  const match = iso.exec(text);
  if (match) return { year: Number(match[1]), month: Number(match[3]), day: Number(match[4]) };
  const packed = compact.exec(text);
  if (packed) return { year: Number(packed[1]), month: Number(packed[2]), day: Number(packed[3]) };
  return inWords(text);
}

type Triple = { first: number; second: number; third: string; separator: string };

function tripleOf(text: string): Triple | undefined {
  const match = triple.exec(text);
  if (!match) return undefined;
  const [, first = '', separator = '', second = '', third = ''] = match;
  return { first: Number(first), second: Number(second), third, separator };
}

function ordered({ first, second, third }: Triple, order: DateOrder): Parts {
  if (order === 'MDY') return { year: fullYear(third), month: first, day: second };
  if (order === 'DMY') return { year: fullYear(third), month: second, day: first };
  return { year: fullYear(two(first)), month: second, day: Number(third) };
}

function ordersOf(value: Triple): DateOrder[] {
  const orders: DateOrder[] = ['MDY', 'DMY'];
  // Year first with two digits is only ever written with dashes (26-03-12).
  if (value.separator.trim() === '-' && value.third.length === 2) orders.push('YMD');
  return orders.filter((order) => isDay(ordered(value, order)));
}

/** The text without its time of day or its day of the week. */
function withoutTime(text: string): string {
  const tidy = text.replace(/\s+/g, ' ');
  return (tidy.length > 10 ? tidy.replace(time, '') : tidy).replace(weekday, '');
}

const remedy = 'Write it like 2026-03-12.';

function fromParts(text: string, parts: Parts): Reading<CalendarDate> {
  if (!isDay(parts)) return refuse(`"${text}" is not a day of the calendar. ${remedy}`);
  if (parts.year < 1970 || parts.year > 2199) {
    return refuse(`"${text}" lies in the year ${parts.year}. Check the year.`);
  }
  return read(`${parts.year}-${two(parts.month)}-${two(parts.day)}`);
}

/** An accounting date as people and programs write it; the column decides the order of bare numbers. */
export function readDate(text: string, order: DateOrder): Reading<CalendarDate> {
  const broken = sheetError(text);
  if (broken) return refuse(broken);
  if (text.length > longestValue) return refuse(`${quoted(text)} is not a date. ${remedy}`);
  const date = withoutTime(text);
  const value = tripleOf(date);
  if (value) {
    if (order === 'none') {
      return refuse(
        `"${text}" can be read in more than one way. Choose the order of day and month for this column.`,
      );
    }
    if (order === 'YMD' && value.third.length === 4)
      return refuse(`"${text}" does not begin with its year. ${remedy}`);
    const parts = ordered(value, order);
    if (!isDay(parts)) {
      const name = { MDY: 'month/day/year', DMY: 'day/month/year', YMD: 'year-month-day' }[order];
      return refuse(
        `"${text}" is not a day of the calendar when read as ${name}, like this column. ${remedy}`,
      );
    }
    return fromParts(text, parts);
  }
  const plain = plainDate(date);
  if (plain) return fromParts(text, plain);
  const days = Number(serial.exec(date)?.[1]);
  // Spreadsheets count days; 25569 is 1970-01-01. Day 60 of their count never was, hence 1899-12-30.
  if (days >= 25_569 && days <= 73_050) return read(addDays('1899-12-30', days));
  return refuse(`"${text}" is not a date. ${remedy}`);
}

/** What the values of a column have shown: for each set of possible orders the first example. */
export type DateEvidence = Record<string, string>;

export function observeDate(evidence: DateEvidence, text: string): void {
  if (text === '' || text.length > longestValue) return;
  const value = tripleOf(withoutTime(text));
  if (!value) return;
  const possible = ordersOf(value).join(' ');
  if (possible !== '') evidence[possible] ??= text;
}

export function decideDate(evidence: DateEvidence): Decision<DateOrder> {
  const sets = Object.keys(evidence);
  if (sets.length === 0) return { ambiguous: false, format: 'none' };
  const split = sets.map((set) => set.split(' ') as DateOrder[]);
  const [first = []] = split;
  const common = first.filter((order) => split.every((set) => set.includes(order)));
  const [only] = common;
  if (only && common.length === 1) return { ambiguous: false, format: only };
  const examples = Object.values(evidence);
  if (common.length > 1) return { ambiguous: true, candidates: common, examples, mixed: false };
  const decided = split.filter((set) => set.length === 1).flat();
  return { ambiguous: true, candidates: [...new Set(decided)], examples, mixed: true };
}
