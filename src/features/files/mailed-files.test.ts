import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import { startFakeSmtp } from '#connectors/mail/smtp/smtp-lab.ts';
import { smtpMailer } from '#connectors/mail/smtp/smtp-mailer.ts';
import { sendMessage } from '#features/correspondence/send-message.ts';
import { addFile, removeFile, showFile } from '#features/files/change-files.ts';
import { filesThatFit } from '#features/files/rules.ts';
import { type Books, given, start } from '../../../test/support/given.ts';
import { mailInvoice, mailsOf } from '../../../test/support/mails.ts';
import { apiKeyOf, Browser, freshEmail, signUp } from '../../../test/support/portal.ts';
import { live, owing, remindDay, setSteps } from '../../../test/support/reminders.ts';
import { callApi } from '../../../test/support/server.ts';

const fake = await startFakeSmtp();
const mailer = smtpMailer({ url: fake.url, timeout_ms: 20_000 });
after(async () => {
  mailer.close();
  await fake.stop();
});
afterEach(() => {
  fake.received.length = 0;
});

const mb = 1024 * 1024;
const add = async (books: Books, about: { invoiceId?: string; customerId?: string }, file: object = {}) => {
  const plain = { fileName: 'Hours.txt', bytes: Buffer.from('three of them'), customerSees: false };
  const input = { organizationId: books.organizationId, ...about, ...plain, goesWithMail: true, ...file };
  return (await books.tx((tx) => addFile(tx, books.actor, input, books.now))).fileId;
};
const show = (books: Books, fileId: string, change: { customerSees?: boolean; goesWithMail?: boolean }) =>
  books.tx((tx) =>
    showFile(tx, books.actor, { organizationId: books.organizationId, fileId, ...change }, books.now),
  );
/** The newest mail, as it leaves. */
async function leaves(books: Books): Promise<string> {
  const mail = (await mailsOf(books)).at(-1);
  const payload = { organizationId: books.organizationId, messageId: mail?.id ?? '' };
  await sendMessage({ db: books.db, mailer }, payload, start);
  return fake.received.at(-1)?.raw ?? assert.fail(`nothing left: ${JSON.stringify(mail)}`);
}
const carries = (raw: string): string[] =>
  [...raw.matchAll(/filename="?([^"\r\n]+)"?/g)].map(([, n]) => n ?? '');

test('a mail carries what it has room for, encoded, in order; papers have their room before', () => {
  const files = (...sizes: number[]) => sizes.map((size) => ({ sizeBytes: size * mb }));
  const sizesOf = (list: { sizeBytes: number }[]) => list.map(({ sizeBytes }) => sizeBytes / mb);
  const split = (hasPapers: boolean, ...sizes: number[]) => {
    const { attached, linked } = filesThatFit(files(...sizes), { hasPapers });
    return [sizesOf(attached), sizesOf(linked)];
  };
  assert.deepEqual(split(true, 1, 2), [[1, 2], []]);
  // 5 MiB are 7.17 MB on their way: two and the invoice are more than 14.5 MB, a smaller one fits still.
  assert.deepEqual(split(true, 5, 5, 3), [[5, 3], [5]]);
  assert.deepEqual(split(true, 9), [[], [9]]);
  assert.deepEqual(split(false, 9), [[9], []]);
  assert.deepEqual(split(false, 8, 9, 1), [[8, 1], [9]]);
});

