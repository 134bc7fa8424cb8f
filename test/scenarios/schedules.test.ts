import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { sweepDays } from '#features/days/sweep-days.ts';
import { workDay } from '#features/days/work-day.ts';
import { chargeDuePayments } from '#features/schedules/charge-due-payments.ts';
import { createSchedules } from '#features/schedules/create-schedules.ts';
import { makeDueInvoices } from '#features/schedules/make-due-invoices.ts';
import { Refusal } from '#lib/errors.ts';
import { given } from '../support/given.ts';
import {
  daysOf,
  invoiceSchedule,
  paymentSchedule,
  schedule,
  standing,
  workEachDay,
} from '../support/schedules.ts';

test('Schedule for today refused; tomorrow ok; monthly on 31 clamps', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const methodId = await given.storedMethod(books, customerId);
  const onDay = (startsOn: string) =>
    schedule(books, paymentSchedule(customerId, methodId, { startsOn }), '2026-12-30');
  await assert.rejects(
    onDay('2026-12-30'),
    (error) => error instanceof Refusal && /tomorrow at the earliest: 2026-12-31/.test(error.message),
  );
  const id = await onDay('2026-12-31');
  await workEachDay(books, '2026-12-30', '2027-05-31');
  assert.deepEqual(await daysOf(books, id), [
    '2026-12-31 made',
    '2027-01-31 made',
    '2027-02-28 made',
    '2027-03-31 made',
    '2027-04-30 made',
    '2027-05-31 made',
  ]);
});

test('tomorrow is the organization’s: late in the evening of New York it is not yet that of UTC', async () => {
  const books = await given.organization({ timeZone: 'America/New_York' });
  const customerId = await given.customer(books);
  // 22:30 on 2 March in New York, 3 March in UTC.
  const evening = new Date('2026-03-03T03:30:00Z');
  const make = (startsOn: string) =>
    books.tx((tx) =>
      createSchedules(
        tx,
        books.actor,
        { organizationId: books.organizationId, schedules: [invoiceSchedule(customerId, { startsOn })] },
        evening,
      ),
    );
  await assert.rejects(make('2026-03-02'), /tomorrow/);
  await make('2026-03-03');
});

test('a daily schedule runs once a day across both changes of the clock, at the hour of the organization', async () => {
  for (const [from, to] of [
    ['2026-03-07', '2026-03-09'],
    ['2026-10-31', '2026-11-02'],
  ] as const) {
    const books = await given.organization({ timeZone: 'America/New_York' });
    const customerId = await given.customer(books);
    const id = await schedule(
      books,
      invoiceSchedule(customerId, { unit: 'day', startsOn: from }),
      '2026-03-01',
    );
    const parts = [
      {
        name: 'schedule_invoices',
        run: (day: Parameters<typeof makeDueInvoices>[1]) => makeDueInvoices(books.db, day),
      },
      {
        name: 'schedule_payments',
        run: (day: Parameters<typeof makeDueInvoices>[1]) => chargeDuePayments(books.db, day),
      },
    ];
    // Every hour of every day, as a scheduler that asks far too often.
    for (let at = Date.parse(`${from}T05:00:00Z`); at < Date.parse(`${to}T23:00:00Z`); at += 3_600_000) {
      await sweepDays(
        books.db,
        new Date(at),
        parts.map(({ name }) => name),
      );
      const asked = await books.db.pool.query(
        `delete from graphile_worker._private_jobs where key like 'day:' || $1 || '%' returning key`,
        [books.organizationId],
      );
      for (const _ of asked.rows) await workDay(books.db, parts, books.organizationId, new Date(at));
    }
    const days = await daysOf(books, id);
    assert.deepEqual([days.length, days[0], days[2]], [3, `${from} made`, `${to} made`]);
    const numbers = await books.tx((tx) =>
      tx.rows<{ invoiceDate: string }>(
        sql`select invoice_date from invoices where customer_id = ${customerId}`,
      ),
    );
    assert.equal(numbers.length, 3);
    assert.equal((await standing(books, id)).taken, 3);
  }
});
