import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyLines, draftTotals, emptyLine, lineErrors } from '#features/invoices/ui/staff/draft-lines.ts';

const line = (given: Partial<ReturnType<typeof emptyLine>>) => ({
  ...emptyLine(),
  item_name: 'Work',
  ...given,
});

test('totals follow the typing, thousands separators and all', () => {
  const lines = [
    line({ quantity: '2.5', unit_price: '1,000.10' }),
    line({ unit_price: '80', taxable: true, tax_rate: '8.25' }),
  ];
  const { subtotal, tax, total } = draftTotals(lines, 'USD');
  assert.deepEqual([subtotal, tax, total], [258_025n, 660n, 258_685n]);
});

test('a price half typed counts as nothing and is named', () => {
  const lines = [line({ unit_price: '12.' }), line({ unit_price: '5' })];
  assert.equal(draftTotals(lines, 'USD').total, 500n);
  assert.deepEqual([...lineErrors(lines).values()], [{ unit_price: 'A price such as 12.50' }]);
});

test('blank lines are neither wrong nor sent, but an invoice needs one that says something', () => {
  const blank = emptyLine();
  const lines = [line({ unit_price: '5' }), blank];
  assert.equal(lineErrors(lines).size, 0);
  assert.equal(bodyLines(lines).length, 1);
  assert.equal(lineErrors([blank]).size, 1);
});

test('a taxable line needs its rate; one that is not sends none', () => {
  assert.equal(lineErrors([line({ unit_price: '5', taxable: true })]).size, 1);
  assert.equal(bodyLines([line({ unit_price: '5', tax_rate: '8.25' })])[0]?.tax_rate, '0');
});
