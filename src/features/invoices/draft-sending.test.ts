import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { attachDocument } from '#features/correspondence/attach-document.ts';
import { addFile } from '#features/files/change-files.ts';
import { given } from '../../../test/support/given.ts';
import { invoiceOfAna, mailsOf, setOrganization } from '../../../test/support/mails.ts';
import { setCustomer } from '../../../test/support/messenger.ts';
import { apiKeyOf } from '../../../test/support/portal.ts';
import { callApi } from '../../../test/support/server.ts';

async function deskOfAna() {
  const { books, customerId, invoiceId } = await invoiceOfAna();
  const key = await apiKeyOf(books);
  const path = `/v1/invoices/${invoiceId}`;
  return {
    books,
    customerId,
    invoiceId,
    draft: async () => (await callApi(key, 'GET', `${path}/send-draft`)).body,
    send: (body: unknown) => callApi(key, 'POST', `${path}/send`, body),
  };
}
const pdf = Buffer.from('%PDF-1.4 terms');
const sentFile = (name: string, bytes = pdf) => ({ file_name: name, base64: bytes.toString('base64') });

describe('what a sending by hand begins with', () => {
  test('is what goes out when nobody changes it', async () => {
    const { books, draft, send } = await deskOfAna();
    await setOrganization(
      books,
      sql`invoice_message_subject = 'Bill {{invoice.number}}',
        invoice_message_body = 'Dear {{customer.first_name}}, {{invoice.balance_due}}.'`,
    );
    const { to, cc, subject, body } = await draft();
    assert.deepEqual({ to, cc }, { to: ['ana@example.com'], cc: ['books@example.com'] });
    assert.deepEqual([subject, body], ['Bill A-7', 'Dear Ana, $120.50.']);
    assert.equal((await send({})).status, 202);
    const [mail] = await mailsOf(books);
    assert.deepEqual([mail?.toEmails, mail?.ccEmails, mail?.subject], [to, cc, subject]);
    assert.ok(mail?.text.includes(body));
  });

  test('reaches the parent that the customer bills with, with its copies and its name', async () => {
    const { books, customerId, draft, send } = await deskOfAna();
    const parentId = await given.customer(books, {
      email: 'head@example.com',
      firstName: 'Hal',
      ccEmails: ['ledger@example.com'],
    });
    await setCustomer(books, customerId, sql`parent_id = ${parentId}, bill_with_parent = true`);
    const { to, cc, body } = await draft();
    assert.deepEqual([to, cc], [['head@example.com'], ['ledger@example.com']]);
    assert.match(body, /^Hello Hal,/);
    await send({});
    const [mail] = await mailsOf(books);
    assert.deepEqual([mail?.toEmails, mail?.ccEmails], [to, cc]);
  });

  test('names the files that go along', async () => {
    const { books, invoiceId, draft } = await deskOfAna();
    const { organizationId } = books;
    const file = { organizationId, invoiceId, fileName: 'plan.pdf', bytes: pdf, customerSees: true };
    await books.tx((tx) => addFile(tx, books.actor, file, books.now));
    assert.deepEqual((await draft()).file_names, []);
    const mailed = { ...file, fileName: 'terms.pdf', goesWithMail: true };
    await books.tx((tx) => addFile(tx, books.actor, mailed, books.now));
    assert.deepEqual((await draft()).file_names, ['terms.pdf']);
  });
});

describe('files of one sending', () => {
  const attachmentsOf = (books: Awaited<ReturnType<typeof deskOfAna>>['books']) =>
    books.tx((tx) =>
      tx.rows<{ fileName: string; bytes: Buffer }>(
        sql`select file_name, bytes from message_attachments where organization_id = ${books.organizationId} order by file_name`,
      ),
    );

  test('go with that mail and no other, each under its own name, and the mail says so', async () => {
    const { books, send } = await deskOfAna();
    const sent = await send({ files: [sentFile('photo.pdf'), sentFile('photo.pdf')], attach_pdf: false });
    assert.equal(sent.status, 202);
    await send({ attach_pdf: false });
    assert.deepEqual(
      (await attachmentsOf(books)).map(({ fileName, bytes }) => [fileName, String(bytes)]),
      [
        ['photo (2).pdf', String(pdf)],
        ['photo.pdf', String(pdf)],
      ],
    );
    const [first, second] = await mailsOf(books);
    assert.match(first?.text ?? '', /Attached: photo\.pdf, photo \(2\)\.pdf\./);
    assert.doesNotMatch(second?.text ?? '', /photo/);
  });

  test('are judged like any other, and nothing goes out when one is refused', async () => {
    const { books, send } = await deskOfAna();
    const wrong = await send({ files: [sentFile('photo.png')] });
    assert.deepEqual([wrong.status, wrong.body.error.param], [422, 'files']);
    assert.match(wrong.body.error.message, /photo\.png holds something else/);
    const large = Buffer.concat([pdf, Buffer.alloc(5_000_000)]);
    const heavy = await send({
      attach_pdf: true,
      files: [sentFile('a.pdf', large), sentFile('b.pdf', large)],
    });
    assert.deepEqual([heavy.status, heavy.body.error.param], [422, 'files']);
    assert.match(heavy.body.error.message, /too large for one mail/);
    assert.equal((await mailsOf(books)).length, 0);
    assert.equal((await send({ attach_pdf: true, files: [sentFile('a.pdf', large)] })).status, 202);
  });

  test('may be called as the PDF is, which then goes under another name', async () => {
    const { books, send } = await deskOfAna();
    const sent = await send({ files: [sentFile('A-7.pdf')], attach_pdf: true });
    const made = { fileName: 'A-7.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF invoice') };
    const brought = {
      organizationId: books.organizationId,
      messageId: sent.body.message_id,
      attachments: [made],
    };
    await books.tx((tx) => attachDocument(tx, books.actor, brought, books.now));
    assert.deepEqual(
      (await attachmentsOf(books)).map(({ fileName, bytes }) => [fileName, String(bytes)]),
      [
        ['A-7 (2).pdf', '%PDF invoice'],
        ['A-7.pdf', String(pdf)],
      ],
    );
  });
});
