import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { closeDue } from '#features/billing/close-due.ts';
import { addDays } from '#lib/dates.ts';
import { hostOn, mailsOn, theHost } from '../../../test/support/billing.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { apiKeyOf } from '../../../test/support/portal.ts';
import { callApi } from '../../../test/support/server.ts';

type Failure = { error: { code: string; message: string; param?: string } };
type Plan = { id: string; name: string; price: number; subscribers: number; retired_at: string | null };
type Billing = {
  role: string;
  host_name: string | null;
  today: string;
  plans: Plan[];
  has_trial: boolean;
  subscription: {
    plan: Plan;
    state: string;
    starts_on: string;
    ends_on: string;
    usage: { meter: string; quantity: number; included: number }[];
    next_bill: { total: number; lines: { description: string; amount: number }[] };
  } | null;
  invoices: {
    id: string;
    number: string;
    total: number;
    balance_due: number;
    state: string;
    pay_url: string;
  }[];
};
type Caller = {
  books: Books;
  ask: <T>(method: 'GET' | 'POST' | 'PATCH', url: string, body?: unknown) => Promise<T & { status: number }>;
};

async function callerOf(books: Books): Promise<Caller> {
  const key = await apiKeyOf(books);
  return {
    books,
    ask: async (method, url, body) => {
      const reply = await callApi(key, method, url, body);
      return { ...(reply.body as object), status: reply.status } as never;
    },
  };
}

let host: Caller;
before(async () => {
  host = await callerOf(await theHost());
});

let names = 0;
const plan = (over: Record<string, unknown> = {}) => {
  names += 1;
  return {
    ...{ name: `Team ${names}`, every: 'month', price: 4900, trial_days: 0 },
    meters: [{ meter: 'emails', included: 1, tiers: [{ up_to: null, price: '0.125' }] }],
    ...over,
  };
};
const offer = (over: Record<string, unknown> = {}) =>
  host.ask<Plan & Failure>('POST', '/v1/billing/plans', plan(over));

test('a plan that does not hold together is refused by field and remedy', async () => {
  for (const [over, param, words] of [
    [{ price: -1 }, 'price', /below zero/],
    [{ every: 'week' }, 'every', /./],
    [{ trial_days: 400 }, 'trial_days', /./],
    [{ name: ' ' }, 'name', /empty/],
    [{ meters: [{ meter: 'faxes', included: 0, tiers: [] }] }, 'meters.0.meter', /./],
    [
      { meters: [{ meter: 'emails', included: 0, tiers: [{ up_to: null, price: '1,5' }] }] },
      'meters.0.tiers.0.price',
      /such as 0.015/,
    ],
    [
      { meters: [{ meter: 'emails', included: 0, tiers: [{ up_to: 3, price: '1' }] }] },
      'meters.0',
      /without end/,
    ],
    [{ tax_rate_ids: ['txr_0000000000000000000000'] }, undefined, /no tax rate/],
  ] as const) {
    const { status, error } = await offer(over);
    assert.equal(status, 422, JSON.stringify(error));
    if (param) assert.equal(error.param, param);
    assert.match(error.message, words);
  }
});

test('only the host makes plans and sees subscribers; the host itself has nobody to subscribe to', async () => {
  const other = await callerOf(await given.organization());
  for (const [method, url, body] of [
    ['GET', '/v1/billing/plans', undefined],
    ['POST', '/v1/billing/plans', plan()],
    ['GET', '/v1/billing/subscribers', undefined],
  ] as const) {
    const { status, error } = await other.ask<Failure>(method, url, body);
    assert.equal(status, 409);
    assert.match(error.message, /owed host org_/);
  }
  const { id } = await offer();
  const own = await host.ask<Failure>('POST', '/v1/billing/plan', { plan_id: id });
  assert.deepEqual([own.status, own.error.code], [409, 'state_refused']);
  assert.equal((await host.ask<Billing>('GET', '/v1/billing')).role, 'host');
});

test('a live organization and a host that practices have nothing to do with each other', async () => {
  const live = await callerOf(await given.organization({ mode: 'live' }));
  const billing = await live.ask<Billing>('GET', '/v1/billing');
  assert.deepEqual([billing.role, billing.host_name, billing.plans, billing.invoices], ['off', null, [], []]);
  const { id } = await offer();
  assert.equal((await live.ask<Failure>('POST', '/v1/billing/plan', { plan_id: id })).status, 409);
});

