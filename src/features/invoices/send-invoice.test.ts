import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { extractText, getDocumentProxy } from 'unpdf';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { documentOfInvoice, invoiceFile } from '#features/invoices/document-of-invoice.ts';
import { holdsPayLink } from '#features/invoices/pay-link.ts';
import { attachInvoicePdf, sendImportedInvoices } from '#features/invoices/send-invoice-jobs.ts';
import { sendInvoice } from '#features/invoices/send-invoice.ts';
import { sendInvoices } from '#features/invoices/send-invoices.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { type Books, given, later, secrets } from '../../../test/support/given.ts';

const outbox: Outbox = { baseUrl: 'https://owed.test', host: 'owed.test', hasSmtp: true, fromEmail: 'no-reply@owed.test' };
const makings = { secrets, outbox };
const links = { secrets, baseUrl: outbox.baseUrl };

type MessageRow = {
  id: string; toEmails: string[]; ccEmails: string[]; subject: string; html: string; text: string; state: string; invoiceId: string;
};
const messagesOf = (books: Books) => books.tx((tx) => tx.rows<MessageRow>(sql`
  select * from messages where organization_id = ${books.organizationId} order by id`));
const send = (books: Books, invoiceId: string, change: Partial<Parameters<typeof sendInvoice>[2]> = {}) => books.tx((tx) =>
  sendInvoice(tx, books.actor, { ...makings, organizationId: books.organizationId, invoiceId, ...change }, books.now));
const sentAt = (books: Books, invoiceId: string) => books.tx((tx) => tx.row<{ firstSentAt: Date | null; lastSentAt: Date | null }>(sql`
  select first_sent_at, last_sent_at from invoices where organization_id = ${books.organizationId} and id = ${invoiceId}`));
const setOrganization = (books: Books, assignment: ReturnType<typeof sql>) => books.tx((tx) =>
  tx.run(sql`update organizations set ${assignment} where id = ${books.organizationId}`));

async function ana(amount = 12_050n) {
  const books = await given.organization();
  const customerId = await given.customer(books, {
    displayName: 'Ana & <b>Sons</b>', firstName: 'Ana', email: 'ana@example.com', ccEmails: ['books@example.com', 'ANA@example.com'],
  });
  const invoiceId = await given.invoice(books, customerId, amount, { invoiceDate: '2026-03-01', dueDate: '2026-03-31', number: 'A-7' });
  return { books, customerId, invoiceId };
}

