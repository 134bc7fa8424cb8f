import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { draftInvoice } from '#features/invoices/draft-invoice.ts';
import { readRevisable, reviseInvoices } from '#features/invoices/revise-invoices.ts';
import { Refusal } from '#lib/errors.ts';
import { given } from '../../../test/support/given.ts';

test('amounts beyond what an invoice may say are refused in words', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const line = { itemName: 'A', description: '', taxable: false, taxRate: '0' };
  const largest = { ...line, quantity: '999999999999', unitPrice: '999999999999' };
  const refund = { ...largest, quantity: '-999999999999' };
  for (const lines of [[largest], [largest, refund]]) {
    const invoice = { customerId, lines };
    const input = { organizationId: books.organizationId, invoice, issue: true };
    await assert.rejects(
      books.tx((tx) => draftInvoice(tx, books.actor, input, books.now)),
      (error) =>
        error instanceof Refusal && error.code === 'invalid_request' && error.details.param === 'lines',
    );
  }
});

test('an invoice that goes to another customer takes back the links of the first', async () => {
  const books = await given.organization();
  const { organizationId, actor, now } = books;
  const { invoiceId } = await given.debtor(books, 100n);
  const other = await given.customer(books);
  const version = async () =>
    books.tx((tx) =>
      tx.row<{ linkVersion: number }>(sql`select link_version from invoices where id = ${invoiceId}`),
    );
  const revise = (change: object) =>
    books.tx(async (tx) => {
      const [before] = await readRevisable(tx, organizationId, { ids: [invoiceId] }, true);
      assert.ok(before);
      const revisions = [{ invoiceId, document: { ...before, ...change } }];
      const [verdict] = await reviseInvoices(tx, actor, { organizationId, revisions }, now);
      assert.ok(verdict?.ok && verdict.changed);
    });
  await revise({ memo: 'Only other words' });
  assert.equal((await version())?.linkVersion, 0);
  await revise({ customerId: other });
  assert.equal((await version())?.linkVersion, 1);
});
