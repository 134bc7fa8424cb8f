import assert from 'node:assert/strict';
import { test } from 'node:test';
import { customerWith, does, ninetyDays } from '../support/ninety-days.ts';

test('ninety days with one message for all that is open: never two on a day, and each names everything', async () => {
  const ana = await customerWith(
    { 'A-1': '2026-04-10', 'A-2': '2026-04-10', 'A-3': '2026-05-10' },
    {
      oneMessage: true,
      steps: [
        { type: 'payment_due', dayOffset: 0 },
        { type: 'payment_past_due', dayOffset: 10 },
        { type: 'payment_past_due', dayOffset: 30 },
      ],
    },
  );
  const heard = await ninetyDays(ana, { '2026-04-25': does.pay('A-1'), '2026-06-01': does.pay('A-2') });
  assert.deepEqual(heard, [
    '2026-04-10 payment_due A-1, A-2, A-3',
    '2026-04-20 payment_past_due A-1, A-2, A-3',
    // Thirty days for A-2 and the due date of A-3 meet: the graver leads.
    '2026-05-10 payment_past_due A-2, A-3',
    '2026-05-20 payment_past_due A-2, A-3',
    '2026-06-09 payment_past_due A-3',
  ]);
});
