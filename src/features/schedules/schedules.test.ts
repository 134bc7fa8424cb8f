import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { removeMethod } from '#features/payment-methods/remove-method.ts';
import { Refusal } from '#lib/errors.ts';
import { given, read } from '../../../test/support/given.ts';
import {
  daysOf,
  invoiceSchedule,
  noon,
  paying,
  paymentSchedule,
  paymentsOf,
  schedule,
  standing,
  workEachDay,
  workSchedules,
} from '../../../test/support/schedules.ts';

const refuses = (message: RegExp, param?: string) => (error: unknown) =>
  error instanceof Refusal &&
  message.test(error.message) &&
  (param === undefined || error.details.param === param);

const invoicesOf = (books: Awaited<ReturnType<typeof given.organization>>, customerId: string) =>
  books.tx((tx) =>
    tx.rows<{ number: string; invoiceDate: string; dueDate: string; total: bigint; issued: boolean }>(sql`
      select number, invoice_date, due_date, total, issued_at is not null as issued from invoices
      where organization_id = ${books.organizationId} and customer_id = ${customerId} order by invoice_date, id`),
  );

test('an invoice schedule issues one on each of its dates, dated and due by it, and the books show them', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const id = await schedule(books, invoiceSchedule(customerId, { times: 3 }));
  await workEachDay(books, '2026-03-29', '2026-06-03');
  const made = await invoicesOf(books, customerId);
  assert.deepEqual(
    made.map(({ invoiceDate, dueDate, total, issued }) => [invoiceDate, dueDate, total, issued]),
    [
      ['2026-03-31', '2026-04-10', 10_000n, true],
      ['2026-04-30', '2026-05-10', 10_000n, true],
      ['2026-05-31', '2026-06-10', 10_000n, true],
    ],
  );
  assert.equal((await read.ledger(books)).accounts_receivable, 30_000n);
  assert.deepEqual(await read.events(books, id), ['schedule.created', 'schedule.completed']);
  assert.equal((await standing(books, id)).state, 'completed');
  assert.equal((await checkLedger(books.db, books.organizationId)).drift, 0);
});

test('invoices of a schedule are left as drafts where that is wanted, and owed by nobody', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  await schedule(books, invoiceSchedule(customerId, { issues: false }));
  await workSchedules(books, '2026-03-31');
  assert.deepEqual(
    (await invoicesOf(books, customerId)).map(({ issued }) => issued),
    [false],
  );
  assert.equal((await read.ledger(books)).accounts_receivable, undefined);
});

for (const days of [1, 7, 40])
  test(`after ${days} days without work each missed day has its invoice once, whoever works how often`, async () => {
    const books = await given.organization();
    const customerId = await given.customer(books);
    const id = await schedule(books, invoiceSchedule(customerId, { unit: 'day', startsOn: '2026-03-03' }));
    const today = `2026-0${days === 40 ? 4 : 3}-${String(days === 40 ? 11 : 2 + days).padStart(2, '0')}`;
    await Promise.all([workSchedules(books, today), workSchedules(books, today)]);
    await workSchedules(books, today);
    const made = await invoicesOf(books, customerId);
    assert.equal(made.length, days);
    assert.equal(new Set(made.map(({ invoiceDate }) => invoiceDate)).size, days);
    assert.equal(new Set(made.map(({ number }) => number)).size, days);
    assert.equal((await standing(books, id)).taken, days);
  });

test('after an outage a payer is charged once at most, for the newest date, and only within the days agreed', async () => {
  const daily = await paying({ unit: 'day', startsOn: '2026-03-03', times: 10 });
  await workSchedules(daily.books, '2026-03-09');
  assert.equal((await paymentsOf(daily.books, daily.customerId)).length, 1);
  const days = await daysOf(daily.books, daily.scheduleId);
  assert.deepEqual([days.length, days[5], days[6]], [7, '2026-03-08 missed', '2026-03-09 made']);
  assert.equal((await standing(daily.books, daily.scheduleId)).taken, 1);
  const monthly = await paying();
  await workSchedules(monthly.books, '2026-04-05');
  assert.deepEqual(await daysOf(monthly.books, monthly.scheduleId), ['2026-03-31 made']);
  const late = await paying();
  await workSchedules(late.books, '2026-05-10');
  assert.deepEqual(await daysOf(late.books, late.scheduleId), ['2026-03-31 missed', '2026-04-30 missed']);
  assert.deepEqual(await paymentsOf(late.books, late.customerId), []);
  assert.ok((await read.events(late.books, late.scheduleId)).includes('schedule.missed'));
});

