import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lineAmount } from '#features/invoices/line-rules.ts';
import {
  agingBucket,
  daysLate,
  type LineInput,
  payableNow,
  stateOfInvoice,
  totalsOf,
} from '#features/invoices/rules.ts';
import { addDays } from '#lib/dates.ts';
import { percentOf } from '#lib/money.ts';

const line = (change: Partial<LineInput>): LineInput => ({
  itemName: '',
  description: '',
  quantity: '1',
  unitPrice: '0',
  taxable: false,
  taxRate: '0',
  ...change,
});

test('quantity × unit price is rounded once, half away from zero, in currencies of 0, 2 and 3 decimals', () => {
  const rows: [string, string, number, bigint][] = [
    ['3', '19.99', 2, 5997n],
    ['0.5', '0.01', 2, 1n],
    ['-0.5', '0.01', 2, -1n],
    ['0.333', '10.00', 2, 333n],
    ['1', '0.004', 2, 0n],
    ['1', '0.005', 2, 1n],
    ['2.5', '101', 0, 253n],
    ['2', '1.2345', 3, 2469n],
    ['1', '7', 3, 7000n],
    ['1.00000000', '1.00000000', 2, 100n],
    ['-2', '-3.00', 2, 600n],
    ['999999999999', '0.00000001', 2, 1_000_000n],
  ];
  for (const [quantity, unitPrice, digits, expected] of rows) {
    assert.equal(lineAmount({ quantity, unitPrice }, digits), expected, `${quantity} × ${unitPrice}`);
  }
});

test('tax is taken once for each rate, on the sum of its taxable lines', () => {
  const totals = totalsOf(
    [
      line({ amount: 1005n, taxable: true, taxRate: '8.25' }),
      line({ amount: 1005n, taxable: true, taxRate: '8.25' }),
      line({ amount: 333n, taxable: true, taxRate: '5' }),
      line({ amount: 10_000n }),
    ],
    2,
  );
  assert.deepEqual(
    [totals.subtotal, totals.tax, totals.total],
    [12_343n, percentOf(2010n, '8.25') + percentOf(333n, '5'), 12_343n + 166n + 17n],
  );
});

test('one rate spelled in two ways is one rate', () => {
  const of = (a: string, b: string) =>
    totalsOf(
      [line({ amount: 106n, taxable: true, taxRate: a }), line({ amount: 106n, taxable: true, taxRate: b })],
      2,
    ).tax;
  assert.equal(of('8.25', '8.250'), of('8.25', '8.25'));
  assert.equal(of('08.25', '8.25'), of('8.25', '8.25'));
  assert.equal(of('5', '5.0'), of('5', '5'));
});

test('totals add up whatever the lines, and their order changes nothing', () => {
  const anyLine = fc
    .record({
      amount: fc.bigInt({ min: -1_000_000n, max: 1_000_000n }),
      taxable: fc.boolean(),
      taxRate: fc.constantFrom('0', '5', '8.25', '19.000'),
    })
    .map(line);
  fc.assert(
    fc.property(fc.array(anyLine, { minLength: 1, maxLength: 20 }), (lines) => {
      const totals = totalsOf(lines, 2);
      assert.equal(
        totals.subtotal,
        totals.lines.reduce((sum, { amount }) => sum + amount, 0n),
      );
      assert.equal(totals.total, totals.subtotal + totals.tax);
      assert.equal(totalsOf([...lines].reverse(), 2).total, totals.total);
    }),
  );
});

const facts = {
  issuedAt: new Date(0),
  voidedAt: null,
  balanceDue: 100n,
  reserved: 0n,
  writtenOff: 0n,
  dueDate: '2026-03-31',
};

test('the state of an invoice follows from its figures', () => {
  const rows: [Partial<typeof facts> | { issuedAt: null } | { voidedAt: Date }, string, bigint][] = [
    [{ issuedAt: null }, 'draft', 0n],
    [{ voidedAt: new Date(0) }, 'void', 0n],
    [{}, 'open', 100n],
    [{ reserved: 40n }, 'open', 60n],
    [{ reserved: 100n }, 'pending', 0n],
    [{ balanceDue: 0n }, 'paid', 0n],
    [{ balanceDue: 0n, writtenOff: 1n }, 'written_off', 0n],
  ];
  for (const [change, state, payable] of rows) {
    assert.equal(stateOfInvoice({ ...facts, ...change }), state);
    assert.equal(payableNow({ ...facts, ...change }), payable);
  }
});

test('an invoice is late from the day after it is due, and not while payments cover it', () => {
  assert.deepEqual(
    ['2026-03-30', '2026-03-31', '2026-04-01', '2026-05-30'].map((today) => daysLate(facts, today)),
    [0, 0, 1, 60],
  );
  assert.equal(daysLate({ ...facts, reserved: 100n }, '2026-05-30'), 0);
});

test('each day late falls into exactly one aging bucket, at its edges too', () => {
  const of = (days: number) => agingBucket('2026-01-31', addDays('2026-01-31', days));
  assert.deepEqual([-400, 0, 1, 30, 31, 60, 61, 90, 91, 4000].map(of), [
    'current',
    'current',
    '1-30',
    '1-30',
    '31-60',
    '31-60',
    '61-90',
    '61-90',
    '90+',
    '90+',
  ]);
});
