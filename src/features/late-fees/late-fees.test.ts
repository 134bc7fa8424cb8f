import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { makePromise } from '#features/collections/make-promise.ts';
import { workPromises } from '#features/collections/work-promises.ts';
import { documentOfInvoice } from '#features/invoices/document-of-invoice.ts';
import { forecastLateFees } from '#features/late-fees/forecast-late-fees.ts';
import { nextLateFeesOf } from '#features/late-fees/queries.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { unapplyPayment } from '#features/payments/unapply-payment.ts';
import { newId } from '#lib/ids.ts';
import { type Books, bankAccount, given, news, read, secrets } from '../../../test/support/given.ts';
import {
  agree,
  feesOf,
  inOrder,
  late,
  noon,
  on,
  refused,
  saidOf,
  workLateFees,
} from '../../../test/support/late-fees.ts';

const set = (books: Books, statement: ReturnType<typeof sql>) => books.tx((tx) => tx.run(statement));
const nextOf = async (books: Books, invoiceId: string, day: string) =>
  (await books.tx((tx) => nextLateFeesOf(tx, books.organizationId, [invoiceId], day))).get(invoiceId);

test('a late fee is owed and in the books from its own day, and names its version of the terms', async () => {
  const { books, customerId, invoiceId } = await late();
  await workLateFees(books, '2026-03-02');
  assert.deepEqual(await saidOf(books, invoiceId), []);
  await workLateFees(books, '2026-03-03');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-03-03 posted 2500']);
  const invoice = await read.invoice(books, invoiceId);
  assert.equal(invoice.balanceDue, 102_500n);
  const ledger = await read.ledger(books);
  assert.deepEqual([ledger.accounts_receivable, ledger.late_fee_income], [102_500n, -2_500n]);
  const events = await books.tx((tx) =>
    tx.rows<{
      type: string;
      customerId: string;
      data: Record<string, unknown>;
    }>(sql`select type, customer_id, data from events
      where organization_id = ${books.organizationId} and subject_id = ${invoiceId} order by id desc limit 1`),
  );
  assert.equal(events[0]?.type, 'late_fee.assessed');
  assert.equal(events[0]?.customerId, customerId);
  assert.deepEqual(
    [events[0]?.data.sequence, events[0]?.data.policy_version, events[0]?.data.fell_due_on],
    [1, 1, '2026-03-03'],
  );
  await inOrder(books);
});

test('the document lists each fee with its day, and the terms where they are to be printed', async () => {
  const { books, invoiceId } = await late({ termsText: 'Ours are 25.00 every ten days.', termsInMemo: true });
  await workLateFees(books, '2026-03-13');
  const links = { secrets, baseUrl: 'https://owed.test' };
  const read = () => books.tx((tx) => documentOfInvoice(tx, links, books.organizationId, invoiceId));
  const document = await read();
  assert.deepEqual(
    document.taxes.map(({ label, amount }) => `${label}: ${amount.amount}`),
    ['Late fee, Mar 3, 2026: 2500', 'Late fee, Mar 13, 2026: 2500'],
  );
  assert.equal(document.memo, 'Ours are 25.00 every ten days.');
  assert.equal(document.balanceDue.amount, 105_000n);
  await agree(books, { isActive: false }, '2026-03-14');
  assert.equal((await read()).memo, undefined);
});

test('the books are not in order when a fee is not what its invoice says', async () => {
  const { books, invoiceId } = await late();
  await workLateFees(books, '2026-03-03');
  await set(
    books,
    sql`update late_fees set amount = amount - 1 where organization_id = ${books.organizationId}`,
  );
  const { problems } = await checkLedger(books.db, books.organizationId);
  assert.deepEqual(problems, [`${invoiceId}: fees 2500, its late fees say 2499`]);
  await set(
    books,
    sql`update late_fees set amount = amount + 1, sequence = 2
    where organization_id = ${books.organizationId}`,
  );
  assert.match((await checkLedger(books.db, books.organizationId)).problems.join(), /numbered to 2/);
});

test('two workers at once, and the same day again: one fee', async () => {
  const { books, invoiceId } = await late();
  await Promise.all([1, 2, 3, 4].map(() => workLateFees(books, '2026-03-13')));
  await workLateFees(books, '2026-03-13');
  await workLateFees(books, '2026-03-04');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-03-03 posted 2500', '2026-03-13 posted 2500']);
  await inOrder(books);
});

