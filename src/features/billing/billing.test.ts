import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { cancelPlan } from '#features/billing/cancel-plan.ts';
import { choosePlan } from '#features/billing/choose-plan.ts';
import { workBilling } from '#features/billing/close-due.ts';
import { countUsage } from '#features/billing/count-usage.ts';
import { declareHost } from '#features/billing/declare-host.ts';
import { readSubscription } from '#features/billing/queries.ts';
import { previewPlan } from '#features/billing/read-billing.ts';
import { addDays } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import {
  billedTo,
  close,
  hostOn,
  mailsOn,
  personFrom,
  planOf,
  taxRateOf,
  theHost,
} from '../../../test/support/billing.ts';
import { type Books, given } from '../../../test/support/given.ts';

let host: Books;
before(async () => {
  host = await theHost();
});

async function choose(subscriber: Books, planId: string, today: string): Promise<void> {
  const at = await hostOn(host, today);
  const asked = {
    id: subscriber.organizationId,
    name: `Subscriber ${subscriber.organizationId}`,
    email: null,
  };
  const input = { host: at, subscriber: asked, planId, email: 'books@subscriber.example' };
  await host.db.transaction(systemActor('test'), (tx) => choosePlan(tx, subscriber.actor, input, at.now));
}
const cancel = async (subscriber: Books, cancels: boolean, today: string): Promise<void> => {
  const input = { host: await hostOn(host, today), subscriberId: subscriber.organizationId, cancels };
  await host.db.transaction(systemActor('test'), (tx) => cancelPlan(tx, subscriber.actor, input, host.now));
};
const running = (subscriber: Books) =>
  host.db.transaction(systemActor('test'), (tx) =>
    readSubscription(tx, host.organizationId, subscriber.organizationId),
  );
const customerOf = async (subscriber: Books): Promise<string> => {
  const row = await host.tx((tx) =>
    tx.row<{ id: string }>(sql`select id from customers where external_id = ${subscriber.organizationId}`),
  );
  return must(row, 'the customer').id;
};
const totals = async (subscriber: Books): Promise<bigint[]> =>
  (await billedTo(host, await customerOf(subscriber))).map(({ total }) => total);

test('the base is billed ahead, the use at the turn, by an invoice that the host’s books know', async () => {
  const subscriber = await given.organization();
  await choose(subscriber, await planOf(host), '2026-03-01');
  await mailsOn(subscriber, '2026-03-01', 4);
  await mailsOn(subscriber, '2026-03-31', 13);
  await mailsOn(subscriber, '2026-04-01', 50);
  for (const state of ['queued', 'failed']) await mailsOn(subscriber, '2026-03-10', 3, state);
  await close(host, subscriber.organizationId, '2026-04-01');
  const [first, second, ...none] = await billedTo(host, await customerOf(subscriber));
  assert.deepEqual(none, []);
  assert.equal(first?.total, 4900n);
  assert.match(first?.lines[0]?.[0] ?? '', /^Growth \d+, Mar 1, 2026 to Mar 31, 2026$/);
  assert.deepEqual(
    second?.lines.map(([, amount]) => amount),
    [500n, 50n, 4900n],
    '17 mails: 5 included, 10 at 0.50, 2 at 0.25',
  );
  assert.match(second?.lines[0]?.[0] ?? '', /^E-mails, Mar 1, 2026 to Mar 31, 2026, beyond 5 included$/);
  const entries = await host.tx((tx) =>
    tx.row<{ due: bigint }>(sql`select sum(balance_due)::bigint as due from invoices
      where organization_id = ${host.organizationId} and external_id like 'billing %' and total = 5450`),
  );
  assert.equal(entries?.due, 5450n);
});

test('a turn worked twice, or by two at once, bills once', async () => {
  const subscriber = await given.organization();
  await choose(subscriber, await planOf(host), '2026-03-01');
  await Promise.all([1, 2, 3].map(() => close(host, subscriber.organizationId, '2026-04-03')));
  await close(host, subscriber.organizationId, '2026-04-03');
  assert.deepEqual(await totals(subscriber), [4900n, 4900n]);
  const period = (await running(subscriber))?.period;
  assert.deepEqual([period?.startsOn, period?.endsOn], ['2026-04-01', '2026-05-01']);
});

