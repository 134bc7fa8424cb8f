import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { foldDailySums } from '#features/dashboard/fold-daily-sums.ts';
import { readDashboard } from '#features/dashboard/queries.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { addDays, dateIn } from '#lib/dates.ts';
import { type Books, given, news } from '../../../test/support/given.ts';

const timeZone = 'Pacific/Auckland';

const read = (books: Books, asked: { from?: string; to?: string } = {}, now = books.now) =>
  books.tx((tx) =>
    readDashboard(tx, { id: books.organizationId, currency: books.currency, timeZone }, asked, now),
  );
const figures = async (...asked: Parameters<typeof read>) => (await read(...asked)).currencies[0];

/** An organization in Auckland, its day, and a customer of it. */
async function business() {
  const books = await given.organization({ timeZone });
  const today = dateIn(timeZone, books.now);
  const customerId = await given.customer(books);
  const due = (amount: bigint, days: number, invoiceDate = addDays(today, Math.min(days - 10, 0))) =>
    given.invoice(books, customerId, amount, { dueDate: addDays(today, days), invoiceDate });
  return { books, today, customerId, due };
}

test('each figure is what one would count by hand', async () => {
  const { books, today, customerId, due } = await business();
  const on = (days: number) => ({ receivedOn: addDays(today, days) });
  await due(100_00n, -95, addDays(today, -120));
  await due(40_00n, -1);
  const halfPaid = await due(60_00n, 0);
  const covered = await due(25_00n, -20);
  await due(10_00n, 29);
  await due(5_00n, 30);
  const gone = await due(999_00n, -5);
  await books.tx((tx) =>
    voidInvoice(
      tx,
      books.actor,
      { organizationId: books.organizationId, invoiceId: gone, reason: 'Written twice' },
      books.now,
    ),
  );
  await given.payment(books, {
    customerId,
    amount: 20_00n,
    applications: [{ invoiceId: halfPaid, amount: 20_00n }],
    ...on(0),
  });
  await given.payment(books, { customerId, amount: 7_00n, ...on(-29) });
  await given.payment(books, { customerId, amount: 3_00n, ...on(-30) });
  await given.payment(books, { customerId, amount: 1_00n, ...on(-60) });
  const charge = (amount: bigint, more: object) => given.charge(books, { customerId, amount, ...more });
  await charge(25_00n, {
    kind: 'bank_account',
    applications: [{ invoiceId: covered, amount: 25_00n }],
    ...on(-1),
  });
  const taken = await charge(9_00n, { source: 'autopay', ...on(-2) });
  await given.outcome(books, taken.paymentId, news('settled'));
  const refused = await charge(8_00n, on(-2));
  await given.outcome(books, refused.paymentId, news('declined'));

  const is = await figures(books);
  assert.deepEqual(is?.open, { amount: 220_00n, count: 6 });
  assert.deepEqual(is?.past_due, { amount: 140_00n, count: 2 });
  assert.deepEqual(
    is?.aging.map(({ amount, invoices }) => [amount, invoices]),
    [
      [80_00n, 4],
      [40_00n, 1],
      [0n, 0],
      [0n, 0],
      [100_00n, 1],
    ],
  );
  assert.deepEqual(is?.pending, { amount: 25_00n, count: 1 });
  assert.deepEqual(is?.collected, { amount: 36_00n, count: 3 }, '20 today, 9 by autopay, 7 on the first day');
  assert.equal(is?.collected_before, 3_00n);
  assert.deepEqual([is?.autopay.amount, is?.autopay_share_bps], [9_00n, 2500]);
  assert.deepEqual(is?.expected, { amount: 50_00n, count: 2 }, '40 today and 10 on the last day');
  // Billed in 90 days: 40 + 60 + 25 + 10 + 5; what was billed 120 days ago and what is void are not.
  assert.deepEqual([is?.billed_90_days, is?.dso_tenths], [140_00n, 1414]);
  const bars = is?.collected_bars ?? [];
  assert.deepEqual([bars.length, bars.at(0)?.amount, bars.at(-1)?.amount], [30, 7_00n, 20_00n]);
  assert.equal(is?.expected_bars.at(-1)?.amount, 10_00n);

  const day = await figures(books, { from: addDays(today, -2), to: addDays(today, -1) });
  assert.deepEqual(day?.collected, { amount: 9_00n, count: 1 });
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);
});

test('today is the organization’s: what falls due tonight is past due when its own midnight has passed', async () => {
  const books = await given.organization({ timeZone });
  const { invoiceId: _, customerId } = await given.debtor(books, 1n);
  await given.invoice(books, customerId, 70n, { dueDate: '2026-06-15', invoiceDate: '2026-06-01' });
  // Auckland is twelve hours ahead in June: its 16th begins at noon of the 15th.
  const [before, after] = [new Date('2026-06-15T11:59:00Z'), new Date('2026-06-15T12:00:00Z')];
  const late = async (now: Date) => (await figures(books, {}, now))?.past_due.amount;
  assert.equal(((await late(after)) ?? 0n) - ((await late(before)) ?? 0n), 70n);
  assert.equal((await read(books, {}, after)).today, '2026-06-16');
});

test('currencies stand beside each other and are never added', async () => {
  const { books, due } = await business();
  await due(10_00n, -1);
  const other = await due(500n, -40);
  await books.tx((tx) => tx.run(sql`update invoices set currency = 'JPY' where id = ${other}`));
  const { currencies } = await read(books);
  assert.deepEqual(
    currencies.map(({ currency, open, past_due }) => [currency, open.amount, past_due.count]),
    [
      ['USD', 10_00n, 1],
      ['JPY', 500n, 1],
    ],
  );
});

test('folding the sums changes no figure, and many changes of a day become one row', async () => {
  const { books, customerId, due } = await business();
  for (let at = 0; at < 5; at += 1) {
    const invoiceId = await due(10_00n, -3);
    const applications = [{ invoiceId, amount: at === 0 ? 4_00n : 10_00n }];
    await given.payment(books, { customerId, amount: applications[0]?.amount ?? 0n, applications });
  }
  const before = await read(books);
  await Promise.all([
    foldDailySums(books.db),
    foldDailySums(books.db, { batch: 2, batches: 40 }),
    due(1n, 3),
  ]);
  await foldDailySums(books.db);
  const rows = await books.tx((tx) =>
    tx.rows<{ figure: string; folded: boolean }>(sql`select figure, folded from daily_sums
      where organization_id = ${books.organizationId} and figure = 'open' and day < ${before.today}::date`),
  );
  assert.deepEqual(rows, [{ figure: 'open', folded: true }]);
  const [was, is] = [before.currencies[0], (await read(books)).currencies[0]];
  assert.equal((is?.open.amount ?? 0n) - (was?.open.amount ?? 0n), 1n);
  assert.deepEqual([is?.past_due, is?.collected], [was?.past_due, was?.collected]);
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);
});

test('owed check tells of a sum that is not what is counted', async () => {
  const { books, due } = await business();
  await due(10_00n, -3);
  const wrong = `insert into daily_sums (organization_id, figure, currency, day, amount, count)
    values ($1, 'open', 'USD', '2026-01-01', 5, 0)`;
  await books.db.pool.query(wrong, [books.organizationId]);
  const { problems } = await checkLedger(books.db, books.organizationId);
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? '', /open of 2026-01-01.*kept as 5 USD/);
  await assert.rejects(
    books.tx((tx) => tx.run(sql`delete from daily_sums where organization_id = ${books.organizationId}`)),
    { code: '42501' },
  );
});
