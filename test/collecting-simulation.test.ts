import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zones } from './chasing/clock.ts';
import { schedulers } from './collecting/clock.ts';
import { type Played, play } from './collecting/play.ts';

const seeds = Number(process.env.OWED_COLLECTING_SEEDS ?? 24);
const first = Number(process.env.OWED_FIRST_SEED ?? 0);

/**
 * Promises 3, 6, 8 and 10 (money.md, 5) for what Owed charges by itself: hourly, daily, doubled, broken and
 * dead schedulers, over changes of the clock, leap days and month ends, in five time zones, with a gateway on
 * a bad line, and with people who edit, pay, remove and revoke meanwhile.
 */
test('what is agreed to is collected once, within what was agreed, and nothing is lost', async (t) => {
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
          failures.push(
            `${error.stack ?? error.message}\n\nReplay: npx node test/collecting/replay.ts --seed ${seed}`,
          ),
      );
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  assert.equal(failures.join('\n\n'), '');
  const total = (of: (each: Played) => number): number => played.reduce((sum, each) => sum + of(each), 0);
  const figures = {
    ...{ seeds: played.length, days: total(({ days }) => days), charges: total(({ charges }) => charges) },
    ...{ autopay: total((each) => each.autopay), occurrences: total((each) => each.occurrences) },
    ...{ plans: total((each) => each.plans), fees: total((each) => each.fees) },
    ...{ discounts: total((each) => each.discounts), planEdits: total(({ did }) => did.planEdits) },
    ...{
      methodsRemoved: total(({ did }) => did.methodsRemoved),
      cardsEnded: total(({ did }) => did.cardsEnded),
    },
    ...{ revisions: total(({ did }) => did.revisions), leaps: total(({ did }) => did.leaps) },
    schedulers: new Set(played.map(({ timetable }) => timetable.scheduler)).size,
    zones: new Set(played.map(({ timetable }) => timetable.zone)).size,
  };
  t.diagnostic(JSON.stringify(figures));
  if (seeds < 24) return;
  assert.deepEqual([figures.schedulers, figures.zones], [schedulers.length, zones.length]);
  for (const [what, count] of Object.entries(figures))
    assert.ok(count >= 5, `only ${count} ${what}: there was too little to go wrong`);
});
