import type { Random } from '#lib/random.ts';
import { hardDays, localHour, zones } from '../chasing/clock.ts';

export const schedulers = [
  'hourly',
  'daily',
  'doubled',
  'broken',
  'dead for 1',
  'dead for 7',
  'dead for 40',
  'leaping',
] as const;
export type Scheduler = (typeof schedulers)[number];

export type Timetable = {
  zone: (typeof zones)[number];
  scheduler: Scheduler;
  /** Every moment at which a scheduler looks, of all days, the office being open. */
  ticks: Date[];
};

const hour_ms = 3_600_000;
const day_ms = 24 * hour_ms;
export const workHour = 8;

/**
 * Days around a hard one, and when somebody looks in them. 28 years on, when the calendar repeats itself: an
 * organization's clock goes ahead of the machine's, never back.
 */
export function timetable(seed: number, random: Random): Timetable {
  const zone = zones[seed % zones.length] ?? zones[0];
  const scheduler = schedulers[seed % schedulers.length] ?? schedulers[0];
  const hard = new Date(`${random.pick(hardDays)}T00:00:00Z`);
  hard.setUTCFullYear(hard.getUTCFullYear() + 28);
  const days = drawDays(scheduler, random);
  const first = hard.getTime() - (days[random.int(1, Math.min(5, days.length - 1))] ?? 0) * day_ms;
  const daily = random.int(9, 20);
  const ticks = days.flatMap((day) =>
    Array.from({ length: 24 }, (_, hour) => new Date(first + day * day_ms + hour * hour_ms)),
  );
  return {
    ...{ zone, scheduler },
    ticks: ticks.filter((at) => {
      const hour = localHour(zone, at);
      return scheduler === 'hourly' ? hour >= workHour && random.chance(0.4) : hour === daily;
    }),
  };
}

/** The days that anybody looks, counted from the first. */
function drawDays(scheduler: Scheduler, random: Random): number[] {
  if (scheduler === 'hourly') return Array.from({ length: 4 }, (_, at) => at);
  const dead = Number(/dead for (\d+)/.exec(scheduler)?.[1] ?? 0);
  const sleep = random.int(3, 8);
  let day = 0;
  return Array.from({ length: 13 }, (_, at) => {
    if (at > 0) day += scheduler === 'leaping' ? random.pick([1, 1, 2, 5, 13, 29, 31]) : 1;
    return at >= sleep ? day + dead : day;
  });
}
