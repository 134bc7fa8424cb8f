import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { workDay } from '#features/days/work-day.ts';
import { assessLateFees } from '#features/late-fees/assess-late-fees.ts';
import { addDays } from '#lib/dates.ts';
import { type Books, bankAccount, given, news, read } from '../support/given.ts';
import { agree, feesOf, inOrder, noon, on, remove, saidOf, waive } from '../support/late-fees.ts';

/** Works each day from one to another, as often a day as told, like a scheduler does. */
async function workDays(books: Books, from: string, to: string, timesADay = 1): Promise<void> {
  const parts = [
    { name: 'late_fees', run: (day: Parameters<typeof assessLateFees>[1]) => assessLateFees(books.db, day) },
  ];
  for (let day = from; day <= to; day = addDays(day, 1))
    for (let time = 0; time < timesADay; time += 1)
      await workDay(books.db, parts, books.organizationId, noon(day));
}

const owed = async (books: Books, invoiceId: string) => (await read.invoice(books, invoiceId)).balanceDue;

/** Net 30: issued on 2 March, due on 1 April; 1.5 % every 30 days after 30 days of grace. */
async function ninetyDays(terms: Parameters<typeof agree>[1] = {}) {
  const books = await given.organization();
  await agree(books, { amountType: 'percent', percent: '1.5', graceDays: 30, everyDays: 30, ...terms });
  const customerId = await given.customer(books);
  const invoiceId = await given.invoice(books, customerId, 100_000n, { dueDate: '2026-04-01' });
  return { books, customerId, invoiceId };
}

test('ninety days of a customer who pays in part, is let off once, and pays the rest', async () => {
  const { books, customerId, invoiceId } = await ninetyDays();

  // April goes by in grace.
  await workDays(books, '2026-04-01', '2026-05-01');
  assert.deepEqual(await saidOf(books, invoiceId), []);

  // On 2 May the first fee falls due: 1.5 % of 1,000.00.
  await workDays(books, '2026-05-02', '2026-05-09');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-05-02 posted 1500']);

  // On the 10th half of it is paid; the next fee, on 1 June, is taken of what is left.
  await given.payment(on(books, '2026-05-10'), {
    customerId,
    amount: 50_000n,
    applications: [{ invoiceId, amount: 50_000n }],
  });
  await workDays(books, '2026-05-10', '2026-06-02');
  assert.equal((await saidOf(books, invoiceId)).at(-1), '2026-06-01 posted 750');
  assert.equal(await owed(books, invoiceId), 52_250n);

  // They call and ask: the second fee is taken back, and the third is waived before it comes.
  const [, second] = await feesOf(books, invoiceId);
  await remove(books, second?.id ?? '', '2026-06-03');
  await waive(books, invoiceId, 3, '2026-06-03');
  await workDays(books, '2026-06-03', '2026-06-28');
  assert.equal(await owed(books, invoiceId), 51_500n);

  // On the 29th the rest is paid; the invoice is closed, and no day brings anything more.
  await given.payment(on(books, '2026-06-29'), {
    customerId,
    amount: 51_500n,
    applications: [{ invoiceId, amount: 51_500n }],
  });
  await workDays(books, '2026-06-29', '2026-08-31');
  assert.deepEqual(await saidOf(books, invoiceId), [
    '2026-05-02 posted 1500',
    '2026-06-01 removed 750',
    '2026-07-01 waived 750',
  ]);
  assert.equal(await owed(books, invoiceId), 0n);
  await inOrder(books);
});

test('ninety days of a bank debit that comes back: the old rhythm is restored', async () => {
  const { books, customerId, invoiceId } = await ninetyDays();
  await workDays(books, '2026-04-01', '2026-04-29');
  const debit = on(books, '2026-04-30');
  const { paymentId } = await given.charge(debit, {
    customerId,
    kind: 'bank_account',
    amount: 100_000n,
    applications: [{ invoiceId, amount: 100_000n }],
  });
  await given.outcome(debit, paymentId, news('submitted', bankAccount));

  // The fee of 2 May waits while the debit is under way.
  await workDays(books, '2026-04-30', '2026-05-04');
  assert.deepEqual(await saidOf(books, invoiceId), []);

  // It settles, and on the 20th the bank takes it back: the fee of 2 May is owed after all, dated then.
  await given.outcome(on(books, '2026-05-05'), paymentId, news('settled', bankAccount));
  await workDays(books, '2026-05-05', '2026-05-19');
  assert.equal(await owed(books, invoiceId), 0n);
  await given.outcome(on(books, '2026-05-20'), paymentId, news('returned'));
  await workDays(books, '2026-05-20', '2026-06-01');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-05-02 posted 1500', '2026-06-01 posted 1500']);
  await inOrder(books);
});

test('ninety days worked hourly, daily, or not at all for forty of them end in the same books', async () => {
  const books = [];
  for (const way of ['hourly', 'daily', 'with an outage'] as const) {
    const one = await ninetyDays({ everyDays: 7, compounds: true, capPercent: '12' });
    if (way === 'with an outage') {
      await workDays(one.books, '2026-04-01', '2026-05-03');
      await workDays(one.books, '2026-06-12', '2026-06-30');
    } else await workDays(one.books, '2026-04-01', '2026-06-30', way === 'hourly' ? 24 : 1);
    const entries = await one.books.tx((tx) =>
      tx.rows<{
        said: string;
      }>(sql`select e.entry_date || ' ' || l.account || ' ' || (l.debit - l.credit) as said
        from journal_entries e join journal_lines l on l.organization_id = e.organization_id and l.entry_id = e.id
        where e.organization_id = ${one.books.organizationId} order by e.entry_date, l.account`),
    );
    books.push({ fees: await saidOf(one.books, one.invoiceId), entries });
    await inOrder(one.books);
  }
  assert.equal(books[0]?.fees.length, 8);
  // 1.5 % on fees too, until twelve percent of the invoice are reached.
  assert.equal(books[0]?.fees.at(-1), '2026-06-20 posted 1018');
  assert.deepEqual(books[1], books[0]);
  assert.deepEqual(books[2], books[0]);
});

test('ninety days in five time zones, over a change of the clocks: each day has its fee once', async () => {
  for (const timeZone of [
    'Pacific/Auckland',
    'Asia/Kolkata',
    'Europe/Berlin',
    'America/New_York',
    'Pacific/Honolulu',
  ]) {
    const books = await given.organization({ timeZone });
    // Before the change of both hemispheres, which is in March and April.
    await agree(books, { everyDays: 1, graceDays: 0, maxFees: 60 }, '2026-03-02');
    const customerId = await given.customer(books);
    const invoiceId = await given.invoice(books, customerId, 100_000n, { dueDate: '2026-03-10' });
    const parts = [
      {
        name: 'late_fees',
        run: (day: Parameters<typeof assessLateFees>[1]) => assessLateFees(books.db, day),
      },
    ];
    for (let hour = 0; hour < 62 * 24; hour += 5)
      await workDay(
        books.db,
        parts,
        books.organizationId,
        new Date(Date.parse('2026-03-10T00:30:00Z') + hour * 3_600_000),
      );
    const days = (await feesOf(books, invoiceId)).map(({ fellDueOn }) => fellDueOn);
    assert.deepEqual(
      days,
      Array.from({ length: days.length }, (_, at) => addDays('2026-03-11', at)),
      timeZone,
    );
    assert.equal(days.length, 60, timeZone);
  }
});