test('periods that ended while nobody worked are billed one after the other, each with its own use', async () => {
  const subscriber = await given.organization();
  await choose(subscriber, await planOf(host), '2026-01-31');
  await mailsOn(subscriber, '2026-02-27', 7);
  await mailsOn(subscriber, '2026-02-28', 6);
  await close(host, subscriber.organizationId, '2026-04-05');
  assert.deepEqual(await totals(subscriber), [4900n, 5000n, 4950n]);
  assert.equal((await running(subscriber))?.period.endsOn, '2026-04-30');
});

test('counting a day again leaves the same number, and another organization’s mails are none of it', async () => {
  const [subscriber, other] = [await given.organization(), await given.organization()];
  await choose(subscriber, await planOf(host), '2026-03-01');
  await mailsOn(subscriber, '2026-03-02', 3);
  await mailsOn(other, '2026-03-02', 40);
  await close(host, subscriber.organizationId, '2026-03-03');
  await close(host, subscriber.organizationId, '2026-03-04');
  const kept = await host.tx((tx) =>
    tx.rows<{ day: string; quantity: bigint }>(sql`select day, quantity from billing_usage
      where subscriber_id = ${subscriber.organizationId} and meter = 'emails' order by day`),
  );
  assert.deepEqual(kept, [{ day: '2026-03-02', quantity: 3n }]);
});

test('users are the most at once, from the day they came to the day they left', async () => {
  const subscriber = await given.organization();
  for (const [at, email] of ['a', 'b', 'c'].entries())
    await personFrom(subscriber, email, `2026-03-0${at + 1}T10:00:00Z`);
  await subscriber.db.pool.query(
    `update organization_users set disabled_at = '2026-03-04T10:00:00Z' where organization_id = $1
      and user_id = (select min(user_id::text) from organization_users where organization_id = $1)`,
    [subscriber.organizationId],
  );
  const counted = { hostId: host.organizationId, subscriberId: subscriber.organizationId, timeZone: 'UTC' };
  const days = await host.db.transaction(systemActor('test'), (tx) =>
    countUsage(tx, { ...counted, from: '2026-03-01', to: '2026-03-06' }),
  );
  assert.deepEqual(
    days.map(({ quantity }) => quantity),
    [1n, 2n, 3n, 3n, 2n],
  );
});

test('mails of a live organization are found by the time in their ids', async () => {
  const live = await given.organization({ mode: 'live' });
  const now = new Date();
  const today = now.toISOString().slice(0, 10);
  await mailsOn(live, today, 2);
  const counted = { hostId: host.organizationId, subscriberId: live.organizationId, timeZone: 'UTC' };
  const days = await host.db.transaction(systemActor('test'), (tx) =>
    countUsage(tx, { ...counted, from: addDays(today, -1), to: addDays(today, 2) }),
  );
  assert.deepEqual(
    days.filter(({ meter }) => meter === 'emails'),
    [{ day: today, meter: 'emails', quantity: 2n }],
  );
});

test('another plan begins a period today and gives the rest of the old one back; a cheaper one leaves credit', async () => {
  const subscriber = await given.organization();
  const small = await planOf(host, { price: 900n, meters: [] });
  const yearly = await planOf(host, { every: 'year', price: 36_500n, meters: [] });
  await choose(subscriber, yearly, '2026-03-01');
  await choose(subscriber, small, '2026-03-11');
  assert.deepEqual(await totals(subscriber), [36_500n, 0n]);
  assert.equal((await running(subscriber))?.credit, 35_500n - 900n);
  await close(host, subscriber.organizationId, '2026-04-11');
  assert.deepEqual(await totals(subscriber), [36_500n, 0n, 0n]);
  assert.equal((await running(subscriber))?.credit, 35_500n - 1_800n);
  await choose(subscriber, small, '2026-04-12');
  assert.equal((await totals(subscriber)).length, 3, 'the same plan again changes nothing');
});

test('another plan takes back the rest of the old one with the old one’s tax, and is taxed by its own', async () => {
  const subscriber = await given.organization();
  const taxed = await planOf(host, { price: 3_100n, meters: [], taxRateIds: [await taxRateOf(host, '10')] });
  const free = await planOf(host, { price: 4_000n, meters: [] });
  await choose(subscriber, taxed, '2026-03-01');
  await choose(subscriber, free, '2026-03-11');
  assert.deepEqual(await totals(subscriber), [3_410n, 4_000n - 2_100n - 210n]);
  await choose(subscriber, taxed, '2026-03-11');
  assert.deepEqual((await totals(subscriber)).slice(2), [0n]);
  assert.equal((await running(subscriber))?.credit, 590n, '4,000 come back, 3,100 and 310 of tax are taken');
});

