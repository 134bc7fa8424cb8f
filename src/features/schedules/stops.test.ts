import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { endSchedule, pauseSchedule, resumeSchedule, skipNext } from '#features/schedules/pause-schedule.ts';
import { pauseSchedulesOfMethod } from '#features/schedules/pause-schedules-of-method.ts';
import { stopByPayer } from '#features/schedules/stop-by-payer.ts';
import { type ScheduleChanges, updateSchedule } from '#features/schedules/update-schedule.ts';
import { Refusal } from '#lib/errors.ts';
import { type Books, given, news, read } from '../../../test/support/given.ts';
import {
  daysOf,
  failed,
  noon,
  paying,
  paymentsOf,
  standing,
  workEachDay,
  workSchedules,
} from '../../../test/support/schedules.ts';

type Paying = Awaited<ReturnType<typeof paying>>;
const refuses = (message: RegExp) => (error: unknown) =>
  error instanceof Refusal && message.test(error.message);
const about = ({ books, scheduleId }: Paying) => ({ organizationId: books.organizationId, scheduleId });
const does = (one: Paying, day: string) => ({
  pause: () => one.books.tx((tx) => pauseSchedule(tx, one.books.actor, about(one), noon(day))),
  resume: () =>
    one.books.tx((tx) => resumeSchedule(tx, one.books.actor, { ...about(one), today: day }, noon(day))),
  skip: (on: string) =>
    one.books.tx((tx) => skipNext(tx, one.books.actor, { ...about(one), day: on }, noon(day))),
  end: () => one.books.tx((tx) => endSchedule(tx, one.books.actor, about(one), noon(day))),
  change: (changes: ScheduleChanges, held = false) =>
    one.books.tx((tx) =>
      updateSchedule(
        tx,
        one.books.actor,
        {
          ...about(one),
          changes,
          agreement: held ? { by: 'held', origin: { ip: '203.0.113.7', userAgent: 'test' } } : undefined,
        },
        noon(day),
      ),
    ),
});
/** The newest charge ends so; answers when it is tried again. */
async function ends(one: Paying, day: string, outcome: ReturnType<typeof news>) {
  const payment = (await paymentsOf(one.books, one.customerId)).at(-1);
  assert.ok(payment);
  await given.outcome({ ...one.books, now: noon(day) }, payment.id, outcome);
  return failed(one.books, payment.id, day);
}
const hard = { ...news('declined'), code: 'suspected_fraud' as const } as ReturnType<typeof news>;
const retries = (books: Books, count: number) =>
  books.tx((tx) =>
    tx.run(sql`update organizations set failed_charge_retries = ${count} where id = ${books.organizationId}`),
  );

test('dates that pass while it is paused are not made up, and it goes on in its rhythm', async () => {
  const one = await paying({ times: 2 });
  await does(one, '2026-03-10').pause();
  await workEachDay(one.books, '2026-03-30', '2026-05-01');
  await does(one, '2026-05-30').resume();
  assert.deepEqual(await standing(one.books, one.scheduleId), {
    state: 'running',
    taken: 0,
    nextOn: '2026-05-31',
    retryOn: null,
    pauseReason: null,
  });
  await workEachDay(one.books, '2026-05-30', '2026-07-02');
  assert.deepEqual(await daysOf(one.books, one.scheduleId), ['2026-05-31 made', '2026-06-30 made']);
  assert.equal((await standing(one.books, one.scheduleId)).state, 'completed');
});

test('resuming on one of its dates charges nothing on that day', async () => {
  const one = await paying();
  await does(one, '2026-03-10').pause();
  await does(one, '2026-03-31').resume();
  await workSchedules(one.books, '2026-03-31');
  assert.equal((await standing(one.books, one.scheduleId)).nextOn, '2026-04-30');
  assert.deepEqual(await paymentsOf(one.books, one.customerId), []);
});

test('a skipped date makes nothing and is no occurrence; a date that is not the next is refused', async () => {
  const one = await paying({ times: 2 });
  await assert.rejects(does(one, '2026-03-10').skip('2026-04-30'), refuses(/next date is 2026-03-31/));
  await does(one, '2026-03-10').skip('2026-03-31');
  await workEachDay(one.books, '2026-03-30', '2026-06-02');
  assert.deepEqual(await daysOf(one.books, one.scheduleId), [
    '2026-03-31 skipped',
    '2026-04-30 made',
    '2026-05-31 made',
  ]);
});

