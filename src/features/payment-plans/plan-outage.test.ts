import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answer,
  chargesOf,
  installmentsOf,
  planHouse,
  planOf,
  running,
  work,
} from '../../../test/support/plans.ts';

test('after an outage of weeks, by two schedulers at once, one date is charged and the others follow at the end', async () => {
  const house = await planHouse([40_000n]);
  const planId = await running(house, { cadence: 'weekly', installments: 6, firstOn: '2026-03-09' });
  // Four dates went by; the newest was three days ago.
  await Promise.all([work(house, '2026-04-02'), work(house, '2026-04-02')]);
  await answer(house, 'approved');
  await Promise.all([work(house, '2026-04-02'), work(house, '2026-04-03')]);
  assert.equal((await chargesOf(house)).length, 2, 'the down payment, and one date');
  const after = await installmentsOf(house, planId);
  assert.deepEqual(
    after.map(({ number, state, dueOn }) => [number, state, dueOn]),
    [
      [1, 'dropped', '2026-03-09'],
      [2, 'dropped', '2026-03-16'],
      [3, 'dropped', '2026-03-23'],
      [4, 'paid', '2026-03-30'],
      [5, 'due', '2026-04-06'],
      [6, 'due', '2026-04-13'],
      [7, 'due', '2026-04-20'],
      [8, 'due', '2026-04-27'],
      [9, 'due', '2026-05-04'],
    ],
  );
  for (const on of ['2026-04-06', '2026-04-13', '2026-04-20', '2026-04-27', '2026-05-04']) {
    await work(house, on);
    await answer(house, 'approved');
    await work(house, on);
  }
  const charges = await chargesOf(house);
  assert.equal(new Set(charges.map(({ requestKey }) => requestKey)).size, charges.length);
  assert.equal(
    charges.reduce((all, { amount }) => all + amount, 0n),
    40_000n,
  );
  assert.equal((await planOf(house, planId)).state, 'completed');
});

test('a date that nobody worked on for longer than was agreed is not charged late', async () => {
  const house = await planHouse([40_000n]);
  const planId = await running(house, { cadence: 'monthly', installments: 2, firstOn: '2026-03-09' });
  await work(house, '2026-03-15');
  assert.equal((await chargesOf(house)).length, 1, 'the down payment alone');
  assert.deepEqual(
    (await installmentsOf(house, planId)).map(({ state, dueOn }) => [state, dueOn]),
    [
      ['dropped', '2026-03-09'],
      ['due', '2026-04-09'],
      ['due', '2026-05-09'],
    ],
  );
});
