import type { Random } from '#lib/random.ts';

export const zones = [
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Honolulu',
] as const;

/**
 * Days on which calendars and clocks go wrong: both changes of the clock, month ends, leap days, New Year.
 */
export const hardDays = [
  '2026-03-08',
  '2026-03-29',
  '2026-04-05',
  '2026-10-04',
  '2026-10-25',
  '2026-11-01',
  '2027-01-31',
  '2027-02-28',
  '2027-12-31',
  '2028-02-28',
  '2028-02-29',
] as const;

export const schedulers = [
  'hourly',
  'daily',
  'doubled',
  'broken',
  'dead for 1',
  'dead for 7',
  'dead for 40',
] as const;
export type Scheduler = (typeof schedulers)[number];

export type Timetable = {
  zone: (typeof zones)[number];
  scheduler: Scheduler;
  /** Every moment at which a scheduler looks, of all days. */
  ticks: Date[];
};

const hour_ms = 3_600_000;

/** A span of days around a hard one, and when somebody looks in it. */
export function timetable(seed: number, random: Random): Timetable {
  const zone = zones[seed % zones.length] ?? zones[0];
  const scheduler = schedulers[seed % schedulers.length] ?? schedulers[0];
  const span = scheduler === 'hourly' ? 5 : scheduler === 'dead for 40' ? 70 : 26;
  const first = Date.parse(`${random.pick(hardDays)}T00:00:00Z`) - Math.floor(span / 2) * 24 * hour_ms;
  const hours = Array.from({ length: span * 24 }, (_, at) => new Date(first + at * hour_ms));
  const daily = random.int(9, 20);
  const isLooking = (at: Date): boolean => scheduler === 'hourly' || localHour(zone, at) === daily;
  const dead = Number(/dead for (\d+)/.exec(scheduler)?.[1] ?? 0);
  const sleep = first + random.int(3, Math.max(3, span - dead - 3)) * 24 * hour_ms;
  const isDead = (at: Date): boolean => at.getTime() >= sleep && at.getTime() < sleep + dead * 24 * hour_ms;
  return { zone, scheduler, ticks: hours.filter((at) => isLooking(at) && !isDead(at)) };
}

/** The wall's date and hour, asked in another way than the product asks. */
export const localDate = (zone: string, at: Date): string =>
  at.toLocaleDateString('sv-SE', { timeZone: zone });
export const localHour = (zone: string, at: Date): number =>
  Number(at.toLocaleString('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }));

/** Days later, or earlier: counted by noons in Greenwich, as the product does not. */
export const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) + days * 24 * hour_ms).toISOString().slice(0, 10);
/** The last day of a day’s month. */
export function lastOfMonth(day: string): string {
  let last = day;
  while (plusDays(last, 1).slice(0, 7) === day.slice(0, 7)) last = plusDays(last, 1);
  return last;
}
export const plusHours = (at: Date, hours: number): Date => new Date(at.getTime() + hours * hour_ms);
