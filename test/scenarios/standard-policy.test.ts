import assert from 'node:assert/strict';
import { test } from 'node:test';
import { customerWith, does, ninetyDays } from '../support/ninety-days.ts';

test('ninety days under the standard policy: announced, due, firmer, then monthly; who pays hears no more', async () => {
  const ana = await customerWith({ 'A-1': '2026-04-10', 'A-2': '2026-04-20', 'A-3': '2026-06-25' });
  const heard = await ninetyDays(ana, {
    '2026-04-24': does.pay('A-2'),
    '2026-05-02': does.pay('A-1', 5_000n),
  });
  assert.deepEqual(heard, [
    '2026-04-07 upcoming_payment A-1',
    '2026-04-10 payment_due A-1',
    '2026-04-17 payment_past_due A-1',
    '2026-04-17 upcoming_payment A-2',
    '2026-04-20 payment_due A-2',
    '2026-04-24 payment_past_due A-1',
    // A part is paid: the rest is still asked for.
    '2026-05-10 payment_past_due A-1',
    '2026-06-09 payment_past_due A-1',
    '2026-06-22 upcoming_payment A-3',
    '2026-06-25 payment_due A-3',
  ]);
});
