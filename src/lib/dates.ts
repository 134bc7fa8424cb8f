/** An accounting date: `YYYY-MM-DD` in the organization's time zone (house law 8). */
export type CalendarDate = string;

const day_ms = 86_400_000;

/** Formats cost fifty times what they format; locales and zones are few. */
const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(locale: string, options: Intl.DateTimeFormatOptions & { timeZone: string }) {
  const key = `${locale} ${options.timeZone} ${options.timeStyle ?? options.dateStyle ?? 'numbers'}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, options);
    formats.set(key, format);
  }
  return format;
}

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

export function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

/** The calendar date that a clock on the wall in `zone` shows at `instant`. */
export function dateIn(zone: string, instant: Date): CalendarDate {
  return formatOf('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(instant);
}

/** Days are few and asked for often: a daily run asks several times an invoice. */
const epochDays = new Map<CalendarDate, number>();
const dates = new Map<number, CalendarDate>();
const mostDays = 20_000;

function epochDay(date: CalendarDate): number {
  let day = epochDays.get(date);
  if (day === undefined) {
    day = Date.parse(`${date}T00:00:00Z`) / day_ms;
    if (epochDays.size < mostDays) epochDays.set(date, day);
  }
  return day;
}

function fromEpochDay(day: number): CalendarDate {
  let date = dates.get(day);
  if (date === undefined) {
    date = new Date(day * day_ms).toISOString().slice(0, 10);
    if (dates.size < mostDays) dates.set(day, date);
  }
  return date;
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const wallClocks = new Map<string, Intl.DateTimeFormat>();

/** Weekday (Monday is 1) and minute of the day that a clock on the wall in `zone` shows at `instant`. */
export function wallClock(zone: string, instant: Date): { weekday: number; minute: number } {
  let format = wallClocks.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    wallClocks.set(zone, format);
  }
  const shown = format.format(instant);
  const [hour = 0, minute = 0] = shown.slice(-5).split(':').map(Number);
  return { weekday: weekdays.indexOf(shown.slice(0, 3)) + 1, minute: hour * 60 + minute };
}

type KnowsZones = Intl.Locale & { getTimeZones(): string[] | undefined };

/** Every time zone that is kept in a country. */
export const zonesOfCountry = (country: string): string[] =>
  /^[A-Z]{2}$/.test(country) ? ((new Intl.Locale(`und-${country}`) as KnowsZones).getTimeZones() ?? []) : [];

/** Years 0001 to 9999: PostgreSQL has no year 0. */
export function isCalendarDate(text: string): boolean {
  if (!/^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

export const addDays = (date: CalendarDate, days: number): CalendarDate =>
  fromEpochDay(epochDay(date) + days);

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: CalendarDate, to: CalendarDate): number => epochDay(to) - epochDay(from);

/** The same day of month `months` later, or that month's last day where it has no such day. */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day, last));
  return first.toISOString().slice(0, 10);
}

/** The first day of the week of a date; 0 is Sunday. */
export function weekStart(date: CalendarDate, firstWeekday: number): CalendarDate {
  const weekday = (((epochDay(date) + 4) % 7) + 7) % 7;
  return addDays(date, -((weekday - firstWeekday + 7) % 7));
}

/** The first day of the fiscal year of a date; the year begins on the first of `month` (1 is January). */
export function fiscalYearStart(date: CalendarDate, month: number): CalendarDate {
  const begins = `-${String(month).padStart(2, '0')}-01`;
  const here = `${date.slice(0, 4)}${begins}`;
  return here <= date ? here : addMonths(here, -12);
}

/** For people: `12 Mar 2026`. */
export function formatDate(date: CalendarDate, locale = 'en-US'): string {
  return formatOf(locale, { timeZone: 'UTC', dateStyle: 'medium' }).format(Date.parse(`${date}T00:00:00Z`));
}

/** For people, in the organization's zone: `Mar 12, 2026, 4:05 PM`. */
export function formatInstant(instant: Date, zone: string, locale = 'en-US'): string {
  return formatOf(locale, { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' }).format(instant);
}

/** `Mar 2, 2026, 10:00 AM EST`: for a reader who may be in another zone. */
export const formatMoment = (instant: Date, zone: string, locale = 'en-US'): string =>
  formatOf(locale, {
    ...{ timeZone: zone, timeZoneName: 'short', hour: 'numeric', minute: '2-digit' },
    ...{ year: 'numeric', month: 'short', day: 'numeric' },
  }).format(instant);

export const secondsLater = (instant: Date, seconds: number): Date =>
  new Date(instant.getTime() + seconds * 1000);

/** The machine's clock: the one place it is read. Everything else is handed `now` (house law 8). */
export const systemNow = (): Date => new Date();
