import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  allocate,
  currencyDigits,
  divideRounded,
  formatMoney,
  isCurrency,
  maxAmount,
  multiply,
  parseDecimal,
  percentOf,
  readTyped,
  toDecimal,
  toTyped,
} from '#lib/money.ts';

const amounts = fc.bigInt({ min: -maxAmount, max: maxAmount });
const weights = fc
  .array(fc.bigInt({ min: 0n, max: maxAmount }), { minLength: 1, maxLength: 30 })
  .filter((list) => list.some((weight) => weight > 0n));

test('an allocation sums to its amount, and no part is further than one unit from its fair share', () => {
  fc.assert(
    fc.property(amounts, weights, (amount, list) => {
      const parts = allocate(amount, list);
      const total = list.reduce((sum, weight) => sum + weight, 0n);
      assert.equal(
        parts.reduce((sum, part) => sum + part, 0n),
        amount,
      );
      parts.forEach((part, at) => {
        const off = part * total - amount * (list[at] as bigint);
        assert.ok((off < 0n ? -off : off) < total);
        if (list[at] === 0n) assert.equal(part, 0n, 'who has no weight gets nothing');
      });
    }),
  );
});

test('an allocation without a weight is refused, and equal weights give the odd unit to the earlier', () => {
  for (const list of [[], [0n], [1n, -1n]]) assert.throws(() => allocate(1n, list));
  assert.deepEqual(allocate(100n, [1n, 1n, 1n]), [34n, 33n, 33n]);
  assert.deepEqual(allocate(-2n, [1n, 1n, 1n]), [-1n, -1n, 0n]);
});

test('rounding is half away from zero, the same on both sides of it', () => {
  const rows: [bigint, bigint, bigint][] = [
    [5n, 10n, 1n],
    [-5n, 10n, -1n],
    [4n, 10n, 0n],
    [15n, 10n, 2n],
    [25n, 10n, 3n],
    [-14n, 10n, -1n],
  ];
  for (const [numerator, denominator, rounded] of rows)
    assert.equal(divideRounded(numerator, denominator), rounded);
  assert.throws(() => divideRounded(1n, 0n));
  fc.assert(
    fc.property(amounts, fc.bigInt({ min: 1n, max: 10_000n }), (numerator, denominator) => {
      const rounded = divideRounded(numerator, denominator);
      assert.equal(divideRounded(-numerator, denominator), -rounded);
      const off = 2n * (rounded * denominator - numerator);
      assert.ok((off < 0n ? -off : off) <= denominator);
    }),
  );
});

test('percent and multiplication take decimal strings exactly', () => {
  assert.deepEqual(
    [
      percentOf(1000n, '8.25'),
      percentOf(1n, '50'),
      percentOf(-1n, '50'),
      percentOf(199n, '0'),
      percentOf(10_000n, '0.005'),
    ],
    [83n, 1n, -1n, 0n, 1n],
  );
  assert.deepEqual(
    [multiply(1999n, '2.5'), multiply(100n, '-0.005'), multiply(3n, '0.33333333')],
    [4998n, -1n, 1n],
  );
  for (const text of ['', '.5', '5.', '1e3', '1,5', ' 1', '+1', 'NaN'])
    assert.throws(() => percentOf(1n, text), text);
});

test('currencies have the decimals they have', () => {
  assert.deepEqual(['USD', 'JPY', 'KWD', 'EUR', 'BHD', 'KRW'].map(currencyDigits), [2, 0, 3, 2, 3, 0]);
  assert.equal(isCurrency('XYZ'), false);
  assert.throws(() => currencyDigits('USX'), /not a currency/);
});

test('an amount written as a decimal reads back as itself, with 0, 2 and 3 decimals', () => {
  fc.assert(
    fc.property(amounts, fc.constantFrom('JPY', 'USD', 'KWD'), (amount, currency) => {
      assert.equal(parseDecimal(toDecimal(amount, currency), currency), amount);
    }),
  );
  assert.deepEqual(
    [toDecimal(5n, 'USD'), toDecimal(-5n, 'USD'), toDecimal(5n, 'JPY'), toDecimal(5n, 'KWD')],
    ['0.05', '-0.05', '5', '0.005'],
  );
});

test('a decimal is read only when the currency can hold it', () => {
  const rows: [string, string, bigint | undefined][] = [
    ['1234.5', 'USD', 123_450n],
    ['1.10', 'USD', 110n],
    ['1.100', 'USD', 110n],
    ['1.101', 'USD', undefined],
    ['5.0', 'JPY', 5n],
    ['5.5', 'JPY', undefined],
    ['0.005', 'KWD', 5n],
    ['-0.01', 'USD', -1n],
    [' 7 ', 'USD', 700n],
    ['1,000', 'USD', undefined],
    ['1e5', 'USD', undefined],
    ['', 'USD', undefined],
    ['-', 'USD', undefined],
    ['1234567890123456', 'USD', undefined],
  ];
  for (const [text, currency, expected] of rows)
    assert.equal(parseDecimal(text, currency), expected, `${text} ${currency}`);
});

test('a typed amount is read as its organization writes it, and asked about where it might mean something else', () => {
  const rows: [string, string, string, bigint | undefined][] = [
    ['$1,234.50', 'USD', 'en-US', 123_450n],
    ['12,34,567.5', 'INR', 'en-IN', 123_456_750n],
    ['12,50', 'USD', 'en-US', undefined],
    ['1.234,50 €', 'EUR', 'de-DE', 123_450n],
    ['1234,5', 'EUR', 'de-DE', 123_450n],
    ['12.50', 'EUR', 'de-DE', undefined],
    ['1.234', 'EUR', 'de-DE', 123_400n],
    ['1 234,50', 'EUR', 'fr-FR', 123_450n],
    ['1’234.50', 'CHF', 'de-CH', 123_450n],
    ['￥1,234', 'JPY', 'ja-JP', 1_234n],
    ['1,5', 'JPY', 'ja-JP', undefined],
    ['1.5', 'JPY', 'ja-JP', undefined],
    ['-3,5', 'EUR', 'de-DE', -350n],
    ['', 'USD', 'en-US', undefined],
    ['1e5', 'USD', 'en-US', undefined],
  ];
  for (const [text, currency, locale, expected] of rows)
    assert.equal(readTyped(text, currency, locale), expected, `${text} ${locale}`);
  fc.assert(
    fc.property(
      amounts,
      fc.constantFrom(
        'JPY ja-JP',
        'USD en-US',
        'KWD en-US',
        'EUR de-DE',
        'EUR fr-FR',
        'CHF de-CH',
        'SEK sv-SE',
      ),
      (amount, pair) => {
        const [currency, locale] = pair.split(' ') as [string, string];
        assert.equal(readTyped(toTyped(amount, currency, locale), currency, locale), amount);
        const shown = formatMoney(amount < 0n ? -amount : amount, currency, locale).replace('kr', '');
        assert.equal(readTyped(shown, currency, locale), amount < 0n ? -amount : amount);
      },
    ),
  );
});

test('money shown to people keeps every digit and takes its decimals from the currency', () => {
  assert.deepEqual(
    [
      formatMoney(123_450n, 'USD'),
      formatMoney(1n, 'JPY'),
      formatMoney(maxAmount, 'USD'),
      formatMoney(-5n, 'USD'),
    ],
    ['$1,234.50', '¥1', '$90,000,000,000.00', '-$0.05'],
  );
  assert.match(formatMoney(123_456n, 'EUR', 'de-DE'), /^1\.234,56\s€$/);
});
