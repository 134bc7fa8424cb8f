import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { mailsOf } from '../support/mails.ts';
import { anotherCustomer, customerWith, ninetyDays } from '../support/ninety-days.ts';
import { setCustomer } from '../support/reminders.ts';

test('ninety days of a branch that bills with its head: the head hears, rests for both, and then the branch alone', async () => {
  const head = await customerWith(
    { 'H-1': '2026-04-10' },
    {
      steps: [
        { type: 'payment_past_due', dayOffset: 7 },
        { type: 'payment_past_due', dayOffset: 21 },
      ],
    },
    { email: 'head@example.com' },
  );
  const { books } = head;
  const branch = await anotherCustomer(
    books,
    { 'B-1': '2026-04-12', 'B-2': '2026-05-20' },
    { email: 'branch@example.com', parentId: head.customerId, billWithParent: true },
  );
  const heard = await ninetyDays(head, {
    '2026-04-25': () => setCustomer(books, head.customerId, sql`send_reminders = false`),
    '2026-05-05': () => setCustomer(books, head.customerId, sql`send_reminders = true`),
    '2026-05-15': () => setCustomer(books, branch.customerId, sql`bill_with_parent = false`),
  });
  const mails = await mailsOf(books);
  assert.deepEqual(
    heard.map((line, at) => `${line} to ${mails[at]?.toEmails}`),
    [
      '2026-04-17 payment_past_due H-1 to head@example.com',
      '2026-04-19 payment_past_due B-1 to head@example.com',
      // Both rested since the 1st and the 3rd.
      '2026-05-05 payment_past_due H-1 to head@example.com',
      '2026-05-05 payment_past_due B-1 to head@example.com',
      '2026-05-27 payment_past_due B-2 to branch@example.com',
      '2026-06-10 payment_past_due B-2 to branch@example.com',
    ],
  );
});
