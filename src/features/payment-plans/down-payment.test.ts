import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { mailsOf, setOrganization } from '../../../test/support/mails.ts';
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
  work,
} from '../../../test/support/plans.ts';
import { workOff } from '../../../test/support/portal.ts';

test('a down payment that comes back after the start is a missed payment: the plan asks for it at its end', async () => {
  const house = await planHouse([40_000n], { method: bankAccount });
  const { books } = house;
  await setOrganization(books, sql`notify_emails = array['desk@owed.test']`);
  const planId = await ask(house);
  await approve(house, planId);
  await answer(house, 'submitted');
  await follow(house, planId);
  assert.equal((await planOf(house, planId)).state, 'active');
  await answer(house, 'returned');
  await follow(house, planId);
  const plan = await planOf(house, planId);
  assert.deepEqual([plan.state, plan.askedRise], ['active', 0n]);
  assert.deepEqual(await isResting(house), [true]);
  assert.deepEqual(
    (await installmentsOf(house, planId)).map(({ amount, dueOn, state }) => [state, dueOn, amount]),
    [
      ['due', '2026-04-02', 10_000n],
      ['due', '2026-05-02', 10_000n],
      ['due', '2026-06-02', 10_000n],
      ['due', '2026-07-02', 10_000n],
    ],
  );
  await work(house, '2026-03-03');
  assert.equal((await chargesOf(house)).length, 1, 'nothing is charged before its day');
  for (const name of ['react', 'send-return-notice']) await workOff(name, books.organizationId);
  const told = (await mailsOf(books)).filter(({ kind }) => kind.startsWith('return_'));
  assert.deepEqual(told.map(({ toEmails }) => toEmails[0]).sort(), ['ana@example.com', 'desk@owed.test']);
});

test('a down payment that comes back is one missed payment: one more ends the plan', async () => {
  const house = await planHouse([40_000n], { method: bankAccount });
  const planId = await ask(house);
  await approve(house, planId);
  await answer(house, 'submitted');
  await follow(house, planId);
  await answer(house, 'returned');
  await follow(house, planId);
  for (const on of ['2026-04-02', '2026-04-30']) {
    await work(house, on);
    await answer(house, 'returned');
    await work(house, on);
  }
  assert.equal((await planOf(house, planId)).state, 'defaulted');
  assert.deepEqual(await isResting(house), [false]);
});
