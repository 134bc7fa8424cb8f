import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toDecimal } from '#lib/money.ts';
import { bring, one, refused } from './fixtures/bring-rows.ts';

test('rows of one number are one invoice, wherever they stand', () => {
  const { drafts } = bring([
    { number: 'A', lineAmount: '1', memo: '', poNumber: 'PO 1' },
    { number: 'B', lineAmount: '2' },
    { number: 'A', lineAmount: '3', memo: 'hello' },
  ]);
  assert.deepEqual(
    drafts.map(({ number, total, lineNos, memo, poNumber }) => [number, total, lineNos, memo, poNumber]),
    [
      ['A', 400n, [2, 4], 'hello', 'PO 1'],
      ['B', 200n, [3], undefined, undefined],
    ],
  );
});

test('a row that leaves customer and dates blank continues the invoice above it', () => {
  const draft = one([
    { lineAmount: '1' },
    { customerName: '', invoiceDate: '', dueDate: '', lineAmount: '2' },
  ]);
  assert.equal(draft.total, 300n);
  const blank = { customerName: '', invoiceDate: '', dueDate: '', lineAmount: '2' };
  refused([{ ...blank }], /customerName: The row names no customer/);
  assert.deepEqual(bring([{ lineAmount: '1' }, { ...blank, number: '2' }]).lineNos, [3]);
});

test('one number for two customers or two dates is refused: one of the rows is a slip', () => {
  refused(
    [{ lineAmount: '1' }, { lineAmount: '2', customerName: 'Bolt' }],
    /line 2 has "acme", line 3 has "bolt"/,
  );
  refused([{ lineAmount: '1' }, { lineAmount: '2', invoiceDate: '2026-03-13' }], /2026-03-12.*2026-03-13/);
  refused([{ lineAmount: '1' }, { lineAmount: '2', dueDate: '2026-05-13' }], /contradicts itself/);
  assert.equal(one([{ lineAmount: '1' }, { lineAmount: '2', customerName: 'ACME' }]).total, 300n);
});

test('one bad line holds its whole invoice back, and no other', () => {
  const found = bring([
    { number: 'A', lineAmount: '1' },
    { number: 'A', lineAmount: '#REF!' },
    { number: 'B', lineAmount: '2' },
  ]);
  assert.deepEqual(found.lineNos, [2, 3]);
  assert.match(found.reasons[0] ?? '', /line 3 of the same invoice has a problem/);
  assert.deepEqual(
    found.drafts.map(({ number }) => number),
    ['B'],
  );
});

test('tax is taken once for each rate, on the taxable lines', () => {
  const draft = one([
    { lineAmount: '4.02', taxable: 'Y', taxRate: '8.25' },
    { lineAmount: '4.02', taxable: 'Y', taxRate: '8.25' },
    { lineAmount: '80.00', taxable: 'N', taxRate: '8.25' },
  ]);
  assert.deepEqual([draft.subtotal, draft.tax, draft.total], [8804n, 66n, 8870n]);
  assert.deepEqual(
    draft.lines.map((line) => line.taxRate),
    ['8.25', '8.25', '0'],
  );
  refused([{ lineAmount: '1', taxable: 'Y', taxRate: '' }], /taxable: A taxable line has no tax rate/);
  assert.equal(one([{ lineAmount: '100', taxRate: '20' }]).tax, 2000n, 'a rate alone makes a line taxable');
});

test('tax that is stated is taken, line by line or once for the invoice, and must fit the rates', () => {
  const perLine = one([
    { lineAmount: '216.00', taxRate: '20', taxAmount: '43.20', total: '316.80' },
    { lineAmount: '48.00', taxRate: '20', taxAmount: '9.60', total: '316.80' },
  ]);
  assert.deepEqual([perLine.tax, perLine.total], [5280n, 31680n]);
  const repeated = one([
    { lineAmount: '50', taxAmount: '8.00', total: '108.00' },
    { lineAmount: '50', taxAmount: '8.00', total: '108.00' },
  ]);
  assert.equal(repeated.tax, 800n);
  const byRate = one([
    { lineAmount: '50', taxAmount: '8.00', taxRate: '8' },
    { lineAmount: '50', taxAmount: '8.00', taxRate: '8' },
  ]);
  assert.equal(byRate.tax, 800n);
  refused(
    [
      { lineAmount: '50', taxAmount: '4' },
      { lineAmount: '50', taxAmount: '4' },
    ],
    /of the line, or of the whole invoice/,
  );
  refused(
    [{ lineAmount: '50', taxAmount: '9', taxRate: '20' }],
    /tax is 9\.00, but the rates come to 10\.00/,
  );
});