test('an ended schedule does nothing more, and nothing sets it going again', async () => {
  const one = await paying({ times: 1 });
  await workSchedules(one.books, '2026-03-31');
  const other = await paying();
  await workSchedules(other.books, '2026-03-31');
  await does(other, '2026-04-01').end();
  await ends(other, '2026-04-02', news('declined'));
  assert.deepEqual((await standing(other.books, other.scheduleId)).state, 'completed');
  await assert.rejects(does(other, '2026-04-03').resume(), refuses(/ended/));
  assert.equal(
    (await read.events(other.books, other.scheduleId)).filter((type) => type === 'schedule.ended').length,
    1,
  );
});

test('a declined charge is no occurrence: it stays running, and a counted one goes on until its number', async () => {
  const one = await paying({ times: 2 });
  await workSchedules(one.books, '2026-03-31');
  assert.deepEqual(await ends(one, '2026-03-31', news('declined')), { again: undefined });
  assert.equal(
    await failed(one.books, (await paymentsOf(one.books, one.customerId))[0]?.id ?? '', '2026-03-31'),
    undefined,
  );
  assert.deepEqual(
    [(await standing(one.books, one.scheduleId)).taken, (await standing(one.books, one.scheduleId)).state],
    [0, 'running'],
  );
  await workEachDay(one.books, '2026-04-01', '2026-06-02');
  assert.deepEqual(await daysOf(one.books, one.scheduleId), [
    '2026-03-31 failed',
    '2026-04-30 made',
    '2026-05-31 made',
  ]);
  assert.equal((await standing(one.books, one.scheduleId)).state, 'completed');
});

test('the last charge that fails sets a completed schedule going again with its next date', async () => {
  const one = await paying({ times: 1 });
  await workSchedules(one.books, '2026-03-31');
  assert.equal((await standing(one.books, one.scheduleId)).state, 'completed');
  await ends(one, '2026-04-01', news('declined'));
  assert.deepEqual(await standing(one.books, one.scheduleId), {
    state: 'running',
    taken: 0,
    nextOn: '2026-04-30',
    retryOn: null,
    pauseReason: null,
  });
});

test('a soft decline is tried again as the retries say, once, and never after the next date', async () => {
  const one = await paying({ times: 3 });
  await retries(one.books, 1);
  await workSchedules(one.books, '2026-03-31');
  assert.deepEqual(await ends(one, '2026-03-31', news('declined')), { again: '2026-04-03' });
  await workEachDay(one.books, '2026-04-01', '2026-04-04');
  assert.deepEqual(
    (await paymentsOf(one.books, one.customerId)).map(({ receivedOn }) => receivedOn),
    ['2026-03-31', '2026-04-03'],
  );
  assert.deepEqual(await daysOf(one.books, one.scheduleId), ['2026-03-31 made']);
  assert.deepEqual(await ends(one, '2026-04-03', news('declined')), { again: undefined });
  const daily = await paying({ unit: 'day', startsOn: '2026-03-03' });
  await retries(daily.books, 2);
  await workSchedules(daily.books, '2026-03-03');
  assert.deepEqual(await ends(daily, '2026-03-03', news('declined')), { again: undefined });
});

test('three hard declines in a row pause it, one that went through between them does not', async () => {
  const one = await paying({ unit: 'day', startsOn: '2026-03-03' });
  const run = async (day: string, outcome: ReturnType<typeof news>) => {
    await workSchedules(one.books, day);
    return ends(one, day, outcome);
  };
  await run('2026-03-03', hard);
  await run('2026-03-04', hard);
  await run('2026-03-05', news('approved'));
  await run('2026-03-06', hard);
  await run('2026-03-07', hard);
  assert.equal((await standing(one.books, one.scheduleId)).state, 'running');
  await run('2026-03-08', hard);
  const { state, pauseReason } = await standing(one.books, one.scheduleId);
  assert.deepEqual([state, pauseReason], ['paused', 'declined']);
});

