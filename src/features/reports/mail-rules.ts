import { addDays, addMonths, type CalendarDate, daysBetween } from '#lib/dates.ts';

export type Rhythm = { every: 'day' | 'week' | 'month'; onDay: number };

/** Days since a Monday. */
const weekdayOf = (date: CalendarDate): number => (((daysBetween('2024-01-01', date) % 7) + 7) % 7) + 1;

/** The day of a month; its last where it has none such. */
function inMonth(date: CalendarDate, onDay: number): CalendarDate {
  const first = `${date.slice(0, 7)}-01`;
  const last = addDays(addMonths(first, 1), -1);
  const wanted = addDays(first, onDay - 1);
  return wanted < last ? wanted : last;
}

/** The first day of a rhythm that is not before a date. */
export function nextDay({ every, onDay }: Rhythm, from: CalendarDate): CalendarDate {
  if (every === 'day') return from;
  if (every === 'week') return addDays(from, (onDay - weekdayOf(from) + 7) % 7);
  const here = inMonth(from, onDay);
  return here >= from ? here : inMonth(addMonths(`${from.slice(0, 7)}-01`, 1), onDay);
}

export function nextDays(rhythm: Rhythm, from: CalendarDate, count: number): CalendarDate[] {
  const days: CalendarDate[] = [];
  for (let day = nextDay(rhythm, from); days.length < count; day = nextDay(rhythm, addDays(day, 1)))
    days.push(day);
  return days;
}

/** The newest day of a rhythm up to a date: after an outage it alone is worked. */
function lastDay({ every, onDay }: Rhythm, upTo: CalendarDate): CalendarDate {
  if (every === 'day') return upTo;
  if (every === 'week') return addDays(upTo, -((weekdayOf(upTo) - onDay + 7) % 7));
  const here = inMonth(upTo, onDay);
  return here <= upTo ? here : inMonth(addMonths(`${upTo.slice(0, 7)}-01`, -1), onDay);
}

/** The day that a report is still to be sent for; undefined when none is. */
export function dayDue(
  mail: Rhythm & { startsOn: CalendarDate; sentFor: CalendarDate | null },
  today: CalendarDate,
): CalendarDate | undefined {
  const day = lastDay(mail, today);
  return day < mail.startsOn || (mail.sentFor !== null && day <= mail.sentFor) ? undefined : day;
}
