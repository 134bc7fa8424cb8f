import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schedulers, zones } from './chasing/clock.ts';
import { type Played, play } from './chasing/play.ts';

const seeds = Number(process.env.OWED_CHASING_SEEDS ?? 21);
const first = Number(process.env.OWED_FIRST_SEED ?? 0);

/** What has to have happened so often that it can go wrong. */
const often = ['said', 'saidLate', 'lateFees', 'new_invoice', 'statement', 'broken', 'woken', 'upcoming_late_fee'];
often.push('together', 'byTextOrLetter');

/**
 * Promise 6 (money.md, 5): hourly, daily, doubled, broken and dead schedulers, over changes of the clock,
 * leap days and month ends, in five time zones. What is said on each day, to whom and in which message, which
 * promises are broken and which disputes wake is what a slow oracle says it must be, once.
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
  const total: Record<string, number> = { seeds: played.length, days: 0 };
  for (const { days, count } of played)
    for (const [what, times] of Object.entries({ days, ...count })) total[what] = (total[what] ?? 0) + times;
  t.diagnostic(JSON.stringify(total));
  if (seeds < 21) return;
  assert.equal(new Set(played.map(({ timetable }) => timetable.scheduler)).size, schedulers.length);
  assert.equal(new Set(played.map(({ timetable }) => timetable.zone)).size, zones.length);
  for (const what of often) assert.ok((total[what] ?? 0) > seeds / 2, `too few of ${what}: ${total[what]}`);
});
