import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schedulers, zones } from './chasing/clock.ts';
import { type Played, play } from './chasing/play.ts';

const seeds = Number(process.env.OWED_CHASING_SEEDS ?? 21);
const first = Number(process.env.OWED_FIRST_SEED ?? 0);

/** What 21 seeds have at least. */
const leastSaid = {
  ...{ new_invoice: 40, upcoming_payment: 15, payment_due: 15, payment_past_due: 60, statement: 15 },
  ...{ email: 100, sms: 30, paper: 8, saidLate: 20, lateFees: 20 },
  ...{ broken: 4, begun: 8, defaulted: 3 },
  ...{ 'suppressed stopped': 1, 'suppressed no_consent': 4, 'suppressed address_unconfirmed': 1 },
  ...{ 'suppressed invoice_rests': 1, 'suppressed not_payable': 1 },
};

/**
 * Promises 6 and 9 (money.md, 5): hourly, daily, doubled, broken and dead schedulers, over changes of the
 * clock, leap days and month ends, in five time zones. New invoices, reminders and statements, by mail, text
 * and letter, to who reads for a family of customers, and late fees, around promises, disputes and payment
 * plans, are what a slow oracle says they must be, once; what a rule keeps back names it.
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
  const said: Record<string, number> = {};
  for (const each of played)
    for (const [word, count] of Object.entries(each.said)) said[word] = (said[word] ?? 0) + count;
  const figures = {
    ...{ seeds: played.length, days: played.reduce((sum, { days }) => sum + days, 0), ...said },
    schedulers: new Set(played.map(({ timetable }) => timetable.scheduler)).size,
    zones: new Set(played.map(({ timetable }) => timetable.zone)).size,
  };
  t.diagnostic(JSON.stringify(figures));
  if (seeds < 21) return;
  assert.deepEqual([figures.schedulers, figures.zones], [schedulers.length, zones.length]);
  // Something of each, or there was nothing to go wrong.
  for (const [word, least] of Object.entries(leastSaid))
    assert.ok((said[word] ?? 0) >= (least * seeds) / 21, `too few of ${word}: ${JSON.stringify(figures)}`);
});
