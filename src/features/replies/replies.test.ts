import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { keepArrival } from '#features/mail-news/keep-arrival.ts';
import { workArrival } from '#features/mail-news/work-arrival.ts';
import { listReplies, readReplyAttachment } from '#features/replies/queries.ts';
import { type Books, given, secrets, start } from '../../../test/support/given.ts';
import { answerMail, attachedPart, writeTo } from '../../../test/support/incoming-mail.ts';
import { mailsOf, outbox, queueMail } from '../../../test/support/mails.ts';

async function asked(): Promise<{ books: Books; customerId: string; messageId: string; to: string }> {
  const books = await given.organization({ mode: 'live' });
  await books.tx((tx) =>
    tx.run(sql`update organizations set reply_to = 'us@fern.example' where id = ${books.organizationId}`),
  );
  const customerId = await given.customer(books, { displayName: 'Ana', email: 'ana@example.com' });
  const { messageId } = await queueMail(books, { customerId, subject: 'Invoice 1001 is past due' });
  return { books, customerId, messageId, to: writeTo('reply', messageId) };
}

async function comesIn(books: Books, raw: Buffer, to: string): Promise<string> {
  const { db } = books;
  await db.transaction(systemActor('test'), (tx) =>
    keepArrival(tx, { door: 'mime', readers: [to], raw }, start),
  );
  const rows = await db.transaction(systemActor('test'), (tx) =>
    tx.rows<{ id: string }>(
      sql`select id from mail_arrivals where state = 'received' and readers = array[${to}]`,
    ),
  );
  for (const { id } of rows) await workArrival({ db, secrets, outbox, mailNews: [] }, { arrivalId: id });
  const row = await db.transaction(systemActor('test'), (tx) =>
    tx.row<{ outcome: string }>(
      sql`select outcome from mail_arrivals where readers = array[${to}] order by id desc limit 1`,
    ),
  );
  return row?.outcome ?? '';
}
const replies = async (books: Books, customerId: string) =>
  (await books.tx((tx) => listReplies(tx, { organizationId: books.organizationId, customerId, limit: 25 })))
    .data;
const copies = async (books: Books) => (await mailsOf(books)).filter(({ kind }) => kind === 'reply_copy');

describe('what customers answer', () => {
  test('an answer stands on the customer, its quoted part apart, and goes to the person for replies too', async () => {
    const { books, customerId, to, messageId } = await asked();
    await comesIn(books, answerMail({ to }), to);
    const [reply] = await replies(books, customerId);
    assert.deepEqual(
      [reply?.text, reply?.from_name, reply?.from_email, reply?.message_id],
      ['We will pay on Friday.\n\nAna', 'Ana Field', 'ana@example.com', messageId],
    );
    assert.match(reply?.quoted ?? '', /^On Mon, Mar 2/);
    const [copy] = await copies(books);
    assert.deepEqual(copy?.toEmails, ['us@fern.example']);
    assert.match(copy?.text ?? '', /We will pay on Friday/);
    const row = await books.tx((tx) =>
      tx.row<{ replyTo: string }>(sql`select reply_to from messages where id = ${copy?.id}`),
    );
    assert.equal(row?.replyTo, 'ana@example.com', 'the person answers the customer directly');
    const event = await books.tx((tx) =>
      tx.row<{ customerId: string }>(sql`select customer_id from events
        where organization_id = ${books.organizationId} and type = 'message.answered'`),
    );
    assert.equal(event?.customerId, customerId);
  });

  test('the same mail by two doors is one answer, and one copy', async () => {
    const { books, customerId, to } = await asked();
    await comesIn(books, answerMail({ to }), to);
    await comesIn(
      books,
      Buffer.concat([Buffer.from('Received: by another door\r\n'), answerMail({ to })]),
      to,
    );
    assert.equal((await replies(books, customerId)).length, 1);
    assert.equal((await copies(books)).length, 1);
  });

  test('an out-of-office note is no answer, and nobody is told', async () => {
    const { books, customerId, to } = await asked();
    for (const headers of [
      { 'Auto-Submitted': 'auto-replied' },
      { 'X-Autoreply': 'yes' },
      { Precedence: 'bulk' },
    ] as Record<string, string>[])
      assert.equal(
        await comesIn(
          books,
          answerMail({ to, headers: { ...headers, 'Message-ID': `<${Object.keys(headers)[0]}@x>` } }),
          to,
        ),
        'an automatic answer',
      );
    assert.deepEqual([await replies(books, customerId), await copies(books)], [[], []]);
  });

  test('a mail of our own that comes back does not go round for ever', async () => {
    const { books, customerId, to } = await asked();
    await comesIn(books, answerMail({ to, headers: { From: 'us@fern.example' } }), to);
    assert.equal((await replies(books, customerId)).length, 1);
    assert.deepEqual(await copies(books), []);
  });

  test('attachments are kept under plain names, and nothing that acts is shown in place', async () => {
    const { books, customerId, to } = await asked();
    const raw = answerMail({
      to,
      parts: [
        attachedPart('../scan.pdf', 'application/pdf', Buffer.from('%PDF-1.7 scan')),
        attachedPart('page.pdf', 'application/pdf', Buffer.from('<html><script>alert(1)</script>')),
        attachedPart('run.html', 'text/html', Buffer.from('<script>alert(1)</script>')),
        attachedPart('big.bin', 'application/octet-stream', Buffer.alloc(10 * 1024 * 1024 + 1, 1)),
      ],
    });
    await comesIn(books, raw, to);
    const [reply] = await replies(books, customerId);
    assert.deepEqual(
      reply?.attachments.map((each) => [each.file_name, each.content_type]),
      [
        ['page.pdf', 'application/octet-stream'],
        ['run.html', 'application/octet-stream'],
        ['scan.pdf', 'application/pdf'],
      ],
    );
    assert.deepEqual(reply?.left_out, ['big.bin']);
    const file = await books.tx((tx) =>
      readReplyAttachment(tx, books.organizationId, reply?.id ?? '', 'scan.pdf'),
    );
    assert.equal(file.bytes.toString(), '%PDF-1.7 scan');
  });

  test('an answer in HTML alone is kept as words', async () => {
    const { books, customerId, to } = await asked();
    const raw = answerMail({ to }).toString().replace('text/plain', 'text/html').split('\r\n\r\n')[0];
    await comesIn(books, Buffer.from(`${raw}\r\n\r\n<p>Paid <b>today</b></p><script>alert(1)</script>`), to);
    assert.equal((await replies(books, customerId))[0]?.text, 'Paid today');
  });

  test('another organization’s message cannot be answered with a made-up address', async () => {
    const { books, customerId, to } = await asked();
    const made = to.replace(/-[0-9a-f]{20}/, '-00000000000000000000');
    assert.equal(await comesIn(books, answerMail({ to: made }), made), 'to no address that we gave out');
    assert.deepEqual(await replies(books, customerId), []);
  });
});
