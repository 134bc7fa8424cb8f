import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { readOrganization } from '#features/organizations/queries.ts';
import { moveInstallment } from '#features/payment-plans/change-plan.ts';
import { given } from '../../../test/support/given.ts';
import {
  answer,
  chargesOf,
  follow,
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

test('a second try and the next date are charged on two days, the second try first', async () => {
  const house = await planHouse([40_000n]);
  const planId = await running(house, { cadence: 'weekly', installments: 3, firstOn: '2026-03-09' });
  await work(house, '2026-03-09');
  await answer(house, 'declined');
  await follow(house, planId, '2026-03-10');
  const { organizationId } = house.books;
  await house.books.tx((tx) =>
    tx.run(sql`update payment_plan_installments set try_on = '2026-03-16' where organization_id = ${organizationId}
      and payment_plan_id = ${planId} and number = 1`),
  );
  await work(house, '2026-03-16');
  await work(house, '2026-03-16');
  assert.equal((await chargesOf(house)).length, 3, 'the down payment, the first try, the second');
  await answer(house, 'approved');
  await work(house, '2026-03-16');
  assert.equal((await chargesOf(house)).length, 3);
  await work(house, '2026-03-17');
  const charges = await chargesOf(house);
  assert.equal(charges.length, 4);
  assert.deepEqual(
    (await installmentsOf(house, planId)).map(({ state, tries }) => [state, tries]),
    [
      ['paid', 2],
      ['charging', 1],
      ['due', 0],
    ],
  );
});

test('what is passed over is never put into the installment of today', async () => {
  const house = await planHouse([40_000n]);
  const planId = await running(house, { cadence: 'weekly', installments: 3, firstOn: '2026-03-09' });
  const [down] = await chargesOf(house);
  const each = (40_000n - (down?.amount ?? 0n)) / 3n;
  const byHand = { customerId: house.customerId, amount: each / 2n };
  const [invoiceId = ''] = house.invoiceIds;
  await given.payment(house.books, { ...byHand, applications: [{ invoiceId, amount: byHand.amount }] });
  await follow(house, planId);
  const last = (await installmentsOf(house, planId)).at(-1)?.amount ?? 0n;
  assert.ok(last < each);
  // Nobody works from before the first date until the last.
  await work(house, '2026-03-23');
  const charged = (await chargesOf(house)).at(-1);
  assert.equal(charged?.amount, last);
});

test('an installment is not put off onto the next one’s date', async () => {
  const house = await planHouse([40_000n]);
  const planId = await running(house, { cadence: 'weekly', installments: 3, firstOn: '2026-03-09' });
  const { books } = house;
  const seller = await books.tx((tx) => readOrganization(tx, books.organizationId));
  const move = (dueOn: string) =>
    books.tx((tx) =>
      moveInstallment(tx, books.actor, { seller, planId, number: 1, dueOn, today: '2026-03-03' }, books.now),
    );
  await assert.rejects(move('2026-03-16'), /never charged at once: choose a day before it/);
  await move('2026-03-15');
});