test('a payment and the day’s work at the same moment: paid without a fee, or short of it', async () => {
  const { books, customerId, invoiceId } = await late();
  const paid = { customerId, amount: 100_000n, applications: [{ invoiceId, amount: 100_000n }] };
  await Promise.all([workLateFees(books, '2026-03-03'), given.payment(on(books, '2026-03-03'), paid)]);
  const { balanceDue, closedAt } = await read.invoice(books, invoiceId);
  assert.equal(balanceDue, 2_500n * BigInt((await feesOf(books, invoiceId)).length));
  assert.equal(closedAt === null, balanceDue > 0n);
  await inOrder(books);
});

test('after forty days without work the missed fees are posted on their own days', async () => {
  const { books, invoiceId } = await late({ amountType: 'percent', percent: '1' });
  await workLateFees(books, '2026-04-12');
  assert.deepEqual(await saidOf(books, invoiceId), [
    '2026-03-03 posted 1000',
    '2026-03-13 posted 1000',
    '2026-03-23 posted 1000',
    '2026-04-02 posted 1000',
    '2026-04-12 posted 1000',
  ]);
  const days = await books.tx((tx) =>
    tx.rows<{ entryDate: string }>(sql`select entry_date from journal_entries
      where organization_id = ${books.organizationId} and kind = 'late_fee_assessed' order by entry_date`),
  );
  assert.deepEqual(
    days.map(({ entryDate }) => entryDate),
    ['2026-03-03', '2026-03-13', '2026-03-23', '2026-04-02', '2026-04-12'],
  );
  await inOrder(books);
});

test('an invoice that was paid in the meantime owes no fee, though nobody had worked', async () => {
  const { books, customerId, invoiceId } = await late();
  await given.payment(on(books, '2026-03-20'), {
    customerId,
    amount: 100_000n,
    applications: [{ invoiceId, amount: 100_000n }],
  });
  await workLateFees(books, '2026-04-12');
  assert.deepEqual(await saidOf(books, invoiceId), []);
});

test('a pending payment holds fees back, and its return brings back the days that it held', async () => {
  const { books, customerId, invoiceId } = await late();
  const paying = on(books, '2026-03-02');
  const { paymentId } = await given.charge(paying, {
    customerId,
    kind: 'bank_account',
    amount: 100_000n,
    applications: [{ invoiceId, amount: 100_000n }],
  });
  await given.outcome(paying, paymentId, news('submitted'));
  await workLateFees(books, '2026-03-14');
  assert.deepEqual(await saidOf(books, invoiceId), []);
  assert.deepEqual(await nextOf(books, invoiceId, '2026-03-14'), { none: 'payment_pending' });
  // It settles, the invoice is paid; then the bank takes it back.
  await given.outcome(paying, paymentId, news('settled', bankAccount));
  await workLateFees(books, '2026-03-15');
  await given.outcome(on(books, '2026-03-16'), paymentId, news('returned'));
  await workLateFees(books, '2026-03-16');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-03-03 posted 2500', '2026-03-13 posted 2500']);
  await inOrder(books);
});

test('days on which the invoice stood as paid, until people took the payment off, bring no fee', async () => {
  const { books, customerId, invoiceId } = await late();
  const { paymentId } = await given.payment(on(books, '2026-03-02'), {
    customerId,
    amount: 100_000n,
    applications: [{ invoiceId, amount: 100_000n }],
  });
  await workLateFees(books, '2026-03-20');
  await books.tx((tx) =>
    unapplyPayment(
      tx,
      books.actor,
      { organizationId: books.organizationId, paymentId, invoiceId },
      noon('2026-03-21'),
    ),
  );
  await workLateFees(books, '2026-03-24');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-03-23 posted 2500']);
});

test('a dispute and a promise let the days go that fall into them', async () => {
  const { books, customerId, invoiceId } = await late();
  const about = sql`${books.organizationId}, ${newId('dispute')}, ${customerId}, ${invoiceId}`;
  await set(
    books,
    sql`insert into disputes (organization_id, id, customer_id, invoice_id, reason, state, created_at)
    values (${about}, 'Wrong goods', 'open', ${noon('2026-03-02')})`,
  );
  await workLateFees(books, '2026-03-13');
  assert.deepEqual(await nextOf(books, invoiceId, '2026-03-13'), { none: 'disputed' });
  await set(
    books,
    sql`update disputes set state = 'resolved', ended_at = ${noon('2026-03-14')}
    where organization_id = ${books.organizationId}`,
  );
  await set(
    books,
    sql`insert into promises_to_pay (organization_id, id, customer_id, invoice_id, amount, promised_on, state,
      created_at) values (${about}, 100000, '2026-03-25', 'open', ${noon('2026-03-20')})`,
  );
  await workLateFees(books, '2026-03-24');
  assert.deepEqual(await saidOf(books, invoiceId), []);
  await set(
    books,
    sql`update promises_to_pay set state = 'broken', ended_at = ${noon('2026-03-26')}
    where organization_id = ${books.organizationId}`,
  );
  await workLateFees(books, '2026-04-02');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-04-02 posted 2500']);
});

