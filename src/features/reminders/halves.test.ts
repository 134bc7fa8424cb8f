import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { remindersOfDay } from '#features/reminders/remind-day.ts';
import { given } from '../../../test/support/given.ts';
import { mailsOf, makings } from '../../../test/support/mails.ts';
import { live, owing, remindersOf, setCustomer, setSteps } from '../../../test/support/reminders.ts';

const today = '2026-04-17';

test('a day that is walked in two halves reminds each customer once, and holds each once, also twice at once', async () => {
  const books = await live();
  const customers: string[] = [];
  for (let n = 0; n < 7; n += 1) {
    const email = `c${n}@example.com`;
    const customerId = await given.customer(books, { email });
    customers.push(customerId);
    await owing(books, customerId, { dueDate: '2026-04-10' });
    await owing(books, customerId, { dueDate: '2026-04-10' });
  }
  const silent = [...customers].sort().filter((_, at) => at % 3 === 0);
  for (const id of silent) await setCustomer(books, id, sql`send_reminders = false`);
  await setSteps(books, [{ type: 'payment_past_due', dayOffset: 7 }], { oneMessage: true });
  const { organizationId, db } = books;
  const run = () =>
    remindersOfDay({ ...makings, db, halvedFrom: 2 }).run({
      organizationId,
      today,
      now: new Date(`${today}T15:00:00Z`),
    });
  await Promise.all([run(), run()]);
  const mails = await mailsOf(books);
  assert.equal(mails.length, customers.length - silent.length, 'one message each');
  assert.equal(new Set(mails.flatMap(({ toEmails }) => toEmails)).size, mails.length);
  const rows = await remindersOf(books);
  assert.equal(rows.filter(({ state }) => state === 'held').length, silent.length * 2);
  assert.equal(rows.filter(({ state }) => state === 'sent').length, mails.length * 2);
});

test('a half that fails is told of, and the other half is done all the same', async () => {
  const books = await live();
  for (let n = 0; n < 4; n += 1) {
    const customerId = await given.customer(books, { email: `c${n}@example.com` });
    await owing(books, customerId, { dueDate: '2026-04-10' });
  }
  const { organizationId, db } = books;
  let asked = 0;
  const failing: typeof db = {
    ...db,
    transaction: (actor, work) => {
      asked += 1;
      // The plan, the middle, and then the first half.
      return asked === 3 ? Promise.reject(new Error('the connection is lost')) : db.transaction(actor, work);
    },
  };
  const run = (of: typeof db) =>
    remindersOfDay({ ...makings, db: of, halvedFrom: 2 }).run({
      ...{ organizationId, today, now: new Date(`${today}T15:00:00Z`) },
    });
  await assert.rejects(run(failing), /connection is lost/);
  assert.equal((await mailsOf(books)).length, 2);
  await run(db);
  assert.equal((await mailsOf(books)).length, 4);
});
