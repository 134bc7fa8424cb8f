import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { declineCodes } from '#features/payments/decline-rules.ts';
import type { DeclineCode } from '#features/payments/payment-gateway.ts';
import { type ChargeFailure, nextTry, type RetryLimits } from '#features/standing-charges/retry-rules.ts';
import { addDays, daysBetween } from '#lib/dates.ts';

const today = '2026-03-10';
const limits: RetryLimits = {
  cards: [
    { brand: 'visa', limitValue: null, windowDays: null, declineCodes: ['lost_or_stolen', 'do_not_honor'] },
    { brand: 'visa', limitValue: 20, windowDays: 30, declineCodes: [] },
    { brand: 'mastercard', limitValue: 10, windowDays: 1, declineCodes: [] },
  ],
  debits: { limitValue: 3, windowDays: 180 },
};
const declined = (code: DeclineCode, brand = 'visa'): ChargeFailure => ({ kind: 'declined', code, brand });
const returned: ChargeFailure = { kind: 'returned', mayRetry: 'twice_within_180_days' };
const policy = { retries: 2, afterDays: 3 };
const by = { policy, limits, today };
const once = { tries: [today], cardTries: [today] };

test('a soft decline is tried again after the days that the organization chose, and so often', () => {
  const failure = declined('insufficient_funds');
  assert.deepEqual(nextTry({ failure, ...once }, by), { again: true, on: '2026-03-13' });
  const thrice = { tries: [addDays(today, -6), addDays(today, -3), today], cardTries: [today] };
  assert.deepEqual(nextTry({ failure, ...thrice }, by), { again: false, why: 'tried_enough' });
});

test('nothing is tried again where the organization has not asked for it', () => {
  const none = { ...by, policy: { retries: 0, afterDays: 3 } };
  assert.deepEqual(nextTry({ failure: declined('insufficient_funds'), ...once }, none), {
    again: false,
    why: 'no_retries',
  });
});

test('a hard decline is never tried again, and a network may count more codes as hard', () => {
  for (const code of [
    'expired_card',
    'lost_or_stolen',
    'method_gone',
    'bad_account',
    'suspected_fraud',
  ] as const)
    assert.deepEqual(nextTry({ failure: declined(code), ...once }, by), {
      again: false,
      why: 'hard_decline',
    });
  assert.equal(nextTry({ failure: declined('do_not_honor', 'VISA'), ...once }, by).again, false);
  assert.equal(nextTry({ failure: declined('do_not_honor', 'mastercard'), ...once }, by).again, true);
});

test('a card that has reached its limit waits until its oldest tries are out of the window', () => {
  const cardTries = Array.from({ length: 20 }, (_, at) => addDays(today, at - 19));
  assert.deepEqual(nextTry({ failure: declined('insufficient_funds'), tries: [today], cardTries }, by), {
    again: true,
    on: addDays(today, -19 + 31),
  });
  const many = Array.from({ length: 10 }, () => today);
  const soon = { ...by, policy: { retries: 2, afterDays: 1 } };
  assert.deepEqual(
    nextTry({ failure: declined('insufficient_funds', 'mastercard'), tries: [today], cardTries: many }, soon),
    { again: true, on: addDays(today, 2) },
  );
});

test('a debit that came back for want of money goes three times in all within 180 days; others never', () => {
  const often = { ...by, policy: { retries: 4, afterDays: 3 } };
  const tried = (tries: string[]) => nextTry({ failure: returned, tries, cardTries: [] }, often);
  assert.deepEqual(tried([today]), { again: true, on: '2026-03-13' });
  assert.deepEqual(tried([addDays(today, -5), today]), { again: true, on: '2026-03-13' });
  assert.deepEqual(tried([addDays(today, -9), addDays(today, -5), today]), {
    again: false,
    why: 'network_limit',
  });
  assert.deepEqual(tried([addDays(today, -178), today]), { again: false, why: 'network_limit' });
  for (const mayRetry of ['never', 'after_new_authorization', null] as const)
    assert.equal(
      nextTry({ failure: { kind: 'returned', mayRetry }, tries: [today], cardTries: [] }, often).again,
      false,
    );
});

test('whatever is asked, no try goes beyond the policy or a limit', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...declineCodes),
      fc.constantFrom('visa', 'mastercard', 'amex'),
      fc.array(fc.integer({ min: 0, max: 45 }), { minLength: 1, maxLength: 40 }),
      fc.record({ retries: fc.integer({ min: 0, max: 4 }), afterDays: fc.integer({ min: 1, max: 30 }) }),
      fc.integer({ min: 1, max: 6 }),
      (code, brand, ago, wanted, tried) => {
        const cardTries = ago.map((days) => addDays(today, -days));
        const tries = Array.from({ length: tried }, (_, at) => addDays(today, at - tried + 1));
        const next = nextTry({ failure: declined(code, brand), tries, cardTries }, { ...by, policy: wanted });
        if (!next.again) return;
        assert.ok(tried <= wanted.retries);
        assert.ok(daysBetween(today, next.on) >= wanted.afterDays);
        for (const { brand: of, limitValue, windowDays } of limits.cards)
          if (of === brand && limitValue !== null && windowDays !== null)
            assert.ok(cardTries.filter((day) => daysBetween(day, next.on) <= windowDays).length < limitValue);
      },
    ),
  );
});
