import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { nextReminders } from '#features/reminders/next-steps.ts';
import type { Books } from '../../../test/support/given.ts';
import { owing, remindDay, reminded, set, setInvoice } from '../../../test/support/reminders.ts';

const next = async (books: Books, customerId: string, today: string) =>
  (
    await books.tx((tx) =>
      nextReminders(tx, {
        organizationId: books.organizationId,
        customerIds: [customerId],
        today,
        now: new Date(`${today}T12:00:00Z`),
      }),
    )
  ).get(customerId);

test('the desk names the next reminder of a customer, of whichever invoice speaks first', async () => {
  const { books, customerId, invoiceId } = await reminded({ dueDate: '2026-04-10' });
  assert.deepEqual(await next(books, customerId, '2026-04-01'), {
    on: '2026-04-07',
    words: 'Reminder: Upcoming payment',
  });
  await owing(books, customerId, { dueDate: '2026-04-05' });
  assert.equal((await next(books, customerId, '2026-04-01'))?.on, '2026-04-02');
  // What is due now goes today, and once it is said its next day is named.
  assert.equal((await next(books, customerId, '2026-04-05'))?.on, '2026-04-05');
  await remindDay(books, '2026-04-05');
  assert.equal((await next(books, customerId, '2026-04-05'))?.on, '2026-04-07');
  await setInvoice(books, invoiceId, sql`reminders_off = true`);
  assert.equal((await next(books, customerId, '2026-04-05'))?.on, '2026-04-12');
  await set(books, sql`automatic_messages_since = null`);
  assert.equal(await next(books, customerId, '2026-04-05'), undefined);
});