describe('the mail of an invoice', () => {
  test('says amount, due date, number and payee in both parts, and has one button that needs no sign-in', async () => {
    const { books, invoiceId } = await ana();
    const { messageId } = await send(books, invoiceId);
    const [mail] = await messagesOf(books);
    assert.ok(mail);
    assert.equal(mail.id, messageId);
    const { name } = await books.tx((tx) => tx.row<{ name: string }>(sql`
      select name from organizations where id = ${books.organizationId}`)) ?? { name: '-' };
    for (const part of [mail.html, mail.text]) {
      for (const fact of ['$120.50', 'Mar 31, 2026', 'A-7', name]) assert.ok(part.includes(fact), fact);
    }
    assert.equal(mail.subject, `Invoice A-7 from ${name}`);
    const buttons = [...mail.html.matchAll(/href="(https:\/\/owed\.test\/i\/[^"]+)"/g)].map((match) => match[1] ?? '');
    assert.equal(new Set(buttons).size, 1);
    const [, signature] = /\/i\/inv_[^/]+\/(.+)$/.exec(buttons[0] ?? '') ?? [];
    assert.ok(holdsPayLink(secrets, { id: invoiceId, organizationId: books.organizationId, linkVersion: 0 }, signature ?? ''));
    assert.ok(mail.text.includes(buttons[0] ?? '-'));
    assert.equal(mail.html.match(/Pay this invoice/g)?.length, 1);
  });

  test('goes to the customer and its copies, once each, and is noted on the invoice', async () => {
    const { books, invoiceId } = await ana();
    const { messageId } = await send(books, invoiceId);
    const [mail] = await messagesOf(books);
    assert.deepEqual([mail?.toEmails, mail?.ccEmails], [['ana@example.com'], ['books@example.com']]);
    assert.deepEqual(await sentAt(books, invoiceId), { firstSentAt: books.now, lastSentAt: books.now });
    const event = await books.tx((tx) => tx.row<{ data: { message_id: string } }>(sql`select data from events
      where organization_id = ${books.organizationId} and subject_id = ${invoiceId} and type = 'invoice.sent'`));
    assert.equal(event?.data.message_id, messageId);
  });

  test('escapes what people typed', async () => {
    const { books, invoiceId } = await ana();
    await send(books, invoiceId, { body: 'Dear {{customer.display_name}}, <script>alert(1)</script>' });
    const [mail] = await messagesOf(books);
    assert.match(mail?.html ?? '', /Dear Ana &amp; &lt;b&gt;Sons&lt;\/b&gt;, &lt;script&gt;/);
    assert.doesNotMatch(mail?.html ?? '', /<script|<b>Sons/);
    assert.ok(mail?.text.includes('Dear Ana & <b>Sons</b>, <script>'));
  });

  test('uses the organization’s own words, and this sending’s before these', async () => {
    const { books, invoiceId } = await ana();
    await setOrganization(books, sql`invoice_message_subject = 'Bill {{invoice.number}}', invoice_message_body = 'Own words.'`);
    await send(books, invoiceId);
    await send(books, invoiceId, { subject: 'Second copy', body: 'For {{customer.business_name}} {{customer.first_name}}.' });
    const [own, given_] = await messagesOf(books);
    assert.equal(own?.subject, 'Bill A-7');
    assert.ok(own?.text.includes('Own words.') && own.text.includes('$120.50'));
    assert.equal(given_?.subject, 'Second copy');
    assert.ok(given_?.text.includes('For Ana.'));
  });

  test('an unknown field in the words is refused by its name, and nothing goes out', async () => {
    const { books, invoiceId } = await ana();
    await assert.rejects(send(books, invoiceId, { body: 'Hello {{customer.nickname}}' }), (error: Refusal) =>
      error.code === 'invalid_request' && error.details.param === 'body' && error.message.includes('{{customer.nickname}}'));
    assert.equal((await messagesOf(books)).length, 0);
  });

  test('a copy to oneself reaches nobody else, and the customer still waits for it', async () => {
    const { books, invoiceId } = await ana();
    await setOrganization(books, sql`email = 'me@fern.example'`);
    await send(books, invoiceId, { to: ['me@fern.example'] });
    const [mail] = await messagesOf(books);
    assert.deepEqual([mail?.toEmails, mail?.ccEmails], [['me@fern.example'], []]);
    assert.equal((await sentAt(books, invoiceId))?.firstSentAt, null);
  });

  test('of a paid invoice says that it is paid and asks for nothing', async () => {
    const { books, customerId, invoiceId } = await ana();
    await given.payment(books, { customerId, amount: 12_050n, applications: [{ invoiceId, amount: 12_050n }] });
    await send(books, invoiceId);
    const mail = (await messagesOf(books)).find((each) => each.invoiceId === invoiceId);
    assert.match(mail?.text ?? '', /This invoice is paid\. Nothing is due\./);
    assert.doesNotMatch(`${mail?.text}${mail?.html}`, /Pay this invoice|pay it online/);
  });

  test('while a payment is under way asks only for what is left', async () => {
    const { books, customerId, invoiceId } = await ana();
    const { paymentId } = await given.charge(books, { customerId, amount: 2_050n, applications: [{ invoiceId, amount: 2_050n }] });
    assert.ok(paymentId);
    await send(books, invoiceId);
    const [mail] = await messagesOf(books);
    assert.match(mail?.text ?? '', /Due now: \$100\.00/);
    assert.match(mail?.text ?? '', /\$20\.50 is being processed/);
  });

  test('a draft, a void invoice and a customer without an address are refused with the remedy', async () => {
    const { books, invoiceId } = await ana();
    const { invoiceId: addressless } = await given.debtor(books, 100n);
    await assert.rejects(send(books, addressless), (error: Refusal) => error.code === 'invalid_request'
      && /has no e-mail address\. Add one to the customer/.test(error.message));
    await send(books, addressless, { to: ['other@example.com'] });
    await books.tx((tx) => voidInvoice(tx, books.actor, { organizationId: books.organizationId, invoiceId, reason: 'test' }, books.now));
    await assert.rejects(send(books, invoiceId), (error: Refusal) => error.code === 'state_refused' && /void/.test(error.message));
    await books.tx((tx) => tx.run(sql`update invoices set issued_at = null, voided_at = null, closed_at = null where id = ${invoiceId}`));
    await assert.rejects(send(books, invoiceId), (error: Refusal) => error.code === 'state_refused' && /Issue it first/.test(error.message));
    await assert.rejects(send(books, newId('invoice')), (error: Refusal) => error.code === 'not_found');
  });

  test('another organization’s invoice cannot be sent', async () => {
    const { invoiceId } = await ana();
    const stranger = await given.organization();
    await assert.rejects(send(stranger, invoiceId), (error: Refusal) => error.code === 'not_found');
  });
});

