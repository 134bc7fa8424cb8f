import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { extractText, getDocumentProxy } from 'unpdf';
import { documentOfInvoice, invoiceFile } from '#features/invoices/document-of-invoice.ts';
import { attachPapers, type PapersOf } from '#features/invoices/send-invoice-jobs.ts';
import type { Refusal } from '#lib/errors.ts';
import { given, secrets } from '../../../test/support/given.ts';
import { invoiceOfAna, mailInvoice, mailsOf } from '../../../test/support/mails.ts';

const links = { secrets, baseUrl: 'https://owed.test' };
const textOf = async (bytes: Buffer): Promise<string> =>
  (await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true })).text;

describe('the invoice as a document', () => {
  test('shows what the rows say, and the same bytes each time', async () => {
    const { books, invoiceId } = await invoiceOfAna();
    const invoice = { organizationId: books.organizationId, invoiceId };
    const file = await invoiceFile({ ...links, db: books.db }, books.actor, invoice);
    assert.equal(file.fileName, 'Invoice A-7.pdf');
    const bytes = await file.render();
    const text = await textOf(bytes);
    for (const fact of ['A-7', '$120.50', 'Mar 31, 2026', 'Ana & <b>Sons</b>'])
      assert.ok(text.includes(fact), fact);
    const again = await invoiceFile({ ...links, db: books.db }, books.actor, invoice);
    assert.equal(again.version, file.version);
    assert.ok(bytes.equals(await again.render()));
  });

  test('sums to its balance, tax by rate, and prints no price that does not multiply to its amount', async () => {
    const books = await given.organization();
    const customerId = await given.customer(books);
    const line = (change: object) => ({
      itemName: 'Work',
      description: '',
      quantity: '1',
      unitPrice: '0',
      taxable: false,
      taxRate: '0',
      ...change,
    });
    const invoiceId = await given.invoice(books, customerId, 0n, {
      lines: [
        line({ quantity: '3', unitPrice: '12.50', taxable: true, taxRate: '8.25' }),
        line({ amount: 999n }),
      ],
    });
    const document = await books.tx((tx) => documentOfInvoice(tx, links, books.organizationId, invoiceId));
    assert.deepEqual(
      document.lines.map((each) => [each.quantity, each.unitPrice?.amount, each.amount.amount]),
      [
        ['3', 1250n, 3750n],
        [undefined, undefined, 999n],
      ],
    );
    assert.deepEqual(
      document.taxes.map((each) => [each.label, each.amount.amount]),
      [['Sales tax 8.25 %', 309n]],
    );
    const { subtotal, total, applied, credits, balanceDue } = document;
    assert.equal(subtotal.amount + 309n, total.amount);
    assert.equal(total.amount - applied.amount - credits.amount, balanceDue.amount);
    assert.ok(document.payUrl?.startsWith('https://owed.test/i/inv_'));
  });

  test('a payer may read its own and no other customer’s', async () => {
    const { books, customerId, invoiceId } = await invoiceOfAna();
    const { invoiceId: other } = await given.debtor(books, 100n);
    const payer = {
      kind: 'payer_link',
      organizationId: books.organizationId,
      customerId,
      invoiceId,
    } as const;
    const file = (id: string) =>
      invoiceFile({ ...links, db: books.db }, payer, { organizationId: books.organizationId, invoiceId: id });
    assert.equal((await file(invoiceId)).fileName, 'Invoice A-7.pdf');
    await assert.rejects(file(other), (error: Refusal) => error.code === 'not_found');
  });

  test('goes along when asked: the message waits for it and leaves with it', async () => {
    const { books, invoiceId } = await invoiceOfAna();
    const { messageId } = await mailInvoice(books, invoiceId, { attachPdf: true });
    assert.equal((await mailsOf(books))[0]?.state, 'queued');
    const payload = { organizationId: books.organizationId, messageId };
    const papersOf: PapersOf = async (actor, about) => [
      await invoiceFile({ ...links, db: books.db }, actor, { ...about, invoiceId: about.invoiceId ?? '' }),
    ];
    const attach = () => attachPapers({ db: books.db, papersOf }, payload, books.now);
    await Promise.all([attach(), attach()]);
    assert.equal((await mailsOf(books))[0]?.state, 'sent');
    const files = await books.tx((tx) =>
      tx.rows<{ fileName: string; bytes: Buffer }>(sql`select file_name, bytes from message_attachments
      where organization_id = ${books.organizationId} and message_id = ${messageId}`),
    );
    assert.deepEqual(
      files.map((each) => each.fileName),
      ['Invoice A-7.pdf'],
    );
    assert.ok(files[0]?.bytes.subarray(0, 5).equals(Buffer.from('%PDF-')));
  });
});
