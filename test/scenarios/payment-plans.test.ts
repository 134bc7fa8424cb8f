import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import {
  answer,
  approve,
  ask,
  bankAccount,
  chargesOf,
  follow,
  installmentsOf,
  isResting,
  planHouse,
  planOf,
  running,
  work,
} from '../support/plans.ts';

test('plan approve charges the down payment and creates the schedule in one step (product-b 19, 16)', async () => {
  const house = await planHouse([25_000n, 15_000n]);
  const planId = await ask(house);
  assert.deepEqual(await chargesOf(house), []);
  await approve(house, planId);
  const [down] = await chargesOf(house);
  assert.equal(down?.source, 'plan_down_payment');
  assert.equal(down?.amount, 10_000n);
  assert.equal((await planOf(house, planId)).state, 'approved');
  assert.deepEqual(await isResting(house), [false, false]);
  await answer(house, 'approved');
  await follow(house, planId);
  assert.equal((await planOf(house, planId)).state, 'active');
  assert.deepEqual(await isResting(house), [true, true]);
  const schedules = await house.books.tx((tx) =>
    tx.rows(sql`select state, times, next_on, amount from schedules where payment_plan_id = ${planId}`),
  );
  assert.deepEqual(schedules, [{ state: 'running', times: 3, nextOn: '2026-04-02', amount: 10_000n }]);
});

test('a down payment that is declined leaves the plan pending, with the reason, and it can be approved again', async () => {
  const house = await planHouse([40_000n]);
  const planId = await ask(house);
  await approve(house, planId);
  await answer(house, 'declined');
  await follow(house, planId);
  const plan = await planOf(house, planId);
  assert.equal(plan.state, 'requested');
  assert.match(plan.reason, /insufficient funds/i);
  assert.deepEqual(await isResting(house), [false]);
  await approve(house, planId);
  await answer(house, 'approved');
  await follow(house, planId);
  assert.equal((await planOf(house, planId)).state, 'active');
  assert.deepEqual(
    (await chargesOf(house)).map(({ state, requestKey }) => [
      state,
      requestKey.split(':').slice(2).join(':'),
    ]),
    [
      ['declined', 'down:1'],
      ['approved', 'down:2'],
    ],
  );
});

test('an answer that is lost makes the plan wait, and no second charge is made of it', async () => {
  const house = await planHouse([40_000n]);
  const planId = await ask(house);
  await approve(house, planId);
  const [down] = await chargesOf(house);
  await house.books.tx((tx) => tx.run(sql`update payments set state = 'unknown' where id = ${down?.id}`));
  await follow(house, planId);
  assert.equal((await planOf(house, planId)).state, 'approved');
  await assert.rejects(approve(house, planId), /under way/);
  assert.equal((await chargesOf(house)).length, 1);
});

test('installments are charged each on its day, and the last one completes the plan', async () => {
  const house = await planHouse([25_000n, 15_001n]);
  const planId = await running(house);
  for (const on of ['2026-04-01', '2026-04-02', '2026-05-02', '2026-06-02']) {
    await work(house, on);
    await work(house, on);
    await answer(house, 'approved');
    await work(house, on);
  }
  const charges = await chargesOf(house);
  assert.deepEqual(
    charges.map(({ amount, source }) => [source, amount]),
    [
      ['plan_down_payment', 10_000n],
      ['plan_installment', 10_000n],
      ['plan_installment', 10_000n],
      ['plan_installment', 10_001n],
    ],
  );
  assert.equal((await planOf(house, planId)).state, 'completed');
  assert.deepEqual(await isResting(house), [false, false]);
});

test('a failed installment is tried once more, then missed; so many missed end the plan and chasing goes on', async () => {
  const house = await planHouse([40_000n]);
  const planId = await running(house);
  await work(house, '2026-04-02');
  await answer(house, 'declined');
  await work(house, '2026-04-02');
  const [first] = await installmentsOf(house, planId);
  assert.deepEqual([first?.state, first?.tryOn], ['due', '2026-04-05']);
  await work(house, '2026-04-05');
  await answer(house, 'declined');
  await work(house, '2026-04-05');
  const after = await installmentsOf(house, planId);
  assert.deepEqual(
    after.map(({ number, state, amount, dueOn }) => [number, state, amount, dueOn]),
    [
      [1, 'missed', 10_000n, '2026-04-02'],
      [2, 'due', 10_000n, '2026-05-02'],
      [3, 'due', 10_000n, '2026-06-02'],
      [4, 'due', 10_000n, '2026-07-02'],
    ],
  );
  assert.deepEqual(await isResting(house), [true]);
  for (const on of ['2026-05-02', '2026-05-05']) {
    await work(house, on);
    await answer(house, 'declined');
    await work(house, on);
  }
  assert.equal((await planOf(house, planId)).state, 'defaulted');
  assert.deepEqual(await isResting(house), [false]);
});

test('a bank debit that is submitted starts the plan, and what is on its way is asked for only once', async () => {
  const house = await planHouse([40_000n], { method: bankAccount });
  const planId = await ask(house);
  await approve(house, planId);
  await answer(house, 'submitted');
  await follow(house, planId);
  assert.equal((await planOf(house, planId)).state, 'active');
  assert.deepEqual(
    (await installmentsOf(house, planId)).map(({ amount }) => amount),
    [10_000n, 10_000n, 10_000n],
  );
  await work(house, '2026-04-02');
  assert.equal((await chargesOf(house)).length, 2);
});
