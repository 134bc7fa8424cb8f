import { z } from 'zod';
import {
  addDays,
  addMonths,
  type CalendarDate,
  fiscalYearStart,
  formatDate,
  isCalendarDate,
  weekStart,
} from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { idPrefixes } from '#lib/ids.ts';

export type Filter = Readonly<Record<string, string | undefined>>;

type Common = { name: string; label: string };
/** One filter of a report: the server's check and the page's field both come from it. */
export type Field =
  | (Common & { kind: 'date' })
  | (Common & { kind: 'choice'; options: readonly { value: string; label: string }[] })
  | (Common & { kind: 'number'; least: number; most: number; usual: number })
  | (Common & { kind: 'customer' });

const zDay = z.string().refine(isCalendarDate, 'must be a date such as 2026-03-31');

function schemaOf(field: Field): z.ZodType<string | undefined> {
  switch (field.kind) {
    case 'date':
      return zDay.optional();
    case 'choice': {
      const values = field.options.map(({ value }) => value);
      return z
        .string()
        .refine((value) => values.includes(value), `must be one of ${values.join(', ')}`)
        .default(values[0] ?? '');
    }
    case 'number': {
      const says = `must be a whole number from ${field.least} to ${field.most}`;
      return z
        .string()
        .refine(
          (text) => /^\d{1,4}$/.test(text) && Number(text) >= field.least && Number(text) <= field.most,
          says,
        )
        .default(String(field.usual));
    }
    default:
      return z
        .string()
        .regex(
          new RegExp(`^${idPrefixes.customer}_[0-9a-z]{22}$`),
          'must be the id of a customer, such as cus_…',
        )
        .optional();
  }
}

/** The filter as it was asked for, checked; what is left out stands as it usually does. */
export function readFilter(fields: readonly Field[], asked: unknown): Filter {
  const shape = Object.fromEntries(fields.map((field) => [field.name, schemaOf(field)]));
  const result = z.strictObject(shape).safeParse(asked);
  const wrong: Record<string, string> = {};
  for (const issue of result.error?.issues ?? []) {
    const names = issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0] ?? 'query')];
    for (const name of names)
      wrong[name] ??=
        issue.code === 'unrecognized_keys'
          ? `is no filter of this report; it has ${fields.map((field) => field.name).join(', ') || 'none'}`
          : issue.message;
  }
  const filter: Filter = result.data ?? {};
  if (filter.from && filter.to && filter.from > filter.to) wrong.to = 'must not be before the first day';
  if (filter.period === 'custom' && !filter.from) wrong.from ??= 'is needed for a period of your own';
  if (filter.period === 'custom' && !filter.to) wrong.to ??= 'is needed for a period of your own';
  const [first] = Object.entries(wrong);
  if (first)
    throw new Refusal('invalid_request', {
      message: `${first[0]}: ${first[1]}`,
      param: first[0],
      fields: wrong,
    });
  return filter;
}

export const asOfField: Field = { name: 'as_of', label: 'As of', kind: 'date' };
export const customerField: Field = { name: 'customer_id', label: 'Customer', kind: 'customer' };

/** Periods that move along, so that a report by mail tells of its own day. */
export const periodFields: readonly Field[] = [
  {
    name: 'period',
    label: 'Period',
    kind: 'choice',
    options: [
      { value: 'this_month', label: 'This month' },
      { value: 'last_month', label: 'Last month' },
      { value: 'this_week', label: 'This week' },
      { value: 'last_week', label: 'Last week' },
      { value: 'last_7_days', label: 'Last 7 days' },
      { value: 'last_90_days', label: 'Last 90 days' },
      { value: 'this_year', label: 'This year' },
      { value: 'last_year', label: 'Last year' },
      { value: 'this_fiscal_year', label: 'This fiscal year' },
      { value: 'last_fiscal_year', label: 'Last fiscal year' },
      { value: 'custom', label: 'From … to' },
    ],
  },
  { name: 'from', label: 'From', kind: 'date' },
  { name: 'to', label: 'To', kind: 'date' },
];

export type Period = { from: CalendarDate; to: CalendarDate };

/** The calendar of an organization: its day, where its weeks begin (0 is Sunday), and its fiscal year. */
export type Calendar = { today: CalendarDate; firstWeekday: number; fiscalMonth: number };

/** First and last day of what a filter names, both included. */
export function periodOf(filter: Filter, { today, firstWeekday, fiscalMonth }: Calendar): Period {
  const week = weekStart(today, firstWeekday);
  const fiscal = fiscalYearStart(today, fiscalMonth);
  const month = `${today.slice(0, 7)}-01`;
  const year = Number(today.slice(0, 4));
  switch (filter.period) {
    case 'last_month':
      return { from: addMonths(month, -1), to: addDays(month, -1) };
    case 'last_7_days':
      return { from: addDays(today, -6), to: today };
    case 'last_90_days':
      return { from: addDays(today, -89), to: today };
    case 'this_week':
      return { from: week, to: today };
    case 'last_week':
      return { from: addDays(week, -7), to: addDays(week, -1) };
    case 'this_fiscal_year':
      return { from: fiscal, to: today };
    case 'last_fiscal_year':
      return { from: addMonths(fiscal, -12), to: addDays(fiscal, -1) };
    case 'this_year':
      return { from: `${today.slice(0, 4)}-01-01`, to: today };
    case 'last_year':
      return {
        from: `${String(year - 1).padStart(4, '0')}-01-01`,
        to: `${String(year - 1).padStart(4, '0')}-12-31`,
      };
    case 'custom':
      return { from: filter.from ?? month, to: filter.to ?? today };
    default:
      return { from: month, to: today };
  }
}

/** The filter in words, above a file: of whom, what was asked for, and from when to when. */
export function filterWords(
  fields: readonly Field[],
  filter: Filter,
  desk: Calendar & { locale: string },
  customerName?: string,
) {
  const day = (date: CalendarDate): string => formatDate(date, desk.locale);
  const hasPeriod = fields.some(({ name }) => name === 'period');
  const { from, to } = periodOf(filter, desk);
  const words = fields.flatMap((field) => {
    const value = filter[field.name];
    if (['period', 'from', 'to'].includes(field.name)) return [];
    if (field.kind === 'customer') return customerName ? [`${field.label}: ${customerName}`] : [];
    if (field.kind === 'date') return [`${field.label} ${day(value ?? desk.today)}`];
    if (field.kind === 'choice')
      return [`${field.label}: ${field.options.find((option) => option.value === value)?.label ?? value}`];
    return [`${field.label}: ${value}`];
  });
  return [...(hasPeriod ? [`${day(from)} to ${day(to)}`] : []), ...words].join(' · ');
}