test('a doubled scheduler charges a date once, and the charge names the agreement it is under', async () => {
  const { books, customerId, scheduleId } = await paying({ times: 2 });
  await Promise.all([1, 2, 3].map(() => workSchedules(books, '2026-03-31')));
  await workSchedules(books, '2026-04-01');
  const payments = await paymentsOf(books, customerId);
  assert.deepEqual(
    payments.map(({ amount }) => amount),
    [2_500n],
  );
  const agreement = await books.tx((tx) =>
    tx.row<{ kind: string; signatureKind: string; terms: Record<string, unknown>; text: string }>(sql`
      select kind, signature_kind, terms, text from authorizations
      where organization_id = ${books.organizationId} and id = ${payments[0]?.authorizationId}`),
  );
  assert.deepEqual(
    [
      agreement?.kind,
      agreement?.signatureKind,
      agreement?.terms.amount,
      agreement?.terms.unit,
      agreement?.terms.times,
    ],
    ['schedule', 'held', '2500', 'month', 2],
  );
  assert.match(
    agreement?.text ?? '',
    /charge \$25\.00 to Visa •••• 4242 monthly, from Mar 31, 2026, 2 times in all/,
  );
  assert.deepEqual(await standing(books, scheduleId), {
    state: 'running',
    taken: 1,
    nextOn: '2026-04-30',
    retryOn: null,
    pauseReason: null,
  });
});

test('a payment goes to the oldest invoices where that is wanted, two schedules never to the same money', async () => {
  const { books, customerId, methodId } = await paying({ appliesTo: 'oldest_invoices' });
  await schedule(books, paymentSchedule(customerId, methodId, { appliesTo: 'oldest_invoices' }));
  const young = await given.invoice(books, customerId, 4_000n, { dueDate: '2026-05-01' });
  const old = await given.invoice(books, customerId, 500n, { dueDate: '2026-04-01' });
  await workSchedules(books, '2026-03-31');
  const [first, second] = await Promise.all([read.invoice(books, old), read.invoice(books, young)]);
  assert.deepEqual([first.reserved, second.reserved], [500n, 4_000n]);
});

test('today is refused as the first date with the reason, and so is a method that cannot be charged', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const methodId = await given.storedMethod(books, customerId);
  const today = { startsOn: '2026-03-02' };
  await assert.rejects(
    schedule(books, paymentSchedule(customerId, methodId, today)),
    refuses(/tomorrow/, 'starts_on'),
  );
  await assert.rejects(schedule(books, invoiceSchedule(customerId, today)), refuses(/tomorrow/, 'starts_on'));
  const other = await given.customer(books);
  await assert.rejects(
    schedule(books, paymentSchedule(other, methodId)),
    refuses(/no such stored/, 'payment_method_id'),
  );
  const lines = {
    lines: [
      {
        itemName: '',
        description: '',
        quantity: '1',
        unitPrice: '-5',
        amount: null,
        taxable: false,
        taxRate: '0',
      },
    ],
  };
  const below = { document: { ...lines, terms: null, memo: null, poNumber: null } };
  await assert.rejects(schedule(books, invoiceSchedule(customerId, below)), refuses(/below zero/, 'lines'));
});

test('a method that a running schedule charges cannot be removed; once it is paused it can', async () => {
  const { books, customerId, methodId, scheduleId } = await paying();
  const input = { organizationId: books.organizationId, customerId, methodId };
  const remove = () => books.tx((tx) => removeMethod(tx, books.actor, input, noon('2026-03-03')));
  await assert.rejects(remove(), refuses(/running schedule/));
  await books.tx((tx) =>
    tx.run(sql`update schedules set state = 'paused', pause_reason = 'by_hand' where id = ${scheduleId}`),
  );
  await remove();
});

test('a deactivated customer is neither billed nor charged any more, and the schedule says so', async () => {
  const { books, customerId, scheduleId } = await paying();
  const invoices = await schedule(books, invoiceSchedule(customerId));
  await books.tx((tx) => tx.run(sql`update customers set deactivated_at = now() where id = ${customerId}`));
  await workSchedules(books, '2026-03-31');
  for (const id of [scheduleId, invoices])
    assert.equal((await standing(books, id)).pauseReason, 'customer_inactive');
  assert.deepEqual([await paymentsOf(books, customerId), await invoicesOf(books, customerId)], [[], []]);
});