test('the preview says to the cent what is billed, and what is billed is paid by the link under Billing', async () => {
  const subscriber = await callerOf(await given.organization());
  const { id } = await offer({ price: 12_345 });
  const preview = await subscriber.ask<{ due_now: { total: number } }>(
    'GET',
    `/v1/billing/preview?plan_id=${id}`,
  );
  const missing = await subscriber.ask<Failure>('POST', '/v1/billing/plan', { plan_id: id });
  assert.deepEqual([missing.status, missing.error.param], [422, 'email']);
  const taken = await subscriber.ask<Billing>('POST', '/v1/billing/plan', {
    plan_id: id,
    email: 'b@s.example',
  });
  assert.equal(taken.status, 200, JSON.stringify(taken));
  assert.deepEqual(
    taken.invoices.map(({ total, state }) => [total, state]),
    [[preview.due_now.total, 'open']],
  );
  const [invoice] = taken.invoices;
  const { pathname } = new URL(invoice?.pay_url ?? '');
  const page = await callApi('', 'GET', pathname);
  assert.equal(page.status, 200);
  assert.match(String(page.body), new RegExp(invoice?.number ?? 'none'));
  const again = await subscriber.ask<Billing>('POST', '/v1/billing/plan', {
    plan_id: id,
    email: 'b@s.example',
  });
  assert.equal(again.invoices.length, 1, 'pressed twice is once');
});

test('changing a plan bills what the preview said, in the middle of a period and with its use', async () => {
  const subscriber = await callerOf(await given.organization());
  const [small, big] = [await offer({ price: 1000 }), await offer({ price: 9900, every: 'year' })];
  await subscriber.ask('POST', '/v1/billing/plan', { plan_id: small.id, email: 'b@s.example' });
  const { today } = await subscriber.ask<Billing>('GET', '/v1/billing');
  await begunOn(subscriber.books, addDays(today, -10), addDays(today, 20));
  await mailsOn(subscriber.books, addDays(today, -3), 9);
  const before = await subscriber.ask<Billing>('GET', '/v1/billing');
  assert.deepEqual(before.subscription?.usage, [
    { meter: 'emails', quantity: 9, included: 1, is_priced: true },
  ]);
  const preview = await subscriber.ask<{ due_now: { total: number; lines: { amount: number }[] } }>(
    'GET',
    `/v1/billing/preview?plan_id=${big.id}`,
  );
  assert.deepEqual(
    preview.due_now.lines.map(({ amount }) => amount),
    [100, -667, 9900],
    'eight mails beyond the one included, 20 of 30 days back, the year',
  );
  const changed = await subscriber.ask<Billing>('POST', '/v1/billing/plan', { plan_id: big.id });
  assert.equal(changed.invoices[0]?.total, preview.due_now.total);
  assert.deepEqual([changed.subscription?.plan.id, changed.subscription?.starts_on], [big.id, today]);
});

test('the next bill as things stand is what the turn bills, and cancelling leaves the use alone', async () => {
  const subscriber = await callerOf(await given.organization());
  const { id } = await offer();
  await subscriber.ask('POST', '/v1/billing/plan', { plan_id: id, email: 'b@s.example' });
  const { today } = await subscriber.ask<Billing>('GET', '/v1/billing');
  await begunOn(subscriber.books, addDays(today, -10), addDays(today, 1));
  await mailsOn(subscriber.books, addDays(today, -3), 9);
  const told = await subscriber.ask<Billing>('GET', '/v1/billing');
  assert.equal(told.subscription?.next_bill.total, 5000);
  const cancelled = await subscriber.ask<Billing>('POST', '/v1/billing/cancel');
  assert.deepEqual([cancelled.subscription?.state, cancelled.subscription?.next_bill.total], ['ends', 100]);
  const kept = await subscriber.ask<Billing>('POST', '/v1/billing/resume');
  assert.deepEqual([kept.subscription?.state, kept.subscription?.next_bill.total], ['active', 5000]);
  const at = await hostOn(host.books, addDays(today, 1));
  await host.books.db.transaction(systemActor('test'), (tx) =>
    closeDue(tx, at, subscriber.books.organizationId),
  );
  const after = await subscriber.ask<Billing>('GET', '/v1/billing');
  assert.deepEqual(
    after.invoices.map(({ total }) => total),
    [5000, 4900],
  );
});