test('the total must be what the lines and the tax come to', () => {
  refused(
    [{ lineAmount: '50', total: '60' }],
    /total is 60\.00, but the lines come to 50\.00 and tax of 0\.00/,
  );
  refused(
    [{ lineAmount: '60', taxAmount: '10', total: '60' }],
    /If the lines include tax, bring them in without it/,
  );
  refused(
    [
      { lineAmount: '50', total: '100' },
      { lineAmount: '50', total: '101' },
    ],
    /disagree: 100\.00 and 101\.00/,
  );
  const cent = one([{ lineAmount: '0.99', taxRate: '5', total: '1.03' }]);
  assert.deepEqual([cent.tax, cent.total], [4n, 103n], 'tax rounded down by the other program');
});

test('below zero is a credit memo; a discount line within an invoice is fine', () => {
  refused([{ lineAmount: '-90.00' }], /-90\.00, below zero.*credit memo/);
  assert.equal(one([{ lineAmount: '100' }, { lineAmount: '-100' }]).total, 0n);
});

test('a list of totals makes one line an invoice; the rest is paid', () => {
  const draft = one([{ total: '120.00', taxAmount: '20.00', balanceDue: '70.00' }]);
  assert.deepEqual(
    [draft.subtotal, draft.tax, draft.total, draft.amountPaid],
    [10000n, 2000n, 12000n, 5000n],
  );
  const open = one([{ balanceDue: '70.00' }]);
  assert.deepEqual([open.total, open.amountPaid], [7000n, 0n]);
  refused([{ total: '10' }, { total: '10' }], /lines 2 and 3 of the file/);
  refused([{ total: '' }], /no total/);
  refused([{ total: '100', taxRate: '20' }], /Give the tax amount/);
});

test('paid and due must add up to the total', () => {
  assert.equal(one([{ lineAmount: '10', amountPaid: '4', balanceDue: '6' }]).amountPaid, 400n);
  refused([{ lineAmount: '10', amountPaid: '4', balanceDue: '5' }], /4\.00 is paid, yet 5\.00 is due/);
  refused(
    [{ lineAmount: '10', balanceDue: '11' }],
    /balance due is 11\.00, but the invoice's total is 10\.00/,
  );
  refused([{ lineAmount: '10', amountPaid: '-1' }], /amount paid is -1\.00/);
});

const amount = fc.bigInt({ min: -50_000n, max: 5_000_000n });

test('whatever comes through adds up: lines to subtotal, with tax to total, every line in one invoice', () => {
  const line = fc.record({
    number: fc.constantFrom('A', 'B', 'C'),
    amount,
    taxRate: fc.constantFrom('', '0', '8.25', '20'),
  });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (lines) => {
      const rows = lines.map((row) => ({
        number: row.number,
        taxRate: row.taxRate,
        lineAmount: toDecimal(row.amount, 'USD'),
      }));
      const { drafts, lineNos } = bring(rows);
      for (const draft of drafts) {
        assert.equal(
          draft.lines.reduce((sum, { amount }) => sum + amount, 0n),
          draft.subtotal,
        );
        assert.equal(draft.subtotal + draft.tax, draft.total);
        assert.ok(draft.total >= 0n);
      }
      const all = [...drafts.flatMap((draft) => draft.lineNos), ...lineNos].sort((a, b) => a - b);
      assert.deepEqual(
        all,
        rows.map((_, at) => at + 2),
      );
    }),
  );
});
