import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { readMigrations } from '#db/migrate.ts';
import { choosePlan } from '#features/billing/choose-plan.ts';
import { readSubscription } from '#features/billing/queries.ts';
import { previewPlan } from '#features/billing/read-billing.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { close, hostOn, mailsOn, planOf, taxRateOf, theHost } from '../../../test/support/billing.ts';
import { type Books, given } from '../../../test/support/given.ts';

let host: Books;
before(async () => {
  host = await theHost();
});
const asSystem = <T>(work: Parameters<typeof host.db.transaction<T>>[1]): Promise<T> =>
  host.db.transaction(systemActor('test'), work);

async function choose({ actor, organizationId: id }: Books, planId: string, today: string): Promise<void> {
  const at = await hostOn(host, today);
  const input = { host: at, subscriber: { id, name: id, email: null }, planId, email: 'a@b.example' };
  await asSystem((tx) => choosePlan(tx, actor, input, at.now));
}
const creditOf = async ({ organizationId }: Books) =>
  (await asSystem((tx) => readSubscription(tx, host.organizationId, organizationId)))?.credit;
const billed = ({ organizationId }: Books) =>
  host.tx((tx) =>
    tx.rows<{ tax: bigint; total: bigint }>(sql`select i.tax, i.total from invoices i
      join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
      where i.organization_id = ${host.organizationId} and c.external_id = ${organizationId}
        and i.external_id like 'billing %' order by i.id`),
  );

/** A year at 365.00 from 1 March, changed on the 11th, with 355 of 365 days to come, to 9.00 a month. */
async function stepDown(yearly: string | undefined, monthly: string | undefined): Promise<Books> {
  const rates = async (percent: string | undefined) => (percent ? [await taxRateOf(host, percent)] : []);
  const year = await planOf(host, {
    ...{ every: 'year', price: 365_00n, meters: [] },
    taxRateIds: await rates(yearly),
  });
  const month = await planOf(host, { price: 9_00n, meters: [], taxRateIds: await rates(monthly) });
  const subscriber = await given.organization();
  await choose(subscriber, year, '2026-03-01');
  const at = await hostOn(host, '2026-03-11');
  const preview = await asSystem((tx) => previewPlan(tx, at, subscriber.organizationId, month));
  await choose(subscriber, month, '2026-03-11');
  assert.deepEqual([preview.due_now.total, preview.due_now.carried], [0n, await creditOf(subscriber)]);
  return subscriber;
}

test('from a taxed year to an untaxed month the tax of the days not used is credit too', async () => {
  const subscriber = await stepDown('10', undefined);
  // 355.00 and its 35.50 of tax come back, 9.00 are taken.
  assert.equal(await creditOf(subscriber), 381_50n);
  await close(host, subscriber.organizationId, '2026-04-11');
  assert.equal(await creditOf(subscriber), 372_50n);
  assert.deepEqual(await billed(subscriber), [
    { tax: 36_50n, total: 401_50n },
    { tax: -35_50n, total: 0n },
    { tax: 0n, total: 0n },
  ]);
});

test('from an untaxed year to a taxed month the credit pays the tax as well, and the tax is charged', async () => {
  const subscriber = await stepDown(undefined, '10');
  assert.equal(await creditOf(subscriber), 345_10n);
  await close(host, subscriber.organizationId, '2026-04-11');
  assert.equal(await creditOf(subscriber), 335_20n);
  assert.deepEqual(await billed(subscriber), [
    { tax: 0n, total: 365_00n },
    { tax: 90n, total: 0n },
    { tax: 90n, total: 0n },
  ]);
});

test('with one rate, and with two, what comes back has the rate it was charged at', async () => {
  const same = await stepDown('10', '10');
  assert.equal(await creditOf(same), 390_50n - 9_90n);
  const other = await stepDown('20', '5');
  assert.equal(await creditOf(other), 426_00n - 9_45n);
  assert.deepEqual((await billed(other)).at(-1), { tax: -71_00n + 45n, total: 0n });
});

test('credit that is used up leaves the rest of a bill to be paid, its tax counted before', async () => {
  const subscriber = await stepDown('10', undefined);
  const rate = await taxRateOf(host, '10');
  const large = await planOf(host, { price: 500_00n, meters: [], taxRateIds: [rate] });
  await choose(subscriber, large, '2026-03-11');
  // 9.00 come back untaxed, 500.00 and 50.00 of tax are due, of which 381.50 are there.
  assert.deepEqual((await billed(subscriber)).at(-1), { tax: 50_00n, total: 159_50n });
  assert.equal(await creditOf(subscriber), 0n);
  assert.deepEqual((await checkLedger(host.db, host.organizationId)).problems, []);
});

