import { addDays, addMonths, type CalendarDate, daysBetween } from '#lib/dates.ts';

export const scheduleKinds = ['invoice', 'payment'] as const;
export type ScheduleKind = (typeof scheduleKinds)[number];
export const scheduleStates = ['running', 'paused', 'completed'] as const;
export type ScheduleState = (typeof scheduleStates)[number];
export const scheduleUnits = ['once', 'day', 'week', 'month', 'year'] as const;
export type ScheduleUnit = (typeof scheduleUnits)[number];

/** Dates are counted from the first one: the 31st falls on the last day of a short month and comes back. */
export type Rhythm = { unit: ScheduleUnit; every: number; startsOn: CalendarDate };
/** After so many occurrences, after a day, or never. */
export type End = { times: number | null; endsOn: CalendarDate | null };
/** A place in the series of dates, the first at 0. */
export type Place = { index: number; on: CalendarDate };
/** How far a schedule is: occurrences made, and the next date; none once it has ended. */
export type Progress = { taken: number; next: Place | undefined };
export type Series = Rhythm & End;

const lastDate = '9999-12-31';
const daysOf = { day: 1, week: 7 };
const monthsOf = { month: 1, year: 12 };

/** The date at a place of the series; undefined where there is none. */
export function dateAt({ unit, every, startsOn }: Rhythm, index: number): CalendarDate | undefined {
  if (unit === 'once') return index === 0 ? startsOn : undefined;
  if (unit === 'day' || unit === 'week') {
    const days = every * daysOf[unit] * index;
    return days > daysBetween(startsOn, lastDate) ? undefined : addDays(startsOn, days);
  }
  const months = every * monthsOf[unit] * index;
  return monthOf(startsOn) + months > monthOf(lastDate) ? undefined : addMonths(startsOn, months);
}

const monthOf = (date: CalendarDate): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));

/** The first place of the series on `day` or after it, counted and not walked. */
export function indexFrom(rhythm: Rhythm, day: CalendarDate): number {
  const { unit, every, startsOn } = rhythm;
  if (day <= startsOn) return 0;
  if (unit === 'once') return 1;
  if (unit === 'day' || unit === 'week')
    return Math.ceil(daysBetween(startsOn, day) / (every * daysOf[unit]));
  const index = Math.floor((monthOf(day) - monthOf(startsOn)) / (every * monthsOf[unit]));
  return (dateAt(rhythm, index) ?? lastDate) < day ? index + 1 : index;
}

/** The date at a place, unless the schedule has ended before it. */
export function placeAt(series: Series, index: number, taken: number): Place | undefined {
  if (series.times !== null && taken >= series.times) return undefined;
  const on = dateAt(series, index);
  return on === undefined || (series.endsOn !== null && on > series.endsOn) ? undefined : { index, on };
}

/** The next date on `day` or after it. */
export const placeFrom = (series: Series, day: CalendarDate, taken: number): Place | undefined =>
  placeAt(series, indexFrom(series, day), taken);

/** The next dates, as the runner will come to them if nothing fails and nobody steps in. */
export function nextDates(series: Series, { taken, next }: Progress, count: number): CalendarDate[] {
  const dates: CalendarDate[] = [];
  let place = next;
  while (place && dates.length < count) {
    dates.push(place.on);
    place = placeAt(series, place.index + 1, taken + dates.length);
  }
  return dates;
}

/** Where a new schedule stands. */
export const firstProgress = (series: Series): Progress => ({ taken: 0, next: placeAt(series, 0, 0) });

/** Where it stands after its next date, which made an occurrence or did not. */
export function afterNext(series: Series, { taken, next }: Progress, made: boolean): Progress {
  const now = taken + (made ? 1 : 0);
  return { taken: now, next: next && placeAt(series, next.index + 1, now) };
}

/** Why a schedule cannot start on a day; undefined when it can. */
export const startRefusal = (startsOn: CalendarDate, today: CalendarDate): string | undefined =>
  startsOn > today
    ? undefined
    : `A schedule starts tomorrow at the earliest: ${addDays(today, 1)} or later. ` +
      'What is to happen today can be done by hand.';

/** Why a series makes no sense; undefined when it does. */
export function seriesRefusal(series: Series): { param: string; message: string } | undefined {
  if (series.times !== null && series.endsOn !== null)
    return { param: 'ends_on', message: 'Give a number of times or a last day, not both.' };
  if (series.endsOn !== null && series.endsOn < series.startsOn)
    return { param: 'ends_on', message: 'The last day is before the first one.' };
  if (series.unit === 'once' && (series.every !== 1 || (series.times ?? 1) !== 1))
    return { param: 'times', message: 'What happens once has neither an interval nor a number of times.' };
  return undefined;
}

const unitWords: Record<Exclude<ScheduleUnit, 'once'>, [adverb: string, plural: string]> = {
  day: ['Daily', 'days'],
  week: ['Weekly', 'weeks'],
  month: ['Monthly', 'months'],
  year: ['Yearly', 'years'],
};

/** `Monthly`, `Every 2 weeks`, `Once`. */
export function frequencyWords({ unit, every }: Pick<Rhythm, 'unit' | 'every'>): string {
  if (unit === 'once') return 'Once';
  const [adverb, plural] = unitWords[unit];
  return every === 1 ? adverb : `Every ${every} ${plural}`;
}

/** `3 / 12 (9 remaining)`, `3 / ∞`. */
export function occurrenceWords({ times, endsOn }: End, taken: number): string {
  if (times !== null) return `${taken} / ${times} (${times - taken} remaining)`;
  return endsOn === null ? `${taken} / ∞` : `${taken} / until ${endsOn}`;
}
