import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatMoney } from '#lib/money.ts';
import type { DecimalEvidence, DecimalStyle } from './amount-rules.ts';
import { decideDecimal, observeDecimal, readAmount, readDecimal } from './amount-rules.ts';

const decide = (...texts: string[]) => {
  const evidence: DecimalEvidence = {};
  for (const text of texts) observeDecimal(evidence, text);
  return decideDecimal(evidence);
};

test('amounts are read however people and programs write them', () => {
  const cases: [string, DecimalStyle, string, bigint][] = [
    ['1234.5', '.', 'USD', 123450n],
    ['$1,234.50', '.', 'USD', 123450n],
    ['US$ 1,234.50', '.', 'USD', 123450n],
    ['USD 12.00', '.', 'USD', 1200n],
    ['12.00 usd', '.', 'USD', 1200n],
    ['(12.00)', '.', 'USD', -1200n],
    ['$(12.00)', '.', 'USD', -1200n],
    ['($12.00)', '.', 'USD', -1200n],
    ['-$12.00', '.', 'USD', -1200n],
    ['12.00-', '.', 'USD', -1200n],
    ['\u221212.00', '.', 'USD', -1200n],
    ['12.00 CR', '.', 'USD', -1200n],
    ['12.00DR', '.', 'USD', 1200n],
    ['€ 12', ',', 'EUR', 1200n],
    ['1.234,50', ',', 'EUR', 123450n],
    ['1 234,50', ',', 'EUR', 123450n],
    ['1\u00a0234,50 €', ',', 'EUR', 123450n],
    ['1\u202f234\u202f567,50', ',', 'EUR', 123456750n],
    ["1'234.50", '.', 'CHF', 123450n],
    ['CHF 1\u2019234.50', '.', 'CHF', 123450n],
    ['1,23,456.00', '.', 'INR', 12345600n],
    [' $ -   ', '.', 'USD', 0n],
    ['.50', '.', 'USD', 50n],
    ['12.', '.', 'USD', 1200n],
    ['12.500', '.', 'USD', 1250n],
    ['1234', 'none', 'JPY', 1234n],
    ['1.234', '.', 'KWD', 1234n],
    ['-0', '.', 'USD', 0n],
    ['90000000000.00', '.', 'USD', 9_000_000_000_000n],
  ];
  for (const [text, style, currency, value] of cases) {
    assert.deepEqual(readAmount(text, style, currency), { ok: true, value }, text);
  }
});