describe('files of an invoice', () => {
  async function billed() {
    const books = await given.organization({ mode: 'live' });
    const customerId = await given.customer(books, { email: 'ana@example.com' });
    return { books, customerId, invoiceId: await given.invoice(books, customerId, 100n) };
  }

  test('may be added to a draft: its first mail carries them, and they go where the draft goes', async () => {
    const { books, customerId } = await billed();
    const key = await apiKeyOf(books);
    const lines = [{ item_name: 'Work', unit_price: '5' }];
    const ask = async (method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) => {
      const reply = await callApi(key, method, `/v1/invoices${path}`, body);
      assert.ok(reply.status < 300, JSON.stringify(reply.body));
      return reply.body;
    };
    const draft = await ask('POST', '', { customer_id: customerId, lines });
    const fileId = await add(books, { invoiceId: draft.id });
    const other = await given.customer(books, { email: 'bob@example.com' });
    await ask('PATCH', `/${draft.id}/draft`, { customer_id: other, lines, issue: true });
    const file = (await callApi(key, 'GET', `/v1/files?invoice_id=${draft.id}`)).body.data[0];
    assert.deepEqual([file.id, file.customer_id], [fileId, other], 'nobody else is shown it');
    await mailInvoice(books, draft.id, { attachPdf: false });
    assert.deepEqual(carries(await leaves(books)), ['Hours.txt']);
    const mistake = await ask('POST', '', { customer_id: customerId, lines });
    await add(books, { invoiceId: mistake.id });
    await ask('DELETE', `/${mistake.id}`);
    assert.equal((await callApi(key, 'GET', `/v1/files/${fileId}/content`)).status, 200);
  });

  test('stay out of a mail that waits when they are taken out of mails before it leaves', async () => {
    const { books, invoiceId } = await billed();
    const id = await add(books, { invoiceId });
    await add(books, { invoiceId }, { fileName: 'stays.txt' });
    await mailInvoice(books, invoiceId);
    await show(books, id, { goesWithMail: false });
    assert.deepEqual(carries(await leaves(books)), ['stays.txt']);
  });

  test('go with its mails once they are marked, byte for byte, and stay out of them otherwise', async () => {
    const { books, invoiceId } = await billed();
    const bytes = Buffer.from('Ünï — three of them');
    const id = await add(books, { invoiceId }, { bytes });
    await add(books, { invoiceId }, { fileName: 'internal.txt', goesWithMail: false });
    await mailInvoice(books, invoiceId, { attachPdf: false });
    const raw = await leaves(books);
    assert.deepEqual(carries(raw), ['Hours.txt']);
    assert.ok(raw.includes(bytes.toString('base64')), 'as it was added');
    assert.match((await mailsOf(books)).at(-1)?.text ?? '', /Attached: Hours\.txt\./);
    await show(books, id, { goesWithMail: false });
    await mailInvoice(books, invoiceId, { attachPdf: false });
    assert.deepEqual(carries(await leaves(books)), []);
  });

  test('go with each reminder too, and not once they are removed, whatever was queued before', async () => {
    const books = await live({ mode: 'live' });
    const customerId = await given.customer(books, { email: 'ana@example.com' });
    const invoiceId = await owing(books, customerId);
    await setSteps(books, [{ type: 'payment_due', dayOffset: 0 }]);
    const id = await add(books, { invoiceId });
    await remindDay(books, '2026-03-31');
    const key = await apiKeyOf(books);
    const { data } = (await callApi(key, 'GET', `/v1/messages?invoice_id=${invoiceId}`)).body;
    assert.deepEqual(data[0].attachments, [
      { file_name: 'Hours.txt', content_type: 'text/plain', bytes: 13, url: `/v1/files/${id}/content` },
    ]);
    const about = { organizationId: books.organizationId, fileId: id };
    await books.tx((tx) => removeFile(tx, books.actor, about, books.now));
    const after_ = (await callApi(key, 'GET', `/v1/messages/${data[0].id}`)).body;
    assert.deepEqual(after_.attachments, []);
  });

  test('what a mail has no room for is a link in it, which opens without a sign-in', async () => {
    const { books, invoiceId } = await billed();
    const big = (fileName: string) =>
      add(
        books,
        { invoiceId },
        { fileName, bytes: Buffer.concat([Buffer.from('%PDF-1.7'), Buffer.alloc(7 * mb)]) },
      );
    await big('First.pdf');
    await big('Second.pdf');
    await mailInvoice(books, invoiceId, { attachPdf: false });
    const { text } = (await mailsOf(books)).at(-1) ?? { text: '' };
    assert.match(text, /Attached: First\.pdf/);
    const link = /Too large to attach: .*?(https:\/\/\S+\/files\/fil_\w+)/s.exec(text)?.[1];
    assert.ok(link, text);
    assert.deepEqual(carries(await leaves(books)), ['First.pdf']);
    const reader = await new Browser().open(link);
    assert.deepEqual(
      [reader.status, reader.headers['content-type'], reader.headers['content-disposition']],
      [200, 'application/pdf', `attachment; filename="Second.pdf"; filename*=UTF-8''Second.pdf`],
    );
    assert.equal((await new Browser().open(link.replace(/.(?=\/files)/, 'x'))).status === 200, false);
  });

  test('what goes by mail is shown too; hidden again, it goes no more; a file of a customer goes with none', async () => {
    const { books, customerId, invoiceId } = await billed();
    const key = await apiKeyOf(books);
    const id = await add(books, { invoiceId });
    const patch = async (file: string, body: object) =>
      (await callApi(key, 'PATCH', `/v1/files/${file}`, body)).body;
    const flags = ({ customer_sees, goes_with_mail }: Record<string, unknown>) => [
      customer_sees,
      goes_with_mail,
    ];
    assert.deepEqual(flags(await patch(id, {})), [true, true]);
    assert.deepEqual(flags(await patch(id, { customer_sees: false })), [false, false]);
    assert.deepEqual(flags(await patch(id, { goes_with_mail: true })), [true, true]);
    assert.deepEqual(flags(await patch(id, { goes_with_mail: false })), [true, false]);
    const own = await add(books, { customerId }, { goesWithMail: false });
    const refused = await callApi(key, 'PATCH', `/v1/files/${own}`, { goes_with_mail: true });
    assert.deepEqual([refused.status, refused.body.error.param], [422, 'goes_with_mail']);
    assert.match(refused.body.error.message, /Add it to the invoice/);
    await assert.rejects(add(books, { customerId }), { code: 'invalid_request' });
  });
});

test('the documents of a customer stand in its portal, those that are shown and no others', async () => {
  const books = await given.organization();
  const email = freshEmail();
  const customerId = await given.customer(books, { email });
  const payer = await signUp(books, { customerIds: [customerId], email });
  await payer.open('/portal/profile');
  assert.doesNotMatch(payer.text, /Your documents/);
  const seen = await add(books, { customerId }, { fileName: 'Contract.txt', goesWithMail: false });
  const hidden = await add(books, { customerId }, { fileName: 'Credit check.txt', goesWithMail: false });
  const stranger = await given.customer(books);
  const theirs = await add(books, { customerId: stranger }, { goesWithMail: false });
  for (const id of [seen, theirs]) await show(books, id, { customerSees: true });
  await payer.open('/portal/profile');
  assert.match(payer.text, /Your documents Contract\.txt/);
  assert.doesNotMatch(payer.text, /Credit check|Hours/);
  await payer.open(`/portal/files/${seen}`);
  assert.deepEqual([payer.status, payer.html], [200, 'three of them']);
  for (const id of [hidden, theirs, 'nothing']) {
    await payer.open(`/portal/files/${id}`);
    assert.equal(payer.status, 404, id);
  }
});
