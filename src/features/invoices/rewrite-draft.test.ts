import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { updateCustomers } from '#features/customers/update-customers.ts';
import type { InvoiceInput } from '#features/invoices/compose-draft.ts';
import { draftInvoice } from '#features/invoices/draft-invoice.ts';
import { readInvoice, readLines } from '#features/invoices/queries.ts';
import { readRevisable, reviseInvoices } from '#features/invoices/revise-invoices.ts';
import { rewriteDraft } from '#features/invoices/rewrite-draft.ts';
import { checkDocuments } from '#features/ledger/check-documents.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { addTaxRate, changeTaxRate } from '#features/taxes/tax-rates.ts';
import { addTerms } from '#features/terms/terms.ts';
import { type Books, given } from '../../../test/support/given.ts';

const line = (change: Partial<InvoiceInput['lines'][number]> = {}): InvoiceInput['lines'][number] => ({
  itemName: 'Chair',
  description: '',
  quantity: '3',
  unitPrice: '99.95',
  taxable: false,
  taxRate: '0',
  ...change,
});

async function shop() {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const { organizationId, actor, now } = books;
  const rate = async (name: string, percent: string, inclusive = false) => {
    const about = { organizationId, rate: { name, percent, inclusive, compound: false } };
    return (await books.tx((tx) => addTaxRate(tx, actor, about, now))).taxRateId;
  };
  const gst = await rate('GST', '5');
  const vat = await rate('VAT', '20', true);
  const write = async (invoice: Omit<InvoiceInput, 'customerId'>, issue = true) => {
    const input = { organizationId, invoice: { customerId, ...invoice }, issue };
    return (await books.tx((tx) => draftInvoice(tx, actor, input, now))).invoiceId;
  };
  return { books, customerId, gst, vat, write };
}
const read = (books: Books, id: string) => books.tx((tx) => readInvoice(tx, books.organizationId, id));
const taxesOf = (books: Books, id: string) =>
  books.tx((tx) =>
    tx.rows(sql`select name, percent, inclusive, taxable, tax from invoice_taxes
      where organization_id = ${books.organizationId} and invoice_id = ${id} order by position`),
  );
async function assertClean(books: Books): Promise<void> {
  const documents = await books.tx((tx) => checkDocuments(tx, books.organizationId));
  assert.deepEqual(documents.problems, []);
  const ledger = await checkLedger(books.db, books.organizationId);
  assert.deepEqual(ledger.problems, []);
}

test('discounts and taxes on top and inside stand in rows, journal and event log alike', async () => {
  const { books, gst, vat, write } = await shop();
  const id = await write({
    discount: '10%',
    lines: [
      line({ discount: '5%', taxRateIds: [gst] }),
      line({ quantity: '1', unitPrice: '120', taxRateIds: [vat], serviceDate: '2026-01-05' }),
      line({ quantity: '1', unitPrice: '50', taxable: true, taxRate: '8.25' }),
    ],
  });
  const { subtotal, discount, tax, total } = await read(books, id);
  assert.deepEqual([subtotal, discount, tax, total], [45_486n, 4549n, 3453n, 42_590n]);
  assert.deepEqual(await taxesOf(books, id), [
    { name: 'GST', percent: '5', inclusive: false, taxable: 25_637n, tax: 1282n },
    { name: 'VAT', percent: '20', inclusive: true, taxable: 9000n, tax: 1800n },
    { name: 'Sales tax', percent: '8.25', inclusive: false, taxable: 4500n, tax: 371n },
  ]);
  await assertClean(books);
});

test('a revision and its way back keep discounts, taxes and service dates', async () => {
  const { books, gst, write } = await shop();
  const { organizationId, actor, now } = books;
  const id = await write({
    discount: '1.00',
    lines: [line({ taxRateIds: [gst], serviceDate: '2026-01-05' })],
  });
  const revise = (memo: string) =>
    books.tx(async (tx) => {
      const [before] = await readRevisable(tx, organizationId, { ids: [id] }, true);
      assert.ok(before);
      const revisions = [{ invoiceId: id, document: { ...before, memo } }];
      const [verdict] = await reviseInvoices(tx, actor, { organizationId, revisions }, now);
      return verdict?.ok && verdict.changed;
    });
  const before = await taxesOf(books, id);
  assert.equal(await revise('New words'), true);
  assert.equal(await revise('New words'), false);
  assert.deepEqual(await taxesOf(books, id), before);
  const [kept] = await books.tx((tx) => readLines(tx, organizationId, id));
  assert.equal(kept?.serviceDate, '2026-01-05');
  await assertClean(books);
});

test('a draft is written anew until it is issued, and not after', async () => {
  const { books, customerId, gst, write } = await shop();
  const { organizationId, actor, now } = books;
  const id = await write({ lines: [line()] }, false);
  const rewrite = (invoice: Omit<InvoiceInput, 'customerId'>, issue: boolean) => {
    const input = { organizationId, invoiceId: id, invoice: { customerId, ...invoice }, issue };
    return books.tx((tx) => rewriteDraft(tx, actor, input, now));
  };
  await rewrite({ lines: [line({ taxRateIds: [gst] }), line()] }, false);
  assert.equal((await read(books, id)).total, 61_469n);
  await rewrite({ lines: [line({ quantity: '1' })], number: 'OWN-1' }, true);
  assert.deepEqual([(await read(books, id)).total, (await read(books, id)).number], [9995n, 'OWN-1']);
  assert.deepEqual(await taxesOf(books, id), []);
  await assert.rejects(rewrite({ lines: [line()] }, false), { code: 'state_refused' });
  await assertClean(books);
});

test('an exempt customer is charged no tax, and the invoice says why', async () => {
  const { books, customerId, gst, write } = await shop();
  const patches = [{ id: customerId, taxExemptReason: 'Resale certificate 12-345' }];
  const about = { organizationId: books.organizationId, patches };
  await books.tx((tx) => updateCustomers(tx, books.actor, about, books.now));
  const id = await write({ lines: [line({ taxRateIds: [gst] }), line({ taxable: true, taxRate: '8' })] });
  const { tax, taxExemptReason } = await read(books, id);
  assert.deepEqual([tax, taxExemptReason], [0n, 'Resale certificate 12-345']);
  await assertClean(books);
});

test('terms work out the due date; what cannot be is refused at its field', async () => {
  const { books, gst, write } = await shop();
  const { organizationId, actor, now } = books;
  const terms = { name: 'Net 10 EOM', days: 10, countedFrom: 'end_of_month' as const };
  const { id: termsId } = await books.tx((tx) => addTerms(tx, actor, { organizationId, terms }, now));
  const id = await write({ lines: [line()], termsId, invoiceDate: '2026-02-03' });
  const { dueDate, terms: said } = await read(books, id);
  assert.deepEqual([dueDate, said], ['2026-03-10', 'Net 10 EOM']);
  const param = (name: string) => (error: unknown) =>
    Object(error).code === 'invalid_request' && Object(error).details.param === name;
  await assert.rejects(write({ lines: [line()], discount: '5000' }), param('discount'));
  await assert.rejects(write({ lines: [line({ discount: '300.00' })] }), param('lines.0.discount'));
  await assert.rejects(write({ lines: [line({ discount: '1', amount: 5n })] }), param('lines.0.discount'));
  await books.tx((tx) => changeTaxRate(tx, actor, { organizationId, taxRateId: gst, active: false }, now));
  await assert.rejects(write({ lines: [line({ taxRateIds: [gst] })] }), param('lines'));
});
