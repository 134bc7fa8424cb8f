import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LineInput, totalsOf } from '#features/invoices/rules.ts';
import { chargeTaxes, percentTogether, type Tax } from '#features/taxes/rules.ts';
import { sum } from '#lib/money.ts';

const rate = (percent: string, change: Partial<Tax> = {}): Tax => ({
  id: `txr_${percent}${JSON.stringify(change)}`,
  name: `Tax ${percent}`,
  percent,
  inclusive: false,
  compound: false,
  ...change,
});
const line = (amount: bigint, ...taxes: Tax[]): LineInput => ({
  itemName: 'A',
  description: '',
  quantity: '1',
  unitPrice: '0',
  amount,
  taxable: taxes.length > 0,
  taxRate: '0',
  taxes,
});

test('each rate is rounded once, half up, on the sum of its lines', () => {
  const gst = rate('5');
  const pst = rate('9.975');
  const rows: [bigint[], bigint, bigint][] = [
    [[1000n], 50n, 100n],
    [[10n, 10n, 10n], 2n, 3n],
    [[130n], 7n, 13n],
  ];
  for (const [amounts, five, nine] of rows) {
    const { taxes } = totalsOf(
      amounts.map((amount) => line(amount, gst, pst)),
      2,
    );
    assert.deepEqual(
      taxes.map(({ tax }) => tax),
      [five, nine],
    );
  }
});

test('a compound rate is taken on the price and the other taxes', () => {
  const { taxes, total } = totalsOf([line(10_000n, rate('5'), rate('9.5', { compound: true }))], 2);
  assert.deepEqual(
    taxes.map(({ taxable, tax }) => [taxable, tax]),
    [
      [10_000n, 500n],
      [10_500n, 998n],
    ],
  );
  assert.equal(total, 11_498n);
});

test('a rate inside the price is part of it, and another on top is taken on what is left', () => {
  const { taxes, total, tax } = totalsOf([line(11_900n, rate('19', { inclusive: true }), rate('10'))], 2);
  assert.deepEqual(
    taxes.map(({ taxable, tax: each }) => [taxable, each]),
    [
      [10_000n, 1900n],
      [10_000n, 1000n],
    ],
  );
  assert.deepEqual([total, tax], [12_900n, 2900n]);
});

test('the discount of an invoice is taken off before tax, from each rate in proportion', () => {
  const totals = totalsOf([line(8000n, rate('10')), line(2000n)], 2, '10%');
  assert.deepEqual([totals.discount, totals.tax, totals.total], [1000n, 720n, 9720n]);
  const amount = totalsOf([line(8000n, rate('10')), line(2000n)], 2, '5.00');
  assert.deepEqual([amount.discount, amount.tax, amount.total], [500n, 760n, 10_260n]);
});

test('a line discount comes off the line, by percent or by amount, in currencies of 0, 2 and 3 decimals', () => {
  const of = (discount: string, digits: number) =>
    totalsOf([{ ...line(0n), amount: undefined, quantity: '3', unitPrice: '33.35', discount }], digits).total;
  assert.deepEqual([of('10%', 2), of('0.05', 2), of('', 2)], [9004n, 10_000n, 10_005n]);
  assert.deepEqual([of('10%', 3), of('0.05', 3)], [90_045n, 100_000n]);
  assert.deepEqual([of('10%', 0), of('5', 0)], [90n, 95n]);
});

const anyRate = fc
  .record({
    percent: fc.constantFrom('0', '5', '8.25', '9.975', '19', '21.000', '7.7'),
    kind: fc.constantFrom('on top', 'inside', 'compound'),
  })
  .map(({ percent, kind }) => rate(percent, { inclusive: kind === 'inside', compound: kind === 'compound' }));
const anyLine = fc
  .record({
    amount: fc.bigInt({ min: -500_000n, max: 10_000_000n }),
    taxes: fc.uniqueArray(anyRate, { maxLength: 3, selector: (each) => each.id }),
  })
  .map(({ amount, taxes }) => line(amount, ...taxes));

test('lines, less discount, plus the taxes on top are the total to the minor unit, whatever the rates', () => {
  const run = fc.property(
    fc.array(anyLine, { minLength: 1, maxLength: 12 }),
    fc.constantFrom('', '10%', '33.333%', '1.00', '100%'),
    fc.constantFrom(0, 2, 3),
    (lines, discountTerms, digits) => {
      const totals = totalsOf(lines, digits, discountTerms);
      fc.pre(totals.discount >= 0n && totals.discount <= totals.subtotal);
      const onTop = totals.taxes.filter(({ inclusive }) => !inclusive).map(({ tax }) => tax);
      assert.equal(totals.subtotal, sum(totals.lines.map(({ amount }) => amount)));
      assert.equal(totals.total, totals.subtotal - totals.discount + sum(onTop));
      assert.equal(totals.tax, sum(totals.taxes.map(({ tax }) => tax)));
      const reversed = totalsOf([...lines].reverse(), digits, discountTerms);
      assert.equal(reversed.total, totals.total);
    },
  );
  fc.assert(run, { numRuns: 500 });
});

test('prices with their tax inside give back their gross, and the net taxed again is the same tax', () => {
  const amounts = fc.array(fc.bigInt({ min: 0n, max: 10_000_000n }), { minLength: 1, maxLength: 12 });
  const run = fc.property(amounts, fc.constantFrom('5', '8.25', '19', '20', '7.7'), (gross, percent) => {
    const inside = rate(percent, { inclusive: true });
    const totals = totalsOf(
      gross.map((amount) => line(amount, inside)),
      2,
    );
    assert.equal(totals.total, sum(gross));
    const net = totals.total - totals.tax;
    const again = chargeTaxes([{ amount: net, taxes: [rate(percent)] }], { subtotal: net, discount: 0n });
    const apart = (again[0]?.tax ?? 0n) - totals.tax;
    assert.ok(apart >= -1n && apart <= 1n, `${apart} apart`);
    assert.ok(totals.taxes.every(({ taxable, tax }) => taxable + tax - totals.total <= 1n));
  });
  fc.assert(run, { numRuns: 500 });
});

test('several rates have one figure together', () => {
  assert.equal(percentTogether([rate('5'), rate('9.975')]), '14.975');
  assert.equal(percentTogether([rate('19.00')]), '19');
  assert.equal(percentTogether([]), '0');
});