test('a retired plan is kept by those who have it and offered to nobody else', async () => {
  const [early, late] = [
    await callerOf(await given.organization()),
    await callerOf(await given.organization()),
  ];
  const { id } = await offer();
  await early.ask('POST', '/v1/billing/plan', { plan_id: id, email: 'b@s.example' });
  const retired = await host.ask<Plan>('PATCH', `/v1/billing/plans/${id}`, { retired: true });
  assert.deepEqual([retired.subscribers, typeof retired.retired_at], [1, 'string']);
  const refused = await late.ask<Failure>('POST', '/v1/billing/plan', { plan_id: id, email: 'b@s.example' });
  assert.deepEqual([refused.status, refused.error.param], [409, 'plan_id']);
  assert.ok(!(await late.ask<Billing>('GET', '/v1/billing')).plans.some((each) => each.id === id));
  assert.equal((await early.ask<Billing>('GET', '/v1/billing')).subscription?.plan.id, id);
});

test('the host sees of a subscriber its name and totals, and neither side a row of the other', async () => {
  const subscriber = await callerOf(await given.organization());
  const { id } = await offer();
  await subscriber.ask('POST', '/v1/billing/plan', { plan_id: id, email: 'b@s.example' });
  const { today } = await subscriber.ask<Billing>('GET', '/v1/billing');
  await begunOn(subscriber.books, addDays(today, -10), addDays(today, 20));
  await mailsOn(subscriber.books, addDays(today, -1), 4);
  const at = await hostOn(host.books, today);
  await host.books.db.transaction(systemActor('test'), (tx) =>
    closeDue(tx, at, subscriber.books.organizationId),
  );
  type List = { data: { customer_id: string; name: string; usage: unknown }[] };
  const { data } = await host.ask<List>('GET', '/v1/billing/subscribers?limit=1');
  assert.deepEqual(data[0]?.usage, [{ meter: 'emails', quantity: 4 }]);
  assert.doesNotMatch(JSON.stringify(data), new RegExp(subscriber.books.organizationId));
  const seen = (books: Books, table: string, owner: Books) =>
    books.tx((tx) =>
      tx.row<{ n: number }>(
        sql`select count(*)::int as n from ${sql.table(table)} where organization_id = ${owner.organizationId}`,
      ),
    );
  for (const table of [
    'billing_plans',
    'billing_subscriptions',
    'billing_periods',
    'billing_usage',
    'invoices',
  ])
    assert.equal((await seen(subscriber.books, table, host.books))?.n, 0, table);
  for (const table of ['messages', 'organization_users', 'payments', 'customers', 'events'])
    assert.equal((await seen(host.books, table, subscriber.books))?.n, 0, table);
});

test('no feature asks whether it was paid for: the rooms of the product know nothing of billing', async () => {
  const { globSync, readFileSync } = await import('node:fs');
  const root = new URL('../../../', import.meta.url);
  const others = globSync('src/{features,connectors,lib,db,jobs,http}/**/*.{ts,tsx}', { cwd: root })
    .map(String)
    .filter((file) => !file.startsWith('src/features/billing/') && !file.includes('.test.'));
  assert.ok(others.length > 500);
  const asking = others.filter((file) =>
    /#features\/billing\//.test(readFileSync(new URL(file, root), 'utf8')),
  );
  assert.deepEqual(asking, []);
});

/** As if the period had begun earlier: the wall clock cannot be waited for. */
const begunOn = (books: Books, startsOn: string, endsOn: string) =>
  books.db.pool.query(
    `with s as (update billing_subscriptions set anchor_on = $2 where subscriber_id = $1 and ended_on is null returning id)
    update billing_periods set starts_on = $2, ends_on = $3 where subscription_id = (select id from s) and closed_on is null`,
    [books.organizationId, startsOn, endsOn],
  );