test('credit from before there were taxes lowers what is taxed, and is carried as it was given', async () => {
  const subscriber = await given.organization();
  const { organizationId } = subscriber;
  const rates = [await taxRateOf(host, '10')];
  const [old, year] = [
    await planOf(host, { price: 9_00n, meters: [], taxRateIds: rates }),
    await planOf(host, { every: 'year', price: 365_00n, meters: [], taxRateIds: rates }),
  ];
  await choose(subscriber, old, '2026-03-01');
  await host.tx((tx) =>
    tx.run(sql`update billing_subscriptions set net_credit = 14_00 where subscriber_id = ${organizationId}`),
  );
  await close(host, organizationId, '2026-04-01');
  const at = await hostOn(host, '2026-04-01');
  const preview = await asSystem((tx) => previewPlan(tx, at, organizationId, year));
  assert.deepEqual((await billed(subscriber)).at(-1), { tax: 0n, total: 0n }, '9.00 and no tax of it');
  // 9.00 not used and 0.90 of its tax come back; of 365.00 the 5.00 that are left go off before the tax.
  assert.deepEqual([preview.due_now.tax, preview.due_now.total], [35_10n, 386_10n]);
  await choose(subscriber, year, '2026-04-01');
  assert.deepEqual((await billed(subscriber)).at(-1), { tax: 35_10n, total: 386_10n });
  const left = await asSystem((tx) => readSubscription(tx, host.organizationId, organizationId));
  assert.deepEqual([left?.credit, left?.netCredit], [0n, 0n]);
});

test('what was given before a host’s credit had tax in it is told from what was given since', async () => {
  const migration = readMigrations().find(({ name }) => name.endsWith('-net-credits.sql'));
  const parts = (migration?.sql ?? '').split(/(?=^update )/m);
  const stepped = async (yearly: string | undefined, change: string) => {
    const subscriber = await stepDown(yearly, yearly);
    await host.db.pool.query(change, [subscriber.organizationId]);
    return subscriber;
  };
  const since = await stepped('10', 'select $1');
  const taxedLine = `update invoice_lines l set taxes = '[{}]' from invoices i, customers c where i.id = l.invoice_id
    and c.id = i.customer_id and c.external_id = $1 and l.description = 'Carried to the next invoice'`;
  const before = await stepped('10', taxedLine);
  const untaxed = await stepped(undefined, 'select $1');
  await host.db.pool.query(parts[1] ?? '');
  const creditsOf = async ({ organizationId }: Books) => {
    const row = await asSystem((tx) => readSubscription(tx, host.organizationId, organizationId));
    return [row?.credit, row?.netCredit];
  };
  assert.deepEqual(await creditsOf(since), [380_60n, 0n]);
  assert.deepEqual(await creditsOf(before), [0n, 380_60n]);
  assert.deepEqual(await creditsOf(untaxed), [0n, 346_00n]);
});

test('an invoice is one of the meter’s on the day it first went out, however often it goes and by what', async () => {
  const subscriber = await given.organization();
  const { organizationId, db } = subscriber;
  const counting = { meter: 'invoices' as const, included: 1, tiers: [{ upTo: null, price: '0.40' }] };
  await choose(subscriber, await planOf(host, { price: 10_00n, meters: [counting] }), '2026-03-01');
  const customerId = await given.customer(subscriber);
  const goes = async (invoiceId: string, day: string, how = {}) => {
    const { kind, channel, state } = { kind: 'new_invoice', channel: 'email', state: 'sent', ...how };
    await mailsOn(subscriber, day, 1, state);
    await db.pool.query(
      `update messages set kind = $3, channel = $4, invoice_id = $2 where organization_id = $1
        and invoice_id is null`,
      [organizationId, invoiceId, kind, channel],
    );
    if (kind !== 'reminder')
      await db.pool.query(
        'update invoices set first_sent_at = coalesce(first_sent_at, $2::timestamptz) where id = $1',
        [invoiceId, `${day}T12:00:00Z`],
      );
  };
  const ids = await Promise.all([1n, 2n, 3n, 4n].map((n) => given.invoice(subscriber, customerId, n * 100n)));
  const [one = '', two = '', three = '', four = ''] = ids;
  for (const day of ['2026-03-05', '2026-03-06']) await goes(one, day);
  await goes(one, '2026-03-07', { kind: 'payment_past_due' });
  await goes(two, '2026-03-06', { kind: 'invoice' });
  await goes(three, '2026-03-31');
  await goes(four, '2026-03-20', { state: 'failed' });
  await close(host, organizationId, '2026-04-01');
  const { rows } = await host.db.pool.query(
    `select day::text, quantity::int from billing_usage where subscriber_id = $1 and meter = 'invoices' order by day`,
    [organizationId],
  );
  assert.deepEqual(rows, [
    { day: '2026-03-05', quantity: 1 },
    { day: '2026-03-06', quantity: 1 },
    { day: '2026-03-31', quantity: 1 },
  ]);
  assert.equal((await billed(subscriber)).at(-1)?.total, 10_80n, 'three, of which one is included');
});
