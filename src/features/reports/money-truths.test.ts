import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DraftLine } from '#features/invoices/compose-draft.ts';
import { addTaxRate } from '#features/taxes/tax-rates.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { agree, on, workLateFees } from '../../../test/support/late-fees.ts';
import { askRefund } from '../../../test/support/refunds.ts';
import { reportCells, reportPage } from '../../../test/support/reports.ts';

const year = { period: 'custom', from: '2026-01-01', to: '2026-12-31' };
const cash = { ...year, basis: 'cash' };

const rateOf = (books: Books, percent: string, inclusive = false): Promise<string> =>
  books.tx(async (tx) => {
    const rate = { name: 'VAT', percent, inclusive, compound: false };
    const { organizationId, actor, now } = books;
    return (await addTaxRate(tx, actor, { organizationId, rate }, now)).taxRateId;
  });
const line = (itemName: string, unitPrice: string, taxRateIds: string[] = []): DraftLine => ({
  ...{ itemName, description: '', quantity: '1', unitPrice, taxRate: '0' },
  ...{ taxable: taxRateIds.length > 0, taxRateIds },
});

/** 100.00 and 10.00 of tax, of March. */
async function taxed() {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const lines = [line('Parts', '100', [await rateOf(books, '10')])];
  const dates = { invoiceDate: '2026-03-01', dueDate: '2026-03-05' };
  const invoiceId = await given.invoice(books, customerId, 0n, { lines, ...dates });
  const pay = (amount: bigint, receivedOn: string) =>
    given.payment(books, { customerId, amount, receivedOn, applications: [{ invoiceId, amount }] });
  return { books, pay };
}

test('what is paid beyond an invoice is its late fee, and carries no tax', async () => {
  const { books, pay } = await taxed();
  await agree(books, { flatAmount: 20_00n, maxFees: 1 });
  await workLateFees(books, '2026-03-20');
  await pay(130_00n, '2026-03-21');
  assert.deepEqual(await reportCells(books, 'tax', cash), [['2026-03', 'VAT 10 %', 100_00, 10_00]]);
});

test('thirds that are paid on three days are the whole tax, in whichever months', async () => {
  const { books, pay } = await taxed();
  await pay(36_67n, '2026-03-30');
  await pay(36_67n, '2026-04-10');
  await pay(36_66n, '2026-04-20');
  assert.deepEqual(await reportCells(books, 'tax', cash), [
    ['2026-03', 'VAT 10 %', 33_34, 3_33],
    ['2026-04', 'VAT 10 %', 66_66, 6_67],
  ]);
  const april = { basis: 'cash', period: 'custom', from: '2026-04-01', to: '2026-04-30' };
  assert.deepEqual(await reportCells(books, 'tax', april), [['2026-04', 'VAT 10 %', 66_66, 6_67]]);
});

test('a refund takes back the tax of what it gives back, on its own day', async () => {
  const { books, pay } = await taxed();
  const { paymentId } = await pay(110_00n, '2026-03-10');
  await askRefund(on(books, '2026-04-02'), { paymentId, principal: 55_00n });
  assert.deepEqual(await reportCells(books, 'tax', cash), [
    ['2026-03', 'VAT 10 %', 100_00, 10_00],
    ['2026-04', 'VAT 10 %', -50_00, -5_00],
  ]);
});

test('sales by item are the sales by customer: tax inside prices and a discount on the whole are off both', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books, { displayName: 'Ana' });
  const inside = await rateOf(books, '19', true);
  const bill = (lines: DraftLine[], discount?: string) =>
    given.invoice(books, customerId, 0n, {
      lines,
      discount,
      invoiceDate: '2026-03-01',
      dueDate: '2026-04-01',
    });
  await bill([line('Chair', '119', [inside])]);
  await bill([line('Desk', '10'), line('Lamp', '10'), line('Rug', '10')], '10.00');
  assert.deepEqual(await reportCells(books, 'sales', year), [['Ana', 2, 120_00, 0, 120_00]]);
  assert.deepEqual(await reportCells(books, 'sales', { ...year, by: 'item' }), [
    ['Chair', 1, 100_00, 0, 100_00],
    ['Desk', 1, 6_67, 0, 6_67],
    ['Rug', 1, 6_67, 0, 6_67],
    ['Lamp', 1, 6_66, 0, 6_66],
  ]);
});

test('a report of one customer says whose it is', async () => {
  const books = await given.organization();
  const customer_id = await given.customer(books, { displayName: 'Ana & Co' });
  assert.match((await reportPage(books, 'aging', { customer_id })).asked, /Customer: Ana & Co/);
  assert.doesNotMatch((await reportPage(books, 'aging')).asked, /Customer:/);
});
