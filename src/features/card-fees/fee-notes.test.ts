import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { extractText, getDocumentProxy } from 'unpdf';
import { documentOfInvoice } from '#features/invoices/document-of-invoice.ts';
import { invoicePdf } from '#features/invoices/pdf/invoice-pdf.ts';
import { receiptPdf } from '#features/invoices/pdf/receipt-pdf.ts';
import { tellCustomers } from '#features/messenger/tell-customers.ts';
import { documentOfReceipt } from '#features/payments/receipt-document.ts';
import { setFees } from '../../../test/support/card-fees.ts';
import { type Books, given, news, secrets } from '../../../test/support/given.ts';
import { invoiceOfAna, mailInvoice, mailsOf, makings } from '../../../test/support/mails.ts';
import { ben, tell as tellReceipt } from '../../../test/support/receipts.ts';

const links = { secrets, baseUrl: 'https://owed.test' };
const textOf = async (bytes: Buffer): Promise<string> =>
  (await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true })).text.replace(
    /\s+/g,
    ' ',
  );
const printed = async (books: Books, invoiceId: string): Promise<string> =>
  textOf(
    await invoicePdf(await books.tx((tx) => documentOfInvoice(tx, links, books.organizationId, invoiceId))),
  );
const mailed = async (books: Books, invoiceId: string): Promise<string> => {
  await mailInvoice(books, invoiceId);
  return ((await mailsOf(books)).at(-1)?.text ?? '').replace(/\s+/g, ' ');
};
const none = /surcharge|card price|convenience/i;

test('a surcharge is disclosed on the invoice and in its mail while it holds, and the invoice keeps one price', async () => {
  const { books, invoiceId } = await invoiceOfAna(10_000n);
  assert.doesNotMatch(await printed(books, invoiceId), none);
  assert.doesNotMatch(await mailed(books, invoiceId), none);
  await setFees(books);
  const words =
    /A surcharge of up to 3% applies to credit cards; none for paying by bank account or by debit card\./;
  assert.match(await printed(books, invoiceId), words);
  assert.doesNotMatch(await printed(books, invoiceId), /103\.00/);
  assert.match(await mailed(books, invoiceId), words);
  await setFees(books, { mode: 'off' });
  assert.doesNotMatch(await printed(books, invoiceId), none);
});

test('with dual pricing invoice, mail and statement show both prices of what is due', async () => {
  const { books, customerId, invoiceId } = await invoiceOfAna(10_000n);
  await setFees(books, { mode: 'dual_pricing' });
  assert.match(await printed(books, invoiceId), /Card price \$103\.09 Bank account price \$100\.00/);
  assert.match(await mailed(books, invoiceId), /Card price:? \$103\.09 Bank account price:? \$100\.00/);
  const other = await given.invoice(books, customerId, 10_000n);
  const tell = { type: 'statement' as const, customerId, invoiceIds: [invoiceId, other], key: 'both' };
  await books.tx((tx) =>
    tellCustomers(
      tx,
      books.actor,
      { ...makings, organizationId: books.organizationId, tells: [{ ...tell, channels: ['email'] }] },
      books.now,
    ),
  );
  assert.match(
    (await mailsOf(books)).at(-1)?.text ?? '',
    /Card price \$206\.19\.\s+Bank account price \$200\.00\./,
  );
  await books.tx((tx) =>
    tx.run(
      sql`delete from gateway_routes where organization_id = ${books.organizationId} and kind = 'bank_account'`,
    ),
  );
  assert.match(await printed(books, invoiceId), /Card price \$103\.09 Cash price \$100\.00/);
});

test('where the law wants the price by card, a surcharge is shown as that price too', async () => {
  const { books, invoiceId } = await invoiceOfAna(10_000n);
  await setFees(books, { region: 'US-NY' });
  assert.match(await printed(books, invoiceId), /By credit card, 3% surcharge included \$103\.00/);
});

test('a template may name the fee, which is empty where there is none', async () => {
  const { books, invoiceId } = await invoiceOfAna(10_000n);
  const body = 'Due {{invoice.balance_due}}. {{card_fee.notice}}';
  await mailInvoice(books, invoiceId, { body });
  await setFees(books, { mode: 'convenience_fee', flatAmount: 250n });
  await mailInvoice(books, invoiceId, { body });
  const [before, after] = (await mailsOf(books)).map(({ text }) => text.replace(/\s+/g, ' '));
  assert.match(before ?? '', /Due \$100\.00\. (?!A conv)/);
  assert.match(after ?? '', /Due \$100\.00\. A convenience fee of \$2\.50 applies to paying online by card/);
});

test('the receipt has the fee on a line of its own, on paper and by mail', async () => {
  const { books, money } = await ben();
  await setFees(books);
  const { paymentId } = await given.charge(books, {
    ...money,
    amount: 4_120n,
    paidOnTop: { amount: 120n, kind: 'surcharge' },
    inspected: { funding: 'credit', brand: 'visa' },
  });
  await given.outcome(books, paymentId, news('approved'));
  const paper = await textOf(
    await receiptPdf(await books.tx((tx) => documentOfReceipt(tx, books.organizationId, paymentId))),
  );
  assert.match(paper, /Applied to invoices \$40\.00 Surcharge \$1\.20 Total charged \$41\.20/);
  await tellReceipt(books, paymentId);
  const [receipt] = await mailsOf(books);
  assert.match(
    (receipt?.text ?? '').replace(/\s+/g, ' '),
    /Surcharge.{0,20}\$1\.20.{0,20}Total charged.{0,12}\$41\.20/,
  );
});
