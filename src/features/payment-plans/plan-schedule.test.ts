import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { readOrganization } from '#features/organizations/queries.ts';
import { moveInstallment } from '#features/payment-plans/change-plan.ts';
import { endPlan } from '#features/payment-plans/end-plan.ts';
import { pauseSchedule } from '#features/schedules/pause-schedule.ts';
import { listSchedules } from '#features/schedules/queries.ts';
import { stopByPayer } from '#features/schedules/stop-by-payer.ts';
import {
  answer,
  chargesOf,
  day,
  follow,
  installmentsOf,
  type Planned,
  planHouse,
  planOf,
  running,
  work,
} from '../../../test/support/plans.ts';

/** The one schedule of a plan, as the list of schedules shows it. */
async function listed({ books, customerId }: Planned, planId: string) {
  const filter = { customerId, status: 'all', sort: 'next_on', limit: 10 } as const;
  const { data } = await books.tx((tx) => listSchedules(tx, books.organizationId, filter));
  assert.deepEqual(
    data.map(({ payment_plan_id: id }) => id),
    [planId],
  );
  const [row] = data;
  assert.ok(row);
  return { id: row.id, shown: [row.state, row.taken, row.times, row.next_on] };
}

test('the schedule of a plan says what the plan does: each installment, a try again, a date put off, the end', async () => {
  const house = await planHouse([40_000n]);
  const planId = await running(house);
  const shown = async () => (await listed(house, planId)).shown;
  assert.deepEqual(await shown(), ['running', 0, 3, '2026-04-02']);
  const { books } = house;
  const seller = await books.tx((tx) => readOrganization(tx, books.organizationId));
  const moved = { seller, planId, today: '2026-03-02', number: 1, dueOn: '2026-04-10' };
  await books.tx((tx) => moveInstallment(tx, books.actor, moved, books.now));
  assert.deepEqual(await shown(), ['running', 0, 3, '2026-04-10']);
  await work(house, '2026-04-10');
  assert.deepEqual(await shown(), ['running', 1, 3, '2026-05-02']);
  await answer(house, 'declined');
  await work(house, '2026-04-10');
  assert.deepEqual(await shown(), ['running', 0, 3, '2026-04-13']);
  for (const on of ['2026-04-13', '2026-05-02', '2026-06-02']) {
    await work(house, on);
    await answer(house, 'approved');
    await work(house, on);
  }
  assert.deepEqual(await shown(), ['completed', 3, 3, null]);
});

test('a plan that is cancelled takes its schedule along at once', async () => {
  const house = await planHouse([40_000n]);
  const { books } = house;
  const planId = await running(house);
  const ending = {
    organizationId: books.organizationId,
    planId,
    to: 'cancelled' as const,
    reason: 'By phone.',
  };
  await books.tx((tx) => endPlan(tx, books.actor, ending, day('2026-03-10')));
  assert.deepEqual((await listed(house, planId)).shown, ['completed', 0, 1, null]);
});

test('a plan in default takes its schedule along', async () => {
  const house = await planHouse([40_000n]);
  const planId = await running(house);
  for (const on of ['2026-04-02', '2026-04-05', '2026-05-02', '2026-05-05']) {
    await work(house, on);
    await answer(house, 'declined');
    await work(house, on);
  }
  const [state, , , next] = (await listed(house, planId)).shown;
  assert.deepEqual([state, next], ['completed', null]);
});

test('neither staff nor the payer change the schedule of a plan past the plan', async () => {
  const house = await planHouse([40_000n]);
  const { books, customerId } = house;
  const { id: scheduleId } = await listed(house, await running(house));
  const about = { organizationId: books.organizationId, scheduleId };
  await assert.rejects(
    books.tx((tx) => pauseSchedule(tx, books.actor, about, books.now)),
    /belongs to a payment plan/,
  );
  const payer = { kind: 'job', organizationId: books.organizationId, name: 'portal' } as const;
  await assert.rejects(
    books.tx((tx) => stopByPayer(tx, payer, { ...about, customerIds: [customerId] }, books.now)),
    /belongs to a payment plan/,
  );
  const kept = await books.tx((tx) => tx.rows(sql`select state from schedules where id = ${scheduleId}`));
  assert.deepEqual(kept, [{ state: 'running' }]);
});

test('a charge that was with the gateway when its plan ended is heard of, and not tried again', async () => {
  for (const [word, state] of [
    ['declined', 'missed'],
    ['settled', 'paid'],
  ] as const) {
    const house = await planHouse([40_000n]);
    const planId = await running(house);
    await work(house, '2026-04-02');
    const { books } = house;
    const { organizationId } = books;
    const ending = { organizationId, planId, to: 'cancelled', reason: 'Sold' } as const;
    await books.tx((tx) => endPlan(tx, books.actor, ending, day('2026-04-02')));
    await answer(house, word);
    await follow(house, planId, '2026-04-02');
    const [first] = await installmentsOf(house, planId);
    assert.deepEqual(
      [first?.state, first?.tryOn, (await planOf(house, planId)).state],
      [state, null, 'cancelled'],
    );
    await work(house, '2026-05-05');
    assert.equal((await chargesOf(house)).filter(({ source }) => source === 'plan_installment').length, 1);
  }
});