test('a promise rests through its day alone, also where nobody worked and it was broken days later', async () => {
  const { books, invoiceId } = await late();
  const about = { organizationId: books.organizationId, invoiceId, promisedOn: '2026-03-12', note: '' };
  await books.tx((tx) => makePromise(tx, books.actor, about, noon('2026-03-02')));
  const day = { organizationId: books.organizationId, today: '2026-03-25', now: noon('2026-03-25') };
  await workPromises({ db: books.db }, day);
  await workLateFees(books, '2026-03-25');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-03-13 posted 2500', '2026-03-23 posted 2500']);
});

test('switched off for the invoice or the customer, days are used up; switched on again the next one counts', async () => {
  const { books, customerId, invoiceId } = await late();
  const at = sql`where organization_id = ${books.organizationId}`;
  await set(books, sql`update invoices set late_fees_off = true ${at} and id = ${invoiceId}`);
  await workLateFees(books, '2026-03-13');
  await set(books, sql`update invoices set late_fees_off = false ${at} and id = ${invoiceId}`);
  await set(books, sql`update customers set charge_late_fees = false ${at} and id = ${customerId}`);
  await workLateFees(books, '2026-03-23');
  assert.deepEqual(await nextOf(books, invoiceId, '2026-03-23'), { none: 'customer_off' });
  await set(books, sql`update customers set charge_late_fees = true ${at} and id = ${customerId}`);
  await workLateFees(books, '2026-04-01');
  assert.deepEqual(await saidOf(books, invoiceId), []);
  await workLateFees(books, '2026-04-02');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-04-02 posted 2500']);
});

test('switched off at once; switched on again without what was missed in between', async () => {
  const { books, invoiceId } = await late();
  await workLateFees(books, '2026-03-03');
  await agree(books, { isActive: false }, '2026-03-10');
  await workLateFees(books, '2026-03-30');
  assert.equal((await feesOf(books, invoiceId)).length, 1);
  await agree(books, {}, '2026-04-05');
  await workLateFees(books, '2026-04-12');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-03-03 posted 2500', '2026-04-12 posted 2500']);
});

test('a change of the terms is for invoices due from its day on', async () => {
  const { books, customerId, invoiceId } = await late();
  await agree(books, { flatAmount: 4_000n, effectiveFrom: '2026-03-10' }, '2026-03-02');
  const second = await given.invoice(on(books, '2026-03-10'), customerId, 10_000n, {
    dueDate: '2026-03-10',
  });
  await workLateFees(books, '2026-03-11');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-03-03 posted 2500']);
  assert.deepEqual(await saidOf(books, second), ['2026-03-11 posted 4000']);
});

test('what will be posted tomorrow is what is posted then', async () => {
  const { books, customerId, invoiceId } = await late();
  await given.invoice(on(books, '2026-03-10'), customerId, 10_000n, {
    dueDate: '2026-03-10',
  });
  await workLateFees(books, '2026-03-12');
  const forecast = await books.tx((tx) => forecastLateFees(tx, books.organizationId, '2026-03-13', 200));
  assert.deepEqual([forecast.count, forecast.total, forecast.isPartial], [1, 2_500n, false]);
  assert.equal(forecast.fees[0]?.invoice.id, invoiceId);
  await workLateFees(books, '2026-03-13');
  assert.equal((await saidOf(books, invoiceId)).at(-1), '2026-03-13 posted 2500');
});

test('a ceiling that blocks refuses the terms by name, and one that warns does not', async () => {
  const books = await given.organization();
  const percent = { amountType: 'percent' as const, percent: '3', everyDays: 30, jurisdiction: 'US' };
  await agree(books, percent);
  await books.db.pool.query(`insert into late_fee_ceilings (jurisdiction, basis, title, figure, says, severity, source)
    values ('US-ZZ', 'percent_per_month', 'Tried here', '2', 'No more than 2 % a month.', 'block', 'a test')`);
  await agree(books, percent);
  await assert.rejects(
    agree(books, { ...percent, jurisdiction: 'US-ZZ' }),
    refused('invalid_request', /ceiling of US-ZZ: No more than 2 % a month. Lower it to 2 %/),
  );
  await agree(books, { ...percent, percent: '2', jurisdiction: 'US-ZZ' });
  await assert.rejects(
    agree(books, { amountType: 'both', percent: '0' }),
    refused('invalid_request', /above 0/),
  );
});
