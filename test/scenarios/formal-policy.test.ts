import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { customerWith, does, ninetyDays } from '../support/ninety-days.ts';

test('ninety days to a third formal reminder: numbered letters without a gap, a level higher each time', async () => {
  const ana = await customerWith(
    { 'A-1': '2026-04-06', 'A-2': '2026-04-20' },
    {
      steps: [
        { type: 'payment_past_due', dayOffset: 3 },
        { type: 'payment_past_due', dayOffset: 14, isFormal: true },
        { type: 'payment_past_due', dayOffset: 28, isFormal: true },
        { type: 'payment_past_due', dayOffset: 42, isFormal: true },
      ],
    },
  );
  assert.deepEqual(await ninetyDays(ana, { '2026-05-10': does.pay('A-2') }), [
    '2026-04-09 payment_past_due A-1',
    '2026-04-20 payment_past_due A-1, Reminder 1.pdf',
    '2026-04-23 payment_past_due A-2',
    '2026-05-04 payment_past_due A-1, Reminder 2.pdf',
    '2026-05-04 payment_past_due A-2, Reminder 3.pdf',
    '2026-05-18 payment_past_due A-1, Reminder 4.pdf',
  ]);
  const letters = await ana.books.tx((tx) =>
    tx.rows<{ number: bigint; level: number }>(sql`select number, level from reminder_documents
      where organization_id = ${ana.books.organizationId} order by number`),
  );
  assert.deepEqual(
    letters.map(({ number, level }) => [Number(number), level]),
    [
      [1, 1],
      [2, 2],
      [3, 1],
      [4, 3],
    ],
  );
});