test('what is no amount is refused with its remedy', () => {
  const cases: [string, DecimalStyle, RegExp][] = [
    ['#REF!', '.', /error #REF!.*Correct it/],
    ['#NAME?', '.', /error #NAME\?/],
    ['#N/A', '.', /error #N\/A/],
    ['#VALUE!', '.', /error #VALUE!/],
    ['1.2E+05', '.', /1\.2E\+05.*Format the column as Number/],
    ['12.345', '.', /more decimals than USD has \(2\)/],
    ['€12.00', '.', /written in €.*row is in USD/],
    ['EUR 12.00', '.', /written in EUR/],
    ['12,34', '.', /separators in the wrong places/],
    ['1.234,50', '.', /separators in the wrong places/],
    ['1.2.3', '.', /separators in the wrong places/],
    ['1,234.50', ',', /separators in the wrong places/],
    ['(-12)', '.', /two signs/],
    ['12.00-CR', '.', /two signs/],
    ['12 approx', '.', /not a number/],
    ['12/5', '.', /not a number/],
    ['0x10', '.', /not a number/],
    ['1,234', 'none', /two ways/],
    ['90000000000.01', '.', /larger than the largest amount/],
    ['9'.repeat(50), '.', /larger than the largest amount/],
    [`12${' '.repeat(200)}34`, '.', /not a number/],
  ];
  for (const [text, style, reason] of cases) {
    const reading = readAmount(text, style, 'USD');
    assert.equal(reading.ok, false, text);
    if (!reading.ok) assert.match(reading.reason, reason, text);
  }
});

test('quantities and prices keep their digits', () => {
  assert.deepEqual(readDecimal('2.50', '.'), { ok: true, value: '2.5' });
  assert.deepEqual(readDecimal('007', '.'), { ok: true, value: '7' });
  assert.deepEqual(readDecimal('0.0375', '.'), { ok: true, value: '0.0375' });
  assert.deepEqual(readDecimal('1.000,125', ','), { ok: true, value: '1000.125' });
  assert.deepEqual(readDecimal('$1,250.00', '.', 'USD'), { ok: true, value: '1250' });
  assert.deepEqual(readDecimal('-3', 'none'), { ok: true, value: '-3' });
  assert.equal(readDecimal('0.123456789', '.').ok, false);
  assert.equal(readDecimal('3 hrs', '.').ok, false);
  assert.equal(readDecimal('1.234.567', '.').ok, false);
});

test('the decimal sign of a column is what its values prove', () => {
  assert.deepEqual(decide('12', '1,234.50'), { ambiguous: false, format: '.' });
  assert.deepEqual(decide('1.234', '12,5'), { ambiguous: false, format: ',' });
  assert.deepEqual(decide('1,234,567'), { ambiguous: false, format: '.' });
  assert.deepEqual(decide('1 234,500'), { ambiguous: false, format: ',' });
  assert.deepEqual(decide('0,125'), { ambiguous: false, format: ',' });
  assert.deepEqual(decide('12', '-7', ''), { ambiguous: false, format: 'none' });
});

test('a column that can be read in two ways is asked about, not guessed', () => {
  assert.deepEqual(decide('1,234', '2,500'), {
    ambiguous: true,
    candidates: ['.', ','],
    examples: ['1,234'],
    mixed: false,
  });
  const mixed = decide('1.234,50', '1,234.50');
  assert.ok(mixed.ambiguous && mixed.mixed);
});

const cents = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });

test('what a locale prints is read back to the cent', () => {
  const locales: [string, string, DecimalStyle][] = [
    ['en-US', 'USD', '.'],
    ['de-DE', 'EUR', ','],
    ['fr-FR', 'EUR', ','],
    ['de-CH', 'CHF', '.'],
    ['en-IN', 'INR', '.'],
    ['pt-BR', 'BRL', ','],
    ['sv-SE', 'SEK', ','],
    ['ja-JP', 'JPY', 'none'],
  ];
  fc.assert(
    fc.property(cents, fc.constantFrom(...locales), (amount, [locale, currency, style]) => {
      const text = formatMoney(amount, currency, locale).replace(/[^\d.,'’\s\u2212-]/gu, '');
      const readable = style === 'none' ? text.replaceAll(',', '') : text;
      assert.deepEqual(readAmount(readable, style, currency), { ok: true, value: amount }, text);
    }),
  );
});

test('a column in one style is never read in the other', () => {
  const column = fc.array(cents, { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(column, fc.constantFrom('en-US', 'de-DE'), fc.boolean(), (amounts, locale, isWhole) => {
      const format = new Intl.NumberFormat(locale, { minimumFractionDigits: isWhole ? 0 : 2 });
      const texts = amounts.map((amount) => format.format(isWhole ? amount : Number(amount) / 100));
      const decision = decide(...texts);
      const right = locale === 'en-US' ? '.' : ',';
      if (decision.ambiguous) assert.ok(decision.candidates.includes(right) && !decision.mixed);
      else if (decision.format !== 'none') assert.equal(decision.format, right, texts.join(' '));
    }),
  );
});

test('no text makes the reader throw, and what it reads is a whole number of cents', () => {
  const unit = fc.constantFrom(..."0123456789.,'-+()$€ eEcrCR%#/\u00a0\u2212");
  fc.assert(
    fc.property(
      fc.string({ unit, maxLength: 14 }),
      fc.constantFrom<DecimalStyle>('.', ',', 'none'),
      (text, style) => {
        const reading = readAmount(text, style, 'USD');
        assert.ok(reading.ok ? typeof reading.value === 'bigint' : reading.reason.length > 10);
      },
    ),
    { numRuns: 2000 },
  );
});

test('the quick way and the long way read the same', () => {
  const unit = fc.constantFrom(...'0123456789.,-');
  fc.assert(
    fc.property(
      fc.string({ unit, minLength: 1, maxLength: 12 }),
      fc.constantFrom<DecimalStyle>('.', ','),
      (text, style) => {
        // A currency sign changes nothing but keeps a number from the quick way.
        const long = readAmount(text.startsWith('-') ? `-$${text.slice(1)}` : `$${text}`, style, 'USD');
        const quick = readAmount(text, style, 'USD');
        if (quick.ok || long.ok) assert.deepEqual(quick, long, text);
        const [one, other] = [readDecimal(text, style), readDecimal(`+${text}`, style)];
        if (!text.startsWith('-') && (one.ok || other.ok)) assert.deepEqual(one, other, text);
      },
    ),
    { numRuns: 3000 },
  );
});
