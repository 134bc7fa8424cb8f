import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { catalogue } from '#features/reports/catalogue.ts';
import { given } from '../../../test/support/given.ts';
import { reportCells as cells, reportPage as page } from '../../../test/support/reports.ts';

const line = (amount: bigint, taxable: boolean) => ({
  itemName: taxable ? 'Parts' : 'Work',
  description: '',
  quantity: '1',
  unitPrice: '0',
  amount,
  taxable,
  taxRate: taxable ? '10' : '0',
});

/** 100.00 of parts with 10 % tax and 50.00 of work; half of it is paid, 20.00 more stand unapplied. */
async function trade() {
  const books = await given.organization();
  const ana = await given.customer(books, { displayName: 'Ana', email: 'ana@example.com' });
  await given.customer(books, { displayName: 'Ben' });
  const invoiceId = await given.invoice(books, ana, 0n, {
    lines: [line(100_00n, true), line(50_00n, false)],
    invoiceDate: '2026-03-01',
    dueDate: '2026-03-11',
  });
  await given.payment(books, {
    customerId: ana,
    amount: 100_00n,
    applications: [{ invoiceId, amount: 80_00n }],
  });
  return { books, ana, invoiceId };
}

describe('the reports of the business', () => {
  test('each answers in each of its choices, with and without anything to tell', async () => {
    const { books } = await trade();
    for (const each of [books, await given.organization()])
      for (const report of catalogue) {
        const choices = report.fields.flatMap((field) =>
          field.kind === 'choice'
            ? field.options
                .filter(({ value }) => value !== 'custom')
                .map(({ value }) => ({ [field.name]: value }))
            : [],
        );
        for (const asked of [{}, ...choices]) await page(each, report.key, asked as Record<string, string>);
      }
  });

  test('sales leave tax out, by customer and by item', async () => {
    const { books } = await trade();
    assert.deepEqual(await cells(books, 'sales'), [['Ana', 1, 150_00, 0, 150_00]]);
    assert.deepEqual(await cells(books, 'sales', { by: 'item' }), [
      ['Parts', 1, 100_00, 0, 100_00],
      ['Work', 1, 50_00, 0, 50_00],
    ]);
    assert.deepEqual(await cells(books, 'sales', { period: 'last_month' }), []);
  });

  test('tax is owed by the month of the invoice, or by what of it was paid', async () => {
    const { books } = await trade();
    assert.deepEqual(await cells(books, 'tax'), [['2026-03', 'Sales tax 10 %', 100_00, 10_00]]);
    assert.deepEqual(await cells(books, 'tax', { basis: 'cash' }), [
      ['2026-03', 'Sales tax 10 %', 50_00, 5_00],
    ]);
  });

  test('payments and what of them is on no invoice', async () => {
    const { books } = await trade();
    assert.deepEqual(await cells(books, 'payments'), [['Check', 1, 100_00, 0, 0, 0, 100_00, 0]]);
    assert.deepEqual(await cells(books, 'unapplied-cash'), [
      ['Ana', '2026-03-02', 'Check', null, 100_00, 20_00],
    ]);
  });

  test('customers with what they owe, and those without an address', async () => {
    const { books } = await trade();
    assert.deepEqual(await cells(books, 'customers'), [
      ['Ana', null, 'ana@example.com', 'No', 'No', 1, 0, 80_00],
      ['Ben', null, null, 'No', 'No', 0, 0, 0],
    ]);
    assert.deepEqual((await cells(books, 'customers', { show: 'no_email' })).length, 1);
  });

  test('the forecast puts what is open into its week, and sums to it', async () => {
    const { books } = await trade();
    const { rows, totals } = await page(books, 'cash-forecast');
    assert.equal(rows.length, 13);
    // Due on 11 March, nobody has a habit yet: the second week, which begins on the 9th.
    assert.deepEqual(rows[1]?.cells, ['2026-03-09', 1, 0, 0, 80_00, 80_00]);
    assert.equal(totals[0]?.cells.at(-1), 80_00);
  });
});
