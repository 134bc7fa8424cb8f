import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { newId } from '#lib/ids.ts';
import { switchOn } from '../../../test/support/autopay.ts';
import { type Books, given, news } from '../../../test/support/given.ts';
import { planHouse, running } from '../../../test/support/plans.ts';
import { reportCells, reportPage } from '../../../test/support/reports.ts';
import { invoiceSchedule, paymentSchedule, schedule } from '../../../test/support/schedules.ts';

// Today is Monday, 2 March 2026; thirteen weeks end with Sunday, 31 May.
const due = (dueDate: string, invoiceDate = '2026-02-01') => ({ dueDate, invoiceDate });

async function autopayer(books: Books, terms: Parameters<typeof switchOn>[1]['terms'] = {}): Promise<string> {
  const customerId = await given.customer(books);
  const methodId = await given.storedMethod(books, customerId);
  await switchOn(books, { customerId, methodId, terms });
  return customerId;
}
const promise = (books: Books, customerId: string, invoiceId: string, day: string) =>
  books.tx((tx) =>
    tx.run(sql`insert into promises_to_pay (organization_id, id, customer_id, invoice_id, amount, promised_on, state,
        created_at)
      values (${books.organizationId}, ${newId('promiseToPay')}, ${customerId}, ${invoiceId}, 1, ${day}, 'open', now())`),
  );
/** The weeks in which something comes: agreed, promised, by habit. */
const comes = async (books: Books): Promise<Record<string, unknown[]>> =>
  Object.fromEntries(
    (await reportCells(books, 'cash-forecast'))
      .filter((cells) => cells[1] !== 0)
      .map(([week, , ...amounts]) => [week, amounts]),
  );

