import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { currencyDigits } from '#lib/money.ts';
import { fromPaypalMoney, toPaypalMoney } from './paypal-money.ts';

test('amounts are written with the decimals that PayPal knows, not those of ISO 4217', () => {
  const written = (amount: bigint, currency: string) => toPaypalMoney(amount, currency).value;
  assert.equal(written(12_345n, 'USD'), '123.45');
  assert.equal(written(5n, 'EUR'), '0.05');
  assert.equal(written(1_001n, 'JPY'), '1001');
  assert.equal(written(4_500n * 10n ** BigInt(currencyDigits('HUF')), 'HUF'), '4500');
  assert.equal(written(120_000n, 'TWD'), '1200');
});

test('what PayPal cannot move is refused, not rounded', () => {
  assert.throws(() => toPaypalMoney(450_050n, 'TWD'), /whole units/);
  assert.throws(() => toPaypalMoney(1n, 'TWD'), /whole units/);
});

test('every amount comes back as it went, in every currency of PayPal', () => {
  const currencies = fc.constantFrom('USD', 'EUR', 'JPY', 'HUF', 'TWD', 'GBP');
  fc.assert(
    fc.property(
      fc.bigInt({ min: -1_000_000_000_000n, max: 1_000_000_000_000n }),
      currencies,
      (units, currency) => {
        const isWhole = currency === 'HUF' || currency === 'TWD';
        const amount = isWhole ? units * 10n ** BigInt(currencyDigits(currency)) : units;
        assert.deepEqual(fromPaypalMoney(toPaypalMoney(amount, currency)), { amount, currency });
      },
    ),
  );
});

test('an amount that is none, or of a currency nobody knows, is not believed', () => {
  for (const value of ['', '1,5', '1e3', '0.001'])
    assert.equal(fromPaypalMoney({ currency_code: 'USD', value }), undefined);
  assert.equal(fromPaypalMoney({ currency_code: 'QQQ', value: '1' }), undefined);
});
