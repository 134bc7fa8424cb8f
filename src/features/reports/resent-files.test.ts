import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { attachDocument } from '#features/correspondence/attach-document.ts';
import { recordMailNews } from '#features/correspondence/record-mail-news.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { resendBounced } from '#features/reports/resend-bounced.ts';
import { sendHeldMail } from '#features/reports/send-held-mail.ts';
import { type Books, given, later } from '../../../test/support/given.ts';
import { mailInvoice, makings } from '../../../test/support/mails.ts';

const email = 'ana@example.com';
const paper = (fileName: string, text: string) => ({
  fileName,
  contentType: fileName.endsWith('.xml') ? 'application/xml' : 'application/pdf',
  bytes: Buffer.from(text),
});

/** An invoice that was mailed with a file of that sending and its papers, and came back. */
async function sentWith(books: Books, customerId: string, name: string, text = '%PDF plan') {
  const { organizationId, actor, now } = books;
  const invoiceId = await given.invoice(books, customerId, 100n);
  const files = [paper(name, text)];
  const { messageId } = await mailInvoice(books, invoiceId, { files, attachPdf: true });
  const attachments = [paper('Invoice 1.pdf', '%PDF old'), paper('Invoice 1.xml', '<Invoice/>')];
  await books.tx((tx) => attachDocument(tx, actor, { organizationId, messageId, attachments }, now));
  return { invoiceId, messageId };
}

async function comesBack(books: Books, ...messageIds: string[]) {
  const { organizationId, actor, now } = books;
  const news = messageIds.map((messageId) => ({
    ...{ messageId, email, kind: 'bounced' as const },
    reason: '550 5.1.1 User unknown',
  }));
  await books.tx((tx) => recordMailNews(tx, actor, { organizationId, news }, now));
}

const filesOf = (books: Books, invoiceId: string, after: string) =>
  books.tx(async (tx) => {
    const rows = await tx.rows<{ file: string }>(sql`
      select a.file_name || ': ' || encode(a.bytes, 'escape') as file from message_attachments a
      join messages m on m.organization_id = a.organization_id and m.id = a.message_id
      where m.organization_id = ${books.organizationId} and m.invoice_id = ${invoiceId} and m.id > ${after}
      order by a.file_name`);
    return rows.map(({ file }) => file);
  });

async function house() {
  const books = await given.organization();
  return { books, customerId: await given.customer(books, { displayName: 'Ana', email }) };
}

test('an invoice that came back goes out again with the file of its sending; its papers are set anew', async () => {
  const { books, customerId } = await house();
  const { organizationId, actor } = books;
  const { invoiceId, messageId } = await sentWith(books, customerId, 'plan.pdf');
  await comesBack(books, messageId);
  await books.tx((tx) =>
    resendBounced(tx, actor, { ...makings, organizationId, messageId }, later(60, books.now)),
  );
  assert.deepEqual(await filesOf(books, invoiceId, messageId), ['plan.pdf: %PDF plan']);
});

test('by one click each invoice takes along the files of its own sendings, and none of another', async () => {
  const { books, customerId } = await house();
  const { organizationId, actor } = books;
  const one = await sentWith(books, customerId, 'plan.pdf');
  const other = await sentWith(books, customerId, 'photo.pdf', '%PDF photo');
  await comesBack(books, one.messageId, other.messageId);
  const patches = [{ id: customerId, email: 'ana@new.example' }];
  await books.tx((tx) => updateCustomers(tx, actor, { organizationId, patches }, books.now));
  const done = await books.tx((tx) =>
    sendHeldMail(tx, actor, { ...makings, organizationId, customerId }, later(60, books.now)),
  );
  assert.deepEqual(done, { sent: 2, left: 0 });
  assert.deepEqual(await filesOf(books, one.invoiceId, other.messageId), ['plan.pdf: %PDF plan']);
  assert.deepEqual(await filesOf(books, other.invoiceId, other.messageId), ['photo.pdf: %PDF photo']);
});

test('what is too much for one mail is left to the page of its invoice, and the rest goes', async () => {
  const { books, customerId } = await house();
  const { organizationId, actor } = books;
  const big = '%PDF '.padEnd(6_000_000, 'x');
  const one = await sentWith(books, customerId, 'plan.pdf', big);
  const { messageId } = await mailInvoice(books, one.invoiceId, { files: [paper('photo.pdf', big)] });
  const other = await sentWith(books, customerId, 'small.pdf');
  await comesBack(books, one.messageId, messageId, other.messageId);
  const patches = [{ id: customerId, email: 'ana@new.example' }];
  await books.tx((tx) => updateCustomers(tx, actor, { organizationId, patches }, books.now));
  const done = await books.tx((tx) =>
    sendHeldMail(tx, actor, { ...makings, organizationId, customerId }, later(60, books.now)),
  );
  assert.deepEqual(done, { sent: 1, left: 2 });
});
