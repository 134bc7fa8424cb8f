import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isExpiring, removalRefusal } from '#features/payment-methods/rules.ts';

test('a method stays while a payment with it is under way', () => {
  assert.equal(removalRefusal({ state: 'active', paymentsUnderWay: 0 }), undefined);
  assert.equal(removalRefusal({ state: 'blocked', paymentsUnderWay: 0 }), undefined);
  assert.match(removalRefusal({ state: 'active', paymentsUnderWay: 1 }) ?? '', /under way/);
});

test('a card expires soon in its last month and the one before', () => {
  const card = { expiryYear: 2027, expiryMonth: 1 };
  assert.deepEqual(
    ['2026-11-30', '2026-12-01', '2027-01-31', '2027-02-01'].map((today) => isExpiring(card, today)),
    [false, true, true, false],
  );
  assert.equal(isExpiring({ expiryYear: null, expiryMonth: null }, '2026-01-01'), false);
});
