import assert from 'node:assert/strict';
import { test } from 'node:test';
import { customerWith, does, ninetyDays } from '../support/ninety-days.ts';

test('ninety days with a promise and a dispute: chasing rests for them and goes on by itself', async () => {
  const ana = await customerWith({ 'A-1': '2026-04-10', 'A-2': '2026-04-12' });
  const heard = await ninetyDays(ana, {
    '2026-04-15': does.promise('A-1', '2026-04-20'),
    '2026-04-18': does.dispute('A-2'),
    '2026-06-15': does.settleDispute('A-2'),
  });
  assert.deepEqual(heard, [
    '2026-04-07 upcoming_payment A-1',
    '2026-04-09 upcoming_payment A-2',
    '2026-04-10 payment_due A-1',
    '2026-04-12 payment_due A-2',
    // Promised for the 20th: the reminder of the 17th waits until that day has gone by.
    '2026-04-21 payment_past_due A-1',
    '2026-04-24 payment_past_due A-1',
    '2026-05-10 payment_past_due A-1',
    '2026-06-09 payment_past_due A-1',
    // Disputed for two months: then the newest of what was held, and no more than that.
    '2026-06-15 payment_past_due A-2',
  ]);
});
