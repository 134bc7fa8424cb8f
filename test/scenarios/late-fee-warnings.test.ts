import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agree, saidOf } from '../support/late-fees.ts';
import { customerWith, does, ninetyDays } from '../support/ninety-days.ts';

test('ninety days with late fees that are warned of: each once before its day, none while they rest', async () => {
  const ana = await customerWith(
    { 'A-1': '2026-04-10', 'A-2': '2026-04-20' },
    {
      steps: [
        { type: 'payment_past_due', dayOffset: 5 },
        { type: 'upcoming_late_fee', dayOffset: -3 },
      ],
    },
  );
  await agree(ana.books, { graceDays: 10, everyDays: 30 });
  const heard = await ninetyDays(ana, {
    '2026-04-25': does.dispute('A-2'),
    '2026-05-10': does.settleDispute('A-2'),
    '2026-05-25': does.pay('A-1', 12_050n + 2n * 2_500n),
  });
  assert.deepEqual(heard, [
    '2026-04-15 payment_past_due A-1',
    '2026-04-18 upcoming_late_fee A-1',
    '2026-05-10 payment_past_due A-2',
    '2026-05-18 upcoming_late_fee A-1',
    // The fee of 1 May fell into the dispute: the next of its rhythm is warned of.
    '2026-05-28 upcoming_late_fee A-2',
    '2026-06-27 upcoming_late_fee A-2',
  ]);
  assert.deepEqual(await saidOf(ana.books, ana.invoices.get('A-1') ?? ''), [
    '2026-04-21 posted 2500',
    '2026-05-21 posted 2500',
  ]);
  assert.deepEqual(await saidOf(ana.books, ana.invoices.get('A-2') ?? ''), ['2026-05-31 posted 2500']);
});
