import assert from 'node:assert/strict';
import { test } from 'node:test';
import { customerWith, ninetyDays } from '../support/ninety-days.ts';

test('ninety days of a step that repeats every two weeks until sixty days past due, and then rests', async () => {
  const ana = await customerWith(
    { 'A-1': '2026-04-03' },
    { steps: [{ type: 'payment_past_due', dayOffset: 5, everyDays: 14, untilDaysLate: 60 }] },
  );
  assert.deepEqual(await ninetyDays(ana), [
    '2026-04-08 payment_past_due A-1',
    '2026-04-22 payment_past_due A-1',
    '2026-05-06 payment_past_due A-1',
    '2026-05-20 payment_past_due A-1',
  ]);
});
