import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { type Books, given } from '../support/given.ts';
import { mailsOf, setOrganization } from '../support/mails.ts';
import { liveBooks, workMessengerAgain, workMessengerDay } from '../support/messenger.ts';

const hour_ms = 3_600_000;
/** Nine in the morning in New York on this day, in winter and in summer time alike. */
const nine = (date: string): Date => new Date(`${date}T14:00:00Z`);
const dayAfter = (date: Date, days: number): Date => new Date(date.getTime() + days * 24 * hour_ms);

/** What Ana's mailbox shows: the day and what came. */
async function timeline(books: Books): Promise<string[]> {
  const rows = await books.tx((tx) =>
    tx.rows<{ line: string }>(sql`
      select (created_at at time zone 'America/New_York')::date || ' ' || kind as line
      from messages where organization_id = ${books.organizationId} order by created_at, kind`),
  );
  return rows.map(({ line }) => line);
}

async function house() {
  const books = await liveBooks();
  await setOrganization(
    books,
    sql`new_invoice_when = 'invoice_date', statement_day = 31, statements_from = '2026-03-02'`,
  );
  const customerId = await given.customer(books, { email: 'ana@example.com' });
  const bill = (invoiceDate: string, number: string) =>
    given.invoice(books, customerId, 10_000n, { invoiceDate, dueDate: '2026-12-31', number });
  await bill('2026-03-05', 'M-1');
  await bill('2026-03-20', 'M-2');
  await bill('2026-04-10', 'A-1');
  return books;
}

const expected = [
  '2026-03-05 new_invoice',
  '2026-03-20 new_invoice',
  '2026-03-31 statement',
  '2026-04-10 new_invoice',
  '2026-04-30 statement',
  '2026-05-31 statement',
];

test('ninety days of one customer: each invoice on its date, a statement at the end of each month', async () => {
  const books = await house();
  for (let day = 0; day < 91; day += 1) await workMessengerDay(books, dayAfter(nine('2026-03-02'), day));
  assert.deepEqual(await timeline(books), expected);
});

test('the same with a scheduler that runs six times a day and twice at once', async () => {
  const books = await house();
  for (let step = 0; step < 91 * 6; step += 1) {
    const now = new Date(nine('2026-03-02').getTime() + step * 4 * hour_ms);
    await Promise.all([workMessengerAgain(books, now), workMessengerAgain(books, now)]);
  }
  // Without a working hour it goes as soon as its day begins: the days are the same.
  assert.deepEqual(await timeline(books), expected);
});

test('after forty days without a worker every invoice goes once, and of the statements the newest alone', async () => {
  const books = await house();
  for (let day = 0; day < 4; day += 1) await workMessengerDay(books, dayAfter(nine('2026-03-02'), day));
  // Dead from the sixth of March: the worker wakes up on the fifteenth of April.
  for (const date of ['2026-04-15', '2026-04-16']) await workMessengerDay(books, nine(date));
  assert.deepEqual(await timeline(books), [
    '2026-03-05 new_invoice',
    '2026-04-15 new_invoice',
    '2026-04-15 new_invoice',
    '2026-04-15 statement',
  ]);
  const [statement] = (await mailsOf(books)).filter(({ kind }) => kind === 'statement');
  assert.match(statement?.subject ?? '', /\$300\.00/, 'it says what is open now');
  for (let day = 45; day < 91; day += 1) await workMessengerDay(books, dayAfter(nine('2026-03-02'), day));
  assert.deepEqual((await timeline(books)).slice(4), ['2026-04-30 statement', '2026-05-31 statement']);
});

test('after more than a month without a worker no two statements come on one day', async () => {
  const books = await house();
  await workMessengerDay(books, nine('2026-03-02'));
  await workMessengerDay(books, nine('2026-06-10'));
  const statements = (await timeline(books)).filter((line) => line.includes('statement'));
  assert.deepEqual(statements, ['2026-06-10 statement']);
});
