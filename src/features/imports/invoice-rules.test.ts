import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bring, one, planFor, refused, usual } from './fixtures/bring-rows.ts';
import { groupInvoiceLines } from './group-rules.ts';
import { interpretInvoiceRow } from './invoice-rules.ts';
import { planImport } from './row-rules.ts';

test('an amount is taken as given, or is quantity times unit price', () => {
  assert.equal(one([{ lineAmount: '12.50' }]).total, 1250n);
  assert.deepEqual(one([{ quantity: '3', unitPrice: '0.335' }]).lines[0], {
    itemName: 'Sales',
    description: '',
    quantity: '3',
    unitPrice: '0.335',
    amount: 101n,
    taxable: false,
    taxRate: '0',
  });
  assert.equal(one([{ quantity: '4', unitPrice: '125.50', lineAmount: '502.00' }]).total, 50200n);
});

test('an amount that contradicts quantity and price is refused with both figures', () => {
  refused(
    [{ quantity: '4', unitPrice: '125.50', lineAmount: '500.00' }],
    /amount is 500\.00, but 4 × 125\.5 comes to 502\.00/,
  );
  refused([{ quantity: '2', unitPrice: '125.50', lineAmount: '251.01' }], /251\.01.*251\.00/);
  assert.equal(
    one([{ quantity: '3', unitPrice: '0.335', lineAmount: '1.00' }]).total,
    100n,
    'rounded the other way',
  );
});

test('the item-amount layout takes amounts as they are, and insists on them', () => {
  const layout = { layout: 'itemAmounts' };
  const draft = one([{ quantity: '4', unitPrice: '50', lineAmount: '175' }], layout);
  assert.deepEqual([draft.total, draft.lines[0]?.quantity, draft.lines[0]?.unitPrice], [17500n, '4', '50']);
  refused([{ quantity: '4', unitPrice: '50', lineAmount: '' }], /lineAmount: The line has no amount/, layout);
});

test('an amount with a quantity or a price alone gets the other one', () => {
  const [line] = one([{ lineAmount: '100.00', quantity: '3', unitPrice: '' }]).lines;
  assert.deepEqual([line?.quantity, line?.unitPrice, line?.amount], ['3', '33.33333333', 10000n]);
  const [other] = one([{ lineAmount: '100.00', quantity: '', unitPrice: '40' }]).lines;
  assert.deepEqual([other?.quantity, other?.unitPrice], ['2.5', '40']);
});

test('a discount in percent comes off the line', () => {
  const [line] = one([{ quantity: '12', unitPrice: '20.00', discountPercent: '10' }]).lines;
  assert.deepEqual([line?.amount, line?.quantity, line?.unitPrice], [21600n, '12', '18']);
  refused(
    [{ quantity: '12', unitPrice: '20', discountPercent: '10', lineAmount: '240' }],
    /less 10 % comes to 216\.00/,
  );
});

test('debit less credit is the amount', () => {
  const draft = one([
    { debit: '1,234.50', credit: '' },
    { debit: '', credit: '34.50' },
  ]);
  assert.deepEqual([draft.lines.map((line) => line.amount), draft.total], [[123450n, -3450n], 120000n]);
  refused([{ debit: '10', credit: '5' }], /debit of 10 as well as a credit/);
  refused([{ debit: '', credit: '' }], /no amount/);
});

test('all that is wrong with a row is said at once', () => {
  const { reasons } = bring([
    {
      customerName: '',
      number: '',
      invoiceDate: '2026-02-30',
      dueDate: 'soon',
      lineAmount: '1.234',
      taxable: 'maybe',
    },
  ]);
  assert.deepEqual(
    reasons.map((reason) => reason.split(':')[0]),
    ['number', 'invoiceDate', 'customerName', 'dueDate', 'lineAmount', 'taxable'],
  );
});