test('what a subscription that ended was too small to take, the next one has, and its preview says so', async () => {
  const subscriber = await given.organization();
  const small = await planOf(host, { price: 900n, meters: [] });
  const yearly = await planOf(host, { every: 'year', price: 36_500n, meters: [] });
  await choose(subscriber, yearly, '2026-03-01');
  await choose(subscriber, small, '2026-03-11');
  await cancel(subscriber, true, '2026-03-12');
  await close(host, subscriber.organizationId, '2026-04-11');
  const at = await hostOn(host, '2026-04-20');
  const preview = await host.db.transaction(systemActor('test'), (tx) =>
    previewPlan(tx, at, subscriber.organizationId, small),
  );
  assert.deepEqual([preview.due_now.total, preview.due_now.carried], [0n, 35_500n - 1_800n]);
  await choose(subscriber, small, '2026-04-20');
  assert.deepEqual(await totals(subscriber), [36_500n, 0n, 0n]);
  assert.equal((await running(subscriber))?.credit, 35_500n - 1_800n);
  const [all] = await host.tx((tx) =>
    tx.rows<{ credit: bigint }>(sql`select sum(credit)::bigint as credit from billing_subscriptions
      where subscriber_id = ${subscriber.organizationId}`),
  );
  assert.equal(all?.credit, 35_500n - 1_800n, 'once');
});

test('a trial bills nothing, is given once, and begins the rhythm on the day after it', async () => {
  const subscriber = await given.organization();
  const planId = await planOf(host, { trialDays: 14 });
  await choose(subscriber, planId, '2026-03-01');
  await mailsOn(subscriber, '2026-03-05', 30);
  await close(host, subscriber.organizationId, '2026-03-14');
  assert.deepEqual(await totals(subscriber), []);
  await close(host, subscriber.organizationId, '2026-03-15');
  assert.deepEqual(await totals(subscriber), [4900n]);
  assert.equal((await running(subscriber))?.period.endsOn, '2026-04-15');
  await cancel(subscriber, true, '2026-03-20');
  await close(host, subscriber.organizationId, '2026-04-15');
  await choose(subscriber, planId, '2026-05-01');
  assert.deepEqual(await totals(subscriber), [4900n, 4900n], 'the second time there is no trial');
});

test('a cancelled plan bills its use at the end of its period, and nothing after; before that it can be kept', async () => {
  const subscriber = await given.organization();
  await choose(subscriber, await planOf(host), '2026-03-01');
  await mailsOn(subscriber, '2026-03-09', 7);
  await cancel(subscriber, true, '2026-03-10');
  await cancel(subscriber, false, '2026-03-11');
  await cancel(subscriber, true, '2026-03-12');
  await close(host, subscriber.organizationId, '2026-06-01');
  assert.deepEqual(await totals(subscriber), [4900n, 100n]);
  assert.equal(await running(subscriber), undefined);
  await assert.rejects(cancel(subscriber, true, '2026-06-02'), /no plan that runs/);
});

test('a plan that cannot be billed, for a tax rate that is gone, holds up none of the others', async () => {
  const [stuck, fine] = [await given.organization(), await given.organization()];
  const rate = await taxRateOf(host, '10');
  const taxed = await planOf(host, { taxRateIds: [rate], meters: [] });
  const today = new Date().toISOString().slice(0, 10);
  for (const [subscriber, planId] of [
    [stuck, taxed],
    [fine, await planOf(host, { meters: [] })],
  ] as const)
    await choose(subscriber, planId, '2026-03-01');
  assert.deepEqual(await totals(stuck), [5390n], 'taxed by the rate of the plan');
  await host.db.pool.query('update tax_rates set deactivated_at = now() where id = $1', [rate]);
  const work = workBilling(host.db, { organizationId: host.organizationId, today, now: new Date() });
  await assert.rejects(work, AggregateError);
  assert.deepEqual(await totals(stuck), [5390n]);
  assert.ok((await totals(fine)).length > 1);
  await host.db.pool.query('update tax_rates set deactivated_at = null where id = $1', [rate]);
});

test('an installation has one host, and one that is subscribed to does not stop', async () => {
  const other = await given.organization();
  const declare = (organizationId: string, hosts: boolean) =>
    host.db.transaction(systemActor('test'), (tx) =>
      declareHost(tx, systemActor('test'), { organizationId, hosts }, host.now),
    );
  await assert.rejects(declare(other.organizationId, true), /is the host already/);
  await choose(other, await planOf(host), '2026-03-01');
  await assert.rejects(declare(host.organizationId, false), /Their plans have to end first/);
});
