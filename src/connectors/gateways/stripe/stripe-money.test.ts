import assert from 'node:assert/strict';
import { test } from 'node:test';
import { currencyDigits } from '#lib/money.ts';
import { fromStripeAmount, toStripeAmount } from './stripe-money.ts';

test('amounts go to Stripe and back exact, in currencies that it counts as we do and otherwise', () => {
  const cases: [currency: string, ours: bigint, stripes: number][] = [
    ['USD', 1_999n, 1_999],
    ['JPY', 500n, 500],
    ['KRW', 1_000n, 1_000],
    ['KWD', 5_120n, 5_120],
    ['ISK', 5n, 500],
    ['UGX', 700n, 70_000],
    ['HUF', 500n, 50_000],
    ['BIF', 300n, 300],
  ];
  for (const [currency, ours, stripes] of cases) {
    assert.equal(toStripeAmount(ours, currency), stripes, currency);
    assert.equal(fromStripeAmount(stripes, currency.toLowerCase()), ours, currency);
  }
  assert.deepEqual(['ISK', 'UGX', 'HUF'].map(currencyDigits), [0, 0, 0], 'what the cases rest on');
});

test('what Stripe has no amount for is not rounded', () => {
  assert.equal(toStripeAmount(5_124n, 'KWD'), undefined, 'the last digit is always 0');
  assert.throws(() => fromStripeAmount(501, 'isk'));
});