describe('sending many', () => {
  test('reports each that cannot go, and mails the same invoice once a day', async () => {
    const { books, invoiceId } = await ana();
    const { invoiceId: addressless } = await given.debtor(books, 100n);
    const many = (at = books.now) => books.tx((tx) => sendInvoices(tx, books.actor, {
      ...makings, organizationId: books.organizationId, invoiceIds: [invoiceId, addressless, invoiceId, newId('invoice')], skipSentToday: true,
    }, at));
    const first = await many();
    assert.deepEqual(first.sent.map((each) => each.invoiceId), [invoiceId]);
    assert.deepEqual(first.skipped.map((each) => each.code), ['invalid_request', 'not_found']);
    const second = await many();
    assert.match(second.skipped.find((each) => each.invoiceId === invoiceId)?.reason ?? '', /today already/);
    assert.equal((await many(later(86_400))).sent.length, 1);
    assert.equal((await messagesOf(books)).length, 2);
  });

  test('two at the same moment mail an invoice once', async () => {
    const { books, invoiceId } = await ana();
    const many = () => books.tx((tx) => sendInvoices(tx, books.actor, {
      ...makings, organizationId: books.organizationId, invoiceIds: [invoiceId], skipSentToday: true,
    }, books.now));
    const reports = await Promise.all([many(), many(), many()]);
    assert.equal(reports.flatMap((each) => each.sent).length, 1);
  });

  test('an import that was asked to mails what it brought and is owed, once however often it is told', async () => {
    const { books, customerId, invoiceId } = await ana();
    const { invoiceId: addressless } = await given.debtor(books, 100n);
    const paid = await given.invoice(books, customerId, 500n);
    await given.payment(books, { customerId, amount: 500n, applications: [{ invoiceId: paid, amount: 500n }] });
    const batchId = newId('importBatch');
    const bring = (sendsInvoices: boolean) => books.tx(async (tx) => {
      await tx.run(sql`insert into import_batches (organization_id, id, kind, file_name, state, send_invoices, created_at, updated_at)
        values (${books.organizationId}, ${batchId}, 'invoices', 'a.csv', 'imported', ${sendsInvoices}, ${books.now}, ${books.now})
        on conflict (organization_id, id) do update set send_invoices = excluded.send_invoices`);
      await tx.run(sql`update invoices set import_batch_id = ${batchId} where organization_id = ${books.organizationId}`);
    });
    const deps = { ...makings, db: books.db };
    await bring(false);
    await sendImportedInvoices(deps, { organizationId: books.organizationId, batchId });
    assert.equal((await messagesOf(books)).length, 0);
    await bring(true);
    await Promise.all([1, 2].map(() => sendImportedInvoices(deps, { organizationId: books.organizationId, batchId })));
    assert.deepEqual((await messagesOf(books)).map((each) => each.invoiceId), [invoiceId]);
    const event = await books.tx((tx) => tx.row<{ data: { queued: number; skipped: { invoice_id: string }[] } }>(sql`
      select data from events where organization_id = ${books.organizationId} and type = 'import.invoices_sent' order by id limit 1`));
    assert.deepEqual(event?.data.skipped.map((each) => each.invoice_id), [addressless]);
  });
});