test('a blank due date follows from the terms of the row, or of the organization', () => {
  assert.equal(one([{ dueDate: '', termsDays: 'Net 30', lineAmount: '1' }]).dueDate, '2026-04-11');
  assert.equal(one([{ dueDate: '', lineAmount: '1' }], { termsDays: 15 }).dueDate, '2026-03-27');
  refused([{ dueDate: '', lineAmount: '1' }], /dueDate: The invoice has no due date/);
  refused([{ dueDate: '2026-03-11', lineAmount: '1' }], /due date 2026-03-11 is before the invoice date/);
});

test("a row's currency rules its amounts, and one invoice has one currency", () => {
  const yen = one([{ lineAmount: '1234', currency: 'JPY' }]);
  assert.deepEqual([yen.currency, yen.total], ['JPY', 1234n]);
  refused([{ lineAmount: '12.50', currency: 'JPY' }], /more decimals than JPY has/);
  refused([{ lineAmount: '$5', currency: 'EUR' }], /written in \$, but the row is in EUR/);
  refused(
    [
      { lineAmount: '5', currency: 'EUR' },
      { lineAmount: '5', currency: 'USD' },
    ],
    /"EUR".*"USD"/,
  );
});

test('the customer is whom the row names: our id, an external id, a name, an address', () => {
  const id = 'cus_0123456789abcdefghjkmn';
  const draft = one([
    { lineAmount: '1', customerId: id, customerExternalId: 'C1', customerEmail: 'a@x.example' },
  ]);
  assert.deepEqual(draft.customerRef, { id, externalId: 'C1', displayName: 'Acme', email: 'a@x.example' });
  refused([{ lineAmount: '1', customerId: '1042' }], /"1042" is not a customer id of ours/);
});

test('a row with cells beyond the header is refused: its values may stand in wrong columns', () => {
  const plan = planFor([{ ...usual, lineAmount: '1' }]);
  const cells = ['Acme', ' Inc', '1', '2026-03-12', '2026-04-11', '1'];
  const outcome = interpretInvoiceRow(plan, { lineNo: 2, cells });
  assert.ok(
    !outcome.ok && /6 cells, but the header has 5.*quotation marks/.test(outcome.problems[0]?.reason ?? ''),
  );
  assert.ok(
    interpretInvoiceRow(plan, { lineNo: 2, cells: ['Acme', '1', '2026-03-12', '2026-04-11', '1', '', ' '] })
      .ok,
  );
});

test('no cells make the reading throw', () => {
  const plan = planFor([
    {
      ...usual,
      lineAmount: '',
      quantity: '',
      unitPrice: '',
      taxRate: '',
      termsDays: '',
      customerEmail: '',
      currency: '',
    },
  ]);
  const cell = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('1', '-1', '0', 'Y', '2026-03-12', '#REF!', '0.5', 'USD', 'JPY'),
  );
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 14 }), (cells) => {
      const outcome = interpretInvoiceRow(plan, { lineNo: 2, cells });
      assert.ok(outcome.ok || outcome.problems.length > 0);
      if (outcome.ok) groupInvoiceLines(plan, [outcome]);
    }),
    { numRuns: 1000 },
  );
});

test('two date columns may be written in two orders', () => {
  const plan = planImport({
    kind: 'invoices',
    headers: ['Who', 'No', 'Date', 'Due', 'Amount'],
    mapping: { 0: 'customerName', 1: 'number', 2: 'invoiceDate', 3: 'dueDate', 4: 'lineAmount' },
    formats: { invoiceDate: 'MDY', dueDate: 'DMY', lineAmount: '.' },
    currency: 'USD',
  });
  const cells = ['Acme', '1', '03/04/2026', '03/04/2026', '1'];
  const outcome = interpretInvoiceRow(plan, { lineNo: 2, cells });
  const dates = outcome.ok && [outcome.value.invoiceDate, outcome.value.dueDate];
  assert.deepEqual(dates, ['2026-03-04', '2026-04-03']);
});