describe('the cash forecast, by hand', () => {
  test('autopay charges on the day of its terms, what is outside of them comes by habit', async () => {
    const books = await given.organization();
    await given.invoice(
      books,
      await autopayer(books, { chargeWhen: 'due_date' }),
      100_00n,
      due('2026-03-20'),
    );
    const early = await autopayer(books, { chargeWhen: 'invoice_date' });
    await given.invoice(books, early, 50_00n, due('2026-04-30', '2026-03-10'));
    const threshold = { direction: 'at_or_below', amount: 60_00n } as const;
    const small = await autopayer(books, { chargeWhen: 'created', threshold });
    await given.invoice(books, small, 60_00n, due('2026-04-30'));
    await given.invoice(books, small, 61_00n, due('2026-04-08'));
    const capped = await autopayer(books, { chargeWhen: 'due_date', maximum: 10_00n });
    await given.invoice(books, capped, 10_01n, due('2026-05-04'));
    // Whoever bills with a parent is charged by the parent's.
    const parentId = await autopayer(books, { chargeWhen: 'due_date' });
    const child = await given.customer(books, { parentId });
    await books.tx((tx) => tx.run(sql`update customers set bill_with_parent = true where id = ${child}`));
    await given.invoice(books, child, 7_00n, due('2026-05-31'));
    await given.invoice(books, child, 1_00n, due('2026-06-01'));
    assert.deepEqual(await comes(books), {
      '2026-03-02': [60_00, 0, 0, 60_00],
      '2026-03-09': [50_00, 0, 0, 50_00],
      '2026-03-16': [100_00, 0, 0, 100_00],
      '2026-04-06': [0, 0, 61_00, 61_00],
      '2026-05-04': [0, 0, 10_01, 10_01],
      '2026-05-25': [7_00, 0, 0, 7_00],
    });
  });

  test('a promise stands on its day, also before autopay; one whose day has passed does not', async () => {
    const books = await given.organization();
    const { customerId, invoiceId } = await given.debtor(books, 80_00n);
    await promise(books, customerId, invoiceId, '2026-03-12');
    const payer = await autopayer(books);
    await promise(books, payer, await given.invoice(books, payer, 30_00n, due('2026-02-20')), '2026-03-24');
    const late = await given.customer(books);
    await promise(books, late, await given.invoice(books, late, 5_00n, due('2026-02-10')), '2026-02-27');
    assert.deepEqual(await comes(books), {
      // Past due and past its promise: in a week.
      '2026-03-09': [0, 80_00, 5_00, 85_00],
      '2026-03-23': [0, 30_00, 0, 30_00],
    });
  });

  test('schedules come on their dates and end where they end; what they pay of invoices counts once', async () => {
    const books = await given.organization();
    const pays = async (over: Parameters<typeof paymentSchedule>[2]) => {
      const customerId = await given.customer(books);
      const methodId = await given.storedMethod(books, customerId);
      await schedule(books, paymentSchedule(customerId, methodId, over));
      return customerId;
    };
    // 31 March, 30 April, 31 May; the last of them is the last day of the forecast.
    await pays({});
    const weekly = { unit: 'week', startsOn: '2026-03-04', times: 3, amount: 30_00n } as const;
    const fay = await pays({ ...weekly, appliesTo: 'oldest_invoices' });
    await given.invoice(books, fay, 70_00n, due('2026-04-15'));
    await given.invoice(books, fay, 50_00n, due('2026-03-25'));
    // 100.00 an invoice, due ten days after the 31st of a month, or its last.
    await schedule(books, invoiceSchedule(await given.customer(books)));
    const drafts = await given.customer(books);
    await schedule(books, invoiceSchedule(drafts, { issues: false }));
    assert.deepEqual(await comes(books), {
      '2026-03-02': [30_00, 0, 0, 30_00],
      '2026-03-09': [30_00, 0, 0, 30_00],
      '2026-03-16': [30_00, 0, 0, 30_00],
      '2026-03-30': [25_00, 0, 0, 25_00],
      '2026-04-06': [0, 0, 100_00, 100_00],
      '2026-04-13': [0, 0, 30_00, 30_00],
      '2026-04-27': [25_00, 0, 0, 25_00],
      '2026-05-04': [0, 0, 100_00, 100_00],
      '2026-05-25': [25_00, 0, 0, 25_00],
    });
  });

  test('a plan brings its installments, and its invoices nothing besides', async () => {
    const house = await planHouse([90_00n]);
    await running(house, { downPayment: 30_00n, installments: 3, firstOn: '2026-04-02' });
    assert.deepEqual(await comes(house.books), {
      '2026-03-30': [20_00, 0, 0, 20_00],
      '2026-04-27': [20_00, 0, 0, 20_00],
    });
  });

  test('a payer’s habit: six paid ten days late, drawn to everybody’s by five of theirs', async () => {
    const books = await given.organization();
    const [slow, prompt] = [await given.customer(books), await given.customer(books)];
    const settle = async (customerId: string, dueDate: string, paidOn: string): Promise<void> => {
      const invoiceId = await given.invoice(books, customerId, 1_00n, due(dueDate, '2025-12-01'));
      const there = { ...books, now: new Date(`${paidOn}T17:00:00Z`) };
      const { paymentId } = await given.charge(there, {
        customerId,
        amount: 1_00n,
        receivedOn: paidOn,
        applications: [{ invoiceId, amount: 1_00n }],
      });
      await given.outcome(there, paymentId, news('settled'));
    };
    for (let n = 0; n < 6; n += 1) await settle(slow, '2026-01-10', '2026-01-20');
    for (let n = 0; n < 7; n += 1) await settle(prompt, '2026-01-10', '2026-01-10');
    // Everybody: the median of seven zeros and six tens is 0.
    // The slow one: (6 × 10 + 5 × 0) ÷ 11 = 5.45, so six days.
    await given.invoice(books, slow, 40_00n, due('2026-03-17'));
    await given.invoice(books, prompt, 20_00n, due('2026-03-17'));
    assert.deepEqual(await comes(books), {
      '2026-03-16': [0, 0, 20_00, 20_00],
      '2026-03-23': [0, 0, 40_00, 40_00],
    });
    const { notes } = await reportPage(books, 'cash-forecast');
    assert.match(
      notes.at(-1) ?? '',
      /13 weeks ago there was nothing open that has been paid since|% of what/,
    );
  });
});
