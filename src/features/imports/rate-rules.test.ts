import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readCountry, readCurrency } from './country-rules.ts';
import { afterPercent, over, times } from './decimal-rules.ts';
import type { RateEvidence, RateStyle } from './rate-rules.ts';
import { decideRate, observeRate, readRate } from './rate-rules.ts';

const decide = (...texts: string[]) => {
  const evidence: RateEvidence = {};
  for (const text of texts) observeRate(evidence, text);
  return decideRate(evidence);
};

test('tax rates are read as percent', () => {
  const cases: [string, RateStyle, string][] = [
    ['8.25', 'percent', '8.25'],
    ['8,25', 'percent', '8.25'],
    ['0.0825', 'fraction', '8.25'],
    ['0,2', 'fraction', '20'],
    ['8.25%', 'none', '8.25'],
    ['8.25 %', 'fraction', '8.25'],
    ['20% (VAT on Income)', 'none', '20'],
    ['Tax on Sales (8.25%)', 'none', '8.25'],
    ['No VAT', 'none', '0'],
    ['Tax Exempt', 'none', '0'],
    ['Zero Rated Income', 'none', '0'],
    ['0', 'none', '0'],
    ['0.00', 'fraction', '0'],
  ];
  for (const [text, style, value] of cases)
    assert.deepEqual(readRate(text, style), { ok: true, value }, text);
  const wrong: [string, RateStyle][] = [
    ['VAT', 'percent'],
    ['-8', 'percent'],
    ['(8)', 'percent'],
    ['101', 'percent'],
    ['8.25', 'fraction'],
    ['8.25', 'none'],
    ['0.0825', 'none'],
    ['#REF!', 'percent'],
    ['5% and 7%', 'percent'],
  ];
  for (const [text, style] of wrong) assert.equal(readRate(text, style).ok, false, text);
});

test('rates below one are asked about: 0.5 may be half a percent', () => {
  assert.deepEqual(decide('8.25', '7', '0'), { ambiguous: false, format: 'percent' });
  assert.deepEqual(decide('0', '8.25%'), { ambiguous: false, format: 'none' });
  const small = decide('0.0825', '0');
  assert.ok(small.ambiguous && !small.mixed);
  if (small.ambiguous) assert.equal(small.likely, 'fraction');
  const mixed = decide('0.0825', '7');
  assert.ok(mixed.ambiguous && mixed.mixed);
});

test('countries are known by code, by name and by nickname', () => {
  const cases: [string, string][] = [
    ['US', 'US'],
    ['us', 'US'],
    ['USA', 'US'],
    ['U.S.A.', 'US'],
    ['United States of America', 'US'],
    ['UK', 'GB'],
    ['England', 'GB'],
    ['Deutschland', 'DE'],
    ['España', 'ES'],
    ["Côte d'Ivoire", 'CI'],
    ['Türkiye', 'TR'],
    ['South Korea', 'KR'],
    ['Viet Nam', 'VN'],
    ['The Netherlands', 'NL'],
  ];
  for (const [text, value] of cases) assert.deepEqual(readCountry(text), { ok: true, value }, text);
  for (const text of ['Narnia', 'EU', 'ZZ', 'SU', '12']) assert.equal(readCountry(text).ok, false, text);
});

test('currencies are known by code, and by a sign that only one of them has', () => {
  assert.deepEqual(readCurrency('usd'), { ok: true, value: 'USD' });
  assert.deepEqual(readCurrency('EUR - Euro'), { ok: true, value: 'EUR' });
  assert.deepEqual(readCurrency('€'), { ok: true, value: 'EUR' });
  for (const text of ['$', 'XYZ', 'dollars', 'US']) assert.equal(readCurrency(text).ok, false, text);
});

test('products and quotients of decimal strings are exact', () => {
  assert.equal(times('0.0375', '-2.5'), '-0.09375');
  assert.equal(afterPercent('10'), '0.9');
  assert.equal(afterPercent('12.5'), '0.875');
  assert.equal(over('100', '3'), '33.33333333');
  assert.equal(over('200', '3'), '66.66666667');
  assert.equal(over('-200', '3'), '-66.66666667');
  assert.equal(over('-1', '-4'), '0.25');
  assert.equal(over('1', '0'), undefined);
  const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), fc.integer({ min: 0, max: 6 }));
  fc.assert(
    fc.property(decimal, decimal, ([a, m], [b, n]) => {
      const text = (value: bigint, scale: number): string =>
        times(`${value}`, scale === 0 ? '1' : `0.${'1'.padStart(scale, '0')}`);
      assert.equal(times(text(a, m), text(b, n)), text(a * b, m + n));
    }),
  );
});
