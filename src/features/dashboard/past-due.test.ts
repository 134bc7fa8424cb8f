import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getCustomer } from '#features/customers/queries.ts';
import { readDashboard } from '#features/dashboard/queries.ts';
import { openTotals } from '#features/invoices/portal-queries.ts';
import { listInvoices, presentInvoice } from '#features/invoices/queries.ts';
import { type AgingBucket, agingBucket } from '#features/invoices/rules.ts';
import { addDays } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { type Books, given } from '../../../test/support/given.ts';

const today = '2026-03-02';

/** Invoices at every edge of the aging buckets, each with a twin that a debit under way wholly covers. */
async function aged(books: Books, customerId: string) {
  const open: { amount: bigint; bucket: AgingBucket }[] = [];
  for (const [at, days] of [-5, 0, 1, 30, 31, 60, 61, 90, 91].entries()) {
    const amount = 100n * 10n ** BigInt(at);
    const dueDate = addDays(today, -days);
    const dates = { dueDate, invoiceDate: addDays(dueDate, -30) };
    await given.invoice(books, customerId, amount, dates);
    const covered = await given.invoice(books, customerId, 7n, dates);
    const applications = [{ invoiceId: covered, amount: 7n }];
    await given.charge(books, { customerId, kind: 'bank_account', amount: 7n, applications });
    open.push({ amount, bucket: agingBucket(dueDate, today) }, { amount: 7n, bucket: 'current' });
  }
  return open;
}

test('an invoice that a payment under way wholly covers is past due nowhere: dashboard, aging, lists, customer, portal', async () => {
  const books = await given.organization({ timeZone: 'UTC' });
  const customerId = await given.customer(books);
  const open = await aged(books, customerId);
  const half = await given.invoice(books, customerId, 50n, {
    dueDate: '2026-03-01',
    invoiceDate: '2026-02-01',
  });
  await given.charge(books, {
    customerId,
    kind: 'bank_account',
    amount: 49n,
    applications: [{ invoiceId: half, amount: 49n }],
  });
  open.push({ amount: 50n, bucket: '1-30' });

  const late = open.filter(({ bucket }) => bucket !== 'current');
  const sumOf = (some: typeof open): bigint => some.reduce((sum, { amount }) => sum + amount, 0n);
  const organization = { id: books.organizationId, currency: 'USD', timeZone: 'UTC' };
  const dashboard = await books.tx((tx) => readDashboard(tx, organization, {}, books.now));
  const figures = must(dashboard.currencies[0], 'the figures');
  assert.deepEqual(figures.past_due, { amount: sumOf(late), count: late.length });
  assert.deepEqual(figures.open, { amount: sumOf(open), count: open.length });
  for (const { bucket, amount, invoices } of figures.aging) {
    const its = open.filter((each) => each.bucket === bucket);
    assert.deepEqual([bucket, amount, invoices], [bucket, sumOf(its), its.length]);
  }

  const filter = { limit: 100, sort: 'due_date' } as const;
  const list = async (status: 'open' | 'past_due') =>
    (await books.tx((tx) => listInvoices(tx, books.organizationId, today, { ...filter, status }))).rows;
  const saidLate = (await list('open')).filter((row) => presentInvoice(row, today).past_due);
  assert.deepEqual(await list('past_due'), saidLate);
  assert.equal(saidLate.length, late.length);

  const page = { organizationId: books.organizationId, currency: 'USD', today };
  const customer = await books.tx((tx) => getCustomer(tx, page, customerId));
  assert.equal(customer.past_due_balance, sumOf(late));
  const scope = { organizationId: books.organizationId, customerIds: [customerId] };
  const totals = await books.tx((tx) => openTotals(tx, scope, today));
  assert.equal(totals.pastDue, sumOf(late) - 49n, 'the payer is told what is still to be paid');
});