test('a card that is lost or expired pauses it at once, and so does a method that is blocked', async () => {
  const one = await paying();
  await workSchedules(one.books, '2026-03-31');
  await ends(one, '2026-03-31', { ...news('declined'), code: 'expired_card' } as ReturnType<typeof news>);
  assert.equal((await standing(one.books, one.scheduleId)).pauseReason, 'method');
  const other = await paying();
  await other.books.tx((tx) =>
    tx.run(sql`update payment_methods set state = 'blocked' where id = ${other.methodId}`),
  );
  const input = { organizationId: other.books.organizationId, paymentMethodId: other.methodId };
  await other.books.tx((tx) => pauseSchedulesOfMethod(tx, other.books.actor, input, noon('2026-03-05')));
  assert.equal((await standing(other.books, other.scheduleId)).pauseReason, 'method');
  const late = await paying();
  await late.books.tx((tx) =>
    tx.run(sql`update payment_methods set state = 'blocked' where id = ${late.methodId}`),
  );
  await workSchedules(late.books, '2026-03-31');
  assert.deepEqual(await daysOf(late.books, late.scheduleId), ['2026-03-31 failed']);
  assert.equal((await standing(late.books, late.scheduleId)).pauseReason, 'method');
});

test('the payer takes the agreement back: nothing is charged, and only a new agreement lets it run', async () => {
  const one = await paying();
  const stop = (customerId: string) =>
    one.books.tx((tx) =>
      stopByPayer(
        tx,
        { kind: 'job', organizationId: one.books.organizationId, name: 'portal' },
        { organizationId: one.books.organizationId, customerIds: [customerId], scheduleId: one.scheduleId },
        noon('2026-03-30'),
      ),
    );
  await assert.rejects(stop(await given.customer(one.books)), refuses(/No schedule/));
  await stop(one.customerId);
  await does(one, '2026-03-30').resume();
  await workSchedules(one.books, '2026-03-31');
  assert.deepEqual(await paymentsOf(one.books, one.customerId), []);
  assert.equal((await standing(one.books, one.scheduleId)).pauseReason, 'agreement');
  await assert.rejects(
    does(one, '2026-04-01').change({ description: 'Again' }),
    refuses(/took the agreement back/),
  );
  await does(one, '2026-04-01').change({ description: 'Again' }, true);
  await does(one, '2026-04-01').resume();
  await workSchedules(one.books, '2026-04-30');
  assert.equal((await paymentsOf(one.books, one.customerId)).length, 1);
});

test('what takes more from the payer needs a new agreement; what takes less does not', async () => {
  const one = await paying({ times: 12 });
  const { change } = does(one, '2026-03-03');
  for (const beyond of [{ amount: 2_600n }, { times: 13 }, { times: null }, { unit: 'week' as const }])
    await assert.rejects(change(beyond), refuses(/beyond what the customer agreed to/));
  await change({ amount: 2_400n, times: 6 });
  await change({ amount: 9_900n }, true);
  await workSchedules(one.books, '2026-03-31');
  assert.deepEqual(
    (await paymentsOf(one.books, one.customerId)).map(({ amount }) => amount),
    [9_900n],
  );
  await assert.rejects(change({ dueDays: 3 }), refuses(/has no due days/));
  await assert.rejects(change({ unit: 'day', startsOn: '2026-03-03' }, true), refuses(/tomorrow/));
});

test('a charge that failed is not tried again with another amount: the next date takes that', async () => {
  for (const [change, again] of [
    [{ amount: 4_000n }, null],
    [{ amount: 2_000n }, null],
    [{ description: 'Gym' }, '2026-04-03'],
  ] as const) {
    const one = await paying();
    await retries(one.books, 1);
    await workEachDay(one.books, '2026-03-31', '2026-03-31');
    await ends(one, '2026-03-31', news('declined'));
    assert.equal((await standing(one.books, one.scheduleId)).retryOn, '2026-04-03');
    await does(one, '2026-04-01').change(change, true);
    assert.equal((await standing(one.books, one.scheduleId)).retryOn, again);
    await workEachDay(one.books, '2026-04-02', '2026-04-30');
    const amounts = (await paymentsOf(one.books, one.customerId)).map(({ amount }) => amount);
    const last = 'amount' in change ? change.amount : 2_500n;
    assert.deepEqual(amounts, again ? [2_500n, 2_500n, last] : [2_500n, last]);
  }
});