const textOf = async (bytes: Buffer): Promise<string> =>
  (await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true })).text;

describe('the invoice as a document', () => {
  test('shows what the rows say, and the same bytes each time', async () => {
    const { books, invoiceId } = await ana();
    const invoice = { organizationId: books.organizationId, invoiceId };
    const file = await invoiceFile({ ...links, db: books.db }, books.actor, invoice);
    assert.equal(file.fileName, 'Invoice A-7.pdf');
    const bytes = await file.render();
    const text = await textOf(bytes);
    for (const fact of ['A-7', '$120.50', 'Mar 31, 2026', 'Ana & <b>Sons</b>']) assert.ok(text.includes(fact), fact);
    const again = await invoiceFile({ ...links, db: books.db }, books.actor, invoice);
    assert.equal(again.version, file.version);
    assert.ok(bytes.equals(await again.render()));
  });

  test('sums to its balance, tax by rate, and prints no price that does not multiply to its amount', async () => {
    const books = await given.organization();
    const customerId = await given.customer(books);
    const line = (change: object) => ({
      itemName: 'Work', description: '', quantity: '1', unitPrice: '0', taxable: false, taxRate: '0', ...change,
    });
    const invoiceId = await given.invoice(books, customerId, 0n, { lines: [
      line({ quantity: '3', unitPrice: '12.50', taxable: true, taxRate: '8.25' }), line({ amount: 999n }),
    ] });
    const document = await books.tx((tx) => documentOfInvoice(tx, links, books.organizationId, invoiceId));
    assert.deepEqual(document.lines.map((each) => [each.quantity, each.unitPrice?.amount, each.amount.amount]),
      [['3', 1250n, 3750n], [undefined, undefined, 999n]]);
    assert.deepEqual(document.taxes.map((each) => [each.label, each.amount.amount]), [['Sales tax 8.25 %', 309n]]);
    const { subtotal, total, applied, credits, balanceDue } = document;
    assert.equal(subtotal.amount + 309n, total.amount);
    assert.equal(total.amount - applied.amount - credits.amount, balanceDue.amount);
    assert.ok(document.payUrl?.startsWith('https://owed.test/i/inv_'));
  });

  test('a payer may read its own and no other customer’s', async () => {
    const { books, customerId, invoiceId } = await ana();
    const { invoiceId: other } = await given.debtor(books, 100n);
    const payer = { kind: 'payer_link', organizationId: books.organizationId, customerId, invoiceId } as const;
    const file = (id: string) => invoiceFile({ ...links, db: books.db }, payer, { organizationId: books.organizationId, invoiceId: id });
    assert.equal((await file(invoiceId)).fileName, 'Invoice A-7.pdf');
    await assert.rejects(file(other), (error: Refusal) => error.code === 'not_found');
  });

  test('goes along when asked: the message waits for it and leaves with it', async () => {
    const { books, invoiceId } = await ana();
    const { messageId } = await send(books, invoiceId, { attachPdf: true });
    assert.equal((await messagesOf(books))[0]?.state, 'queued');
    const payload = { organizationId: books.organizationId, messageId };
    const attach = () => attachInvoicePdf({ ...makings, db: books.db }, payload, books.now);
    await Promise.all([attach(), attach()]);
    assert.equal((await messagesOf(books))[0]?.state, 'sent');
    const files = await books.tx((tx) => tx.rows<{ fileName: string; bytes: Buffer }>(sql`select file_name, bytes from message_attachments
      where organization_id = ${books.organizationId} and message_id = ${messageId}`));
    assert.deepEqual(files.map((each) => each.fileName), ['Invoice A-7.pdf']);
    assert.ok(files[0]?.bytes.subarray(0, 5).equals(Buffer.from('%PDF-')));
  });
});
