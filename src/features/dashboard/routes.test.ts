import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { asking, assertNeeds, assertRefused } from '../../../test/support/asking.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { apiKeyOf } from '../../../test/support/portal.ts';

let books: Books;
let staff: ReturnType<typeof asking>;
before(async () => {
  books = await given.organization();
  staff = asking(await apiKeyOf(books));
});

test('the figures of the first page are served in minor units, with the span that was asked for', async () => {
  const customerId = await given.customer(books);
  // Of the real day of this organization, which the server counts from.
  const { today } = (await staff.get('/v1/dashboard')).body;
  const invoiceId = await given.invoice(books, customerId, 300_00n, { invoiceDate: today, dueDate: today });
  await given.payment(books, {
    customerId,
    amount: 120_00n,
    receivedOn: today,
    applications: [{ invoiceId, amount: 100_00n }],
  });
  const { status, body } = await staff.get('/v1/dashboard');
  assert.equal(status, 200);
  const [usd, ...more] = body.currencies;
  assert.deepEqual(more, []);
  assert.deepEqual(
    [usd.open, usd.past_due, usd.collected, usd.expected, usd.billed_90_days, usd.dso_tenths],
    [
      { amount: 200_00, count: 1 },
      { amount: 0, count: 0 },
      { amount: 120_00, count: 1 },
      { amount: 200_00, count: 1 },
      300_00,
      600,
    ],
  );
  assert.equal(usd.collected_bars.length, 30);
  const past = (await staff.get('/v1/dashboard?from=2020-01-01&to=2020-01-31')).body;
  assert.deepEqual(
    [past.from, past.to, past.currencies[0].collected.amount],
    ['2020-01-01', '2020-01-31', 0],
  );
  assert.equal(past.currencies[0].open.amount, 200_00, 'what is open is of today');
});

test('a span that cannot be shown is refused by its field', async () => {
  const bad: [string, Parameters<typeof assertRefused>[1]][] = [
    ['from=2026-03-02&to=2026-03-01', [422, 'from', /Give an earlier first day/]],
    ['from=2020-01-01&to=2026-01-01', [422, 'from', /at most 731 days/]],
    ['from=2026-02-30', [422, 'from', /date/]],
    ['to=yesterday', [422, 'to', /date/]],
  ];
  for (const [query, refused] of bad) assertRefused(await staff.get(`/v1/dashboard?${query}`), refused);
});

test('a first step is done by what the books say, left out when somebody says so, and shown again', async () => {
  const steps = async () => (await staff.get('/v1/dashboard/steps')).body;
  const step = async (key: string) => (await steps()).steps.find((each: { key: string }) => each.key === key);
  assert.deepEqual(await step('customers'), { key: 'customers', done: true, skipped: false });
  assert.equal((await step('logo')).done, false);
  const skip = (body: object) => staff.post('/v1/dashboard/steps/skip', body);
  await skip({ step: 'logo', skipped: true });
  await skip({ step: 'logo', skipped: true });
  assert.deepEqual(await step('logo'), { key: 'logo', done: false, skipped: true });
  assert.equal((await skip({ step: 'all', skipped: true })).body.dismissed, true);
  await skip({ step: 'all', skipped: false });
  await skip({ step: 'logo', skipped: false });
  assert.deepEqual([(await steps()).dismissed, (await step('logo')).skipped], [false, false]);
  assertRefused(await skip({ step: 'coffee', skipped: true }), [422, 'step', /logo/]);
  assertRefused(await skip({ step: 'logo' }), [422, 'skipped', /boolean/]);
});

test('what needs a person is counted, kind by kind', async () => {
  const before = (await staff.get('/v1/dashboard/attention')).body;
  const { customerId } = await given.debtor(books, 100n);
  const after = (await staff.get('/v1/dashboard/attention')).body;
  // Who owes and has no address cannot be reached.
  assert.deepEqual(after, { ...before, email_conflicts: before.email_conflicts + 1 });
  await staff.patch(`/v1/customers/${customerId}`, { email: 'now@example.com' });
  assert.deepEqual((await staff.get('/v1/dashboard/attention')).body, before);
});

test('the overview is for who may see it; its steps are settings', async () => {
  const [overview, customers] = [await staff.keyWith('overview:read'), await staff.keyWith('customers:read')];
  await assertNeeds(
    'overview:read',
    customers,
    ['GET', '/v1/dashboard'],
    ['GET', '/v1/dashboard/attention'],
    ['GET', '/v1/dashboard/steps'],
  );
  const skip = { step: 'logo', skipped: true };
  await assertNeeds('settings:write', overview, ['POST', '/v1/dashboard/steps/skip', skip]);
});
