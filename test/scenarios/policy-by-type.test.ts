import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { createPolicy } from '#features/reminders/save-policy.ts';
import { anotherCustomer, customerWith, does, ninetyDays } from '../support/ninety-days.ts';
import { setCustomer, step } from '../support/reminders.ts';

test('ninety days of two types of customers: each hears its own policy, and a new type from then on', async () => {
  const ana = await customerWith(
    { 'A-1': '2026-04-10' },
    {
      steps: [
        { type: 'payment_past_due', dayOffset: 7 },
        { type: 'payment_past_due', dayOffset: 30 },
      ],
    },
    { customerType: ' Retail' },
  );
  const { books } = ana;
  const policy = {
    ...{ name: 'Retail', customerType: 'retail', oneMessage: false },
    steps: [
      step({ type: 'payment_due', dayOffset: 0 }),
      step({ type: 'payment_past_due', dayOffset: 3, everyDays: 10, untilDaysLate: 25 }),
    ],
  };
  const { organizationId, actor, now } = books;
  await books.tx((tx) => createPolicy(tx, actor, { organizationId, policy }, now));
  const ben = await anotherCustomer(
    books,
    { 'B-1': '2026-04-10', 'B-2': '2026-05-20' },
    { email: 'ben@example.com' },
  );
  const heard = await ninetyDays(ana, {
    '2026-04-20': (at) => does.pay('B-1')({ ...ben, books: at.books }),
    '2026-05-01': () => setCustomer(books, ben.customerId, sql`customer_type = 'RETAIL'`),
  });
  assert.deepEqual(heard, [
    '2026-04-10 payment_due A-1',
    '2026-04-13 payment_past_due A-1',
    '2026-04-17 payment_past_due B-1',
    '2026-04-23 payment_past_due A-1',
    '2026-05-03 payment_past_due A-1',
    '2026-05-20 payment_due B-2',
    '2026-05-23 payment_past_due B-2',
    '2026-06-02 payment_past_due B-2',
    '2026-06-12 payment_past_due B-2',
  ]);
});
