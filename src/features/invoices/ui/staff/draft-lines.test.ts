import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyLines, draftTotals, emptyLine, lineErrors } from '#features/invoices/ui/staff/draft-lines.ts';

const us = { currency: 'USD', locale: 'en-US' };
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
  const { subtotal, tax, total } = draftTotals(lines, us);
  assert.deepEqual([subtotal, tax, total], [258_025n, 660n, 258_685n]);
});

test('a price half typed counts as nothing and is named', () => {
  const lines = [line({ unit_price: '12.' }), line({ unit_price: '5' })];
  assert.equal(draftTotals(lines, us).total, 500n);
  assert.deepEqual([...lineErrors(lines, us).values()], [{ unit_price: 'A price such as 12.50' }]);
});

test('blank lines are neither wrong nor sent, but an invoice needs one that says something', () => {
  const blank = emptyLine();
  const lines = [line({ unit_price: '5' }), blank];
  assert.equal(lineErrors(lines, us).size, 0);
  assert.equal(bodyLines(lines, us).length, 1);
  assert.equal(lineErrors([blank], us).size, 1);
});

test('a taxable line needs its rate; one that is not sends none', () => {
  assert.equal(lineErrors([line({ unit_price: '5', taxable: true })], us).size, 1);
  assert.equal(bodyLines([line({ unit_price: '5', tax_rate: '8.25' })], us)[0]?.tax_rate, '0');
});

test('where the comma is the decimal mark, twelve fifty is not twelve hundred and fifty', () => {
  const german = { currency: 'EUR', locale: 'de-DE' };
  assert.equal(draftTotals([line({ unit_price: '12,50' })], german).total, 1250n);
  assert.equal(draftTotals([line({ unit_price: '1.250,00' })], german).total, 125_000n);
  assert.deepEqual(
    [...lineErrors([line({ unit_price: '12.50' })], german).values()],
    [{ unit_price: 'A price such as 12,50' }],
  );
  assert.equal(lineErrors([line({ unit_price: '12,50' })], us).size, 1);
});
