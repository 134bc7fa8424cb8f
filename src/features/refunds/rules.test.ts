import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PaymentKind, PaymentState } from '#features/payments/rules.ts';
import {
  decideGiveBack,
  decideRefundMove,
  nextRefundLookupAfter_s,
  type PaymentToGiveBack,
  type RefundEffect,
  type RefundState,
} from '#features/refunds/rules.ts';

const at = new Date('2026-03-02T15:00:00Z');
const payment = (
  kind: PaymentKind,
  state: PaymentState,
  more: Partial<PaymentToGiveBack> = {},
): PaymentToGiveBack => ({
  kind,
  state,
  amount: 100n,
  refunded: 0n,
  refundAtOnce: false,
  voidRequestedAt: null,
  voidRefusedAt: null,
  ...more,
});
const states: readonly PaymentState[] = [
  'pending',
  'unknown',
  'approved',
  'settling',
  'settled',
  'declined',
  'submitted',
  'accepted',
  'collected',
  'returned',
  'voided',
];
const offers = (kind: PaymentKind) =>
  states.flatMap((state) => {
    const { offer } = decideGiveBack(payment(kind, state));
    return offer ? [`${state}: ${offer}`] : [];
  });

test('exactly one of void and refund is offered, and neither while the payment is on its way', () => {
  assert.deepEqual(offers('card'), ['approved: void', 'settled: refund']);
  assert.deepEqual(offers('bank_account'), ['settled: refund', 'submitted: void']);
  assert.deepEqual(offers('paypal'), ['settled: refund']);
  for (const kind of ['check', 'cash', 'wire', 'other'] as const)
    assert.deepEqual(offers(kind), ['settled: refund']);
});

test('every answer has its reason in words', () => {
  for (const kind of ['card', 'bank_account', 'paypal', 'cash'] as const)
    for (const state of states) assert.match(decideGiveBack(payment(kind, state)).reason, /^[A-Z].{20,}\.$/);
});

test('while a void is asked for nothing else is offered; a gateway that said no is not asked again; settled is refunded', () => {
  const asked = { voidRequestedAt: at };
  assert.equal(decideGiveBack(payment('card', 'approved', asked)).offer, undefined);
  const refused = decideGiveBack(payment('card', 'approved', { ...asked, voidRefusedAt: at }));
  assert.deepEqual([refused.offer, /no longer voids/.test(refused.reason)], [undefined, true]);
  assert.equal(decideGiveBack(payment('card', 'settled', asked)).offer, 'refund');
});

test('what a gateway has captured is refunded at once and never voided, also while it settles', () => {
  const captured = { refundAtOnce: true };
  for (const state of ['approved', 'settling', 'settled'] as const)
    assert.equal(decideGiveBack(payment('card', state, captured)).offer, 'refund', state);
  // A wish from before it was known is overtaken.
  const wished = { ...captured, voidRequestedAt: at };
  assert.equal(decideGiveBack(payment('card', 'approved', wished)).offer, 'refund');
  for (const state of ['pending', 'unknown', 'declined', 'returned', 'voided'] as const)
    assert.equal(decideGiveBack(payment('card', state, captured)).offer, undefined, state);
});

test('what a chargeback has taken back is not refunded as well', () => {
  assert.equal(decideGiveBack(payment('card', 'settled', { isDisputed: true })).offer, undefined);
});

test('what was given back in full is offered no more; a mistyped payment can be struck until then', () => {
  assert.equal(decideGiveBack(payment('card', 'settled', { refunded: 99n })).offer, 'refund');
  assert.equal(decideGiveBack(payment('card', 'settled', { refunded: 100n })).offer, undefined);
  assert.equal(decideGiveBack(payment('check', 'settled')).mayStrike, true);
  assert.equal(decideGiveBack(payment('check', 'settled', { refunded: 1n })).mayStrike, false);
  assert.equal(decideGiveBack(payment('card', 'settled')).mayStrike, false);
});

const refundStates = ['pending', 'unknown', 'submitted', 'settled', 'failed'] as const;

test('a refund moves as the table says and in no other way', () => {
  const moves = refundStates.flatMap((from) =>
    refundStates.flatMap((to) => {
      const effect = decideRefundMove(from, to);
      return effect ? [`${from} → ${to}: ${effect}`] : [];
    }),
  );
  assert.deepEqual(moves, [
    'pending → unknown: none',
    'pending → submitted: post',
    'pending → settled: post',
    'pending → failed: release',
    'unknown → submitted: post',
    'unknown → settled: post',
    'unknown → failed: release',
    'submitted → settled: none',
    'submitted → failed: reverse',
    'settled → failed: reverse',
  ]);
});

test('any news of a refund in any order posts it at most once, and out of the books only what was in', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...refundStates), { maxLength: 30 }), (news) => {
      let state: RefundState = 'pending';
      let inBooks = 0;
      for (const to of news) {
        const effect: RefundEffect | undefined = to === state ? undefined : decideRefundMove(state, to);
        if (!effect) continue;
        state = to;
        if (effect === 'post') inBooks += 1;
        if (effect === 'reverse') inBooks -= 1;
        assert.ok(inBooks === 0 || inBooks === 1);
      }
      assert.equal(inBooks === 1, state === 'submitted' || state === 'settled');
    }),
    { numRuns: 5000 },
  );
});

test('a refund in doubt is asked about on the timetable of charges, then by a person', () => {
  const day = 86_400;
  assert.deepEqual(
    Array.from({ length: 9 }, (_, lookups) => nextRefundLookupAfter_s('unknown', lookups)),
    [60, 300, 3600, day, day, day, day, day, undefined],
  );
  assert.equal(nextRefundLookupAfter_s('failed', 0), undefined);
  assert.equal(nextRefundLookupAfter_s('submitted', 30), undefined);
});
