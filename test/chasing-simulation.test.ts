import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schedulers, zones } from './chasing/clock.ts';
import { type Played, play } from './chasing/play.ts';

const seeds = Number(process.env.OWED_CHASING_SEEDS ?? 21);
const first = Number(process.env.OWED_FIRST_SEED ?? 0);

/**
 * Promise 6 (money.md, 5): hourly, daily, doubled, broken and dead schedulers, over changes of the clock,
 * leap days and month ends, in five time zones. What is said on each day is what a slow oracle says it must
 * be, once.
 */
test('chasing says each thing once, the newest after an outage, and loses none', async (t) => {
  const played: Played[] = [];
  const failures: string[] = [];
  let next = first;
  const work = async (): Promise<void> => {
    while (next < first + seeds && failures.length === 0) {
      const seed = next;
      next += 1;
      await play(seed).then(
        (each) => played.push(each),
        (error: Error) =>
          failures.push(`${error.message}\n\nReplay: npx node test/chasing/replay.ts --seed ${seed}`),
      );
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  assert.equal(failures.join('\n\n'), '');
  const total = (of: (each: Played) => number): number => played.reduce((sum, each) => sum + of(each), 0);
  const figures = {
    ...{ seeds: played.length, days: total(({ days }) => days), said: total(({ said }) => said) },
    ...{ saidLate: total(({ late }) => late), lateFees: total(({ fees }) => fees) },
    schedulers: new Set(played.map(({ timetable }) => timetable.scheduler)).size,
    zones: new Set(played.map(({ timetable }) => timetable.zone)).size,
  };
  t.diagnostic(JSON.stringify(figures));
  if (seeds < 21) return;
  assert.deepEqual([figures.schedulers, figures.zones], [schedulers.length, zones.length]);
  assert.ok(figures.said > seeds * 3, 'too little was said to go wrong');
  assert.ok(figures.saidLate > seeds / 2, 'too little was said after its day');
  assert.ok(figures.lateFees > seeds / 2, 'too few late fees');
});
