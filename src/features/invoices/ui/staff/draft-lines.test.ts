import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyLines, draftTotals, emptyLine, lineErrors } from '#features/invoices/ui/staff/draft-lines.ts';
import { callApi, testDemo, testServer } from '../../../../../test/support/server.ts';

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

test('a customer that is exempt is shown no tax, as the server charges none', async () => {
  const { organizationId, apiKey } = await testDemo({ customers: 1, invoices: 1 });
  const { db } = (await testServer()).parts;
  const { rows } = await db.pool.query(
    `update customers set tax_exempt_reason = 'School district' where organization_id = $1 returning id`,
    [organizationId],
  );
  const lines = [
    line({ quantity: '3', unit_price: '80', taxable: true, tax_rate: '8.25', discount: '10%' }),
    line({ unit_price: '5' }),
  ];
  const body = { customer_id: rows[0].id, discount: '5', lines: bodyLines(lines, us) };
  const made = await callApi(apiKey, 'POST', '/v1/invoices', body);
  const shown = draftTotals(lines, { ...us, exempt: 'School district' }, '5');
  assert.deepEqual([shown.subtotal, shown.discount, shown.tax, shown.total].map(Number), [
    made.body.subtotal,
    made.body.discount,
    made.body.tax,
    made.body.total,
  ]);
  assert.equal(shown.tax, 0n);
  assert.ok(draftTotals(lines, us, '5').tax > 0n);
});
