import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { makeApp, makeParts, type Parts } from '#compose.ts';
import { readConfig } from '#config.ts';
import { type FakeSmtp, startFakeSmtp } from '#connectors/mail/smtp/smtp-lab.ts';
import { smtpMailer } from '#connectors/mail/smtp/smtp-mailer.ts';
import { systemActor } from '#db/db.ts';
import { sendMessage } from '#features/correspondence/send-message.ts';
import { workArrival } from '#features/mail-news/work-arrival.ts';
import type { App } from '#http/app.ts';
import { type Books, given, later, secrets, start } from '../../../test/support/given.ts';
import { deliveryReport, mailInHost, writeTo } from '../../../test/support/incoming-mail.ts';
import { testLog } from '../../../test/support/logs.ts';
import { mailsOf, outbox, queueMail } from '../../../test/support/mails.ts';

const token = 'a-token-of-more-than-twenty-letters';
const password = 'a-password-of-twenty-letters';
let parts: Parts;
let app: App;
let smtp: FakeSmtp;

before(async () => {
  const { db } = await given.organization();
  const config = readConfig({
    PORT: '0',
    OWED_BASE_URL: 'https://owed.test',
    OWED_MAIL_IN_HOST: mailInHost,
    OWED_MAIL_IN_TOKEN: token,
    OWED_POSTMARK_WEBHOOK_PASSWORD: password,
  });
  parts = makeParts({ db, secrets, config, sandboxUrl: 'http://127.0.0.1:1' });
  app = await makeApp(parts, testLog('mail-news'));
  await app.fastify.ready();
  smtp = await startFakeSmtp();
});
after(async () => {
  await app.fastify.close();
  await smtp.stop();
});

const live = () => given.organization({ mode: 'live' });
const post = (raw: Buffer, to: string[], bearer = token) =>
  app.fastify.inject({
    method: 'POST',
    url: `/mail-in/raw?${to.map((each) => `to=${encodeURIComponent(each)}`).join('&')}`,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'message/rfc822' },
    payload: raw,
  });
const postmark = (body: object, secret = password) =>
  app.fastify.inject({
    method: 'POST',
    url: '/webhooks/mail/postmark',
    headers: { authorization: `Basic ${Buffer.from(`owed:${secret}`).toString('base64')}` },
    payload: body,
  });

/** What the worker does with all that has come in. Answers what it made of each. */
async function work(): Promise<string[]> {
  const waiting = await parts.db.transaction(systemActor('test'), (tx) =>
    tx.rows<{ id: string }>(
      sql`select id from mail_arrivals where state <> 'worked' order by received_at, id`,
    ),
  );
  for (const { id } of waiting) await workArrival(parts, { arrivalId: id });
  const done = await parts.db.transaction(systemActor('test'), (tx) =>
    tx.rows<{ outcome: string }>(sql`select outcome from mail_arrivals
      where id = any(${waiting.map((each) => each.id)}) order by received_at, id`),
  );
  return done.map((row) => row.outcome);
}

async function sent(books: Books, change: Parameters<typeof queueMail>[1] = {}): Promise<string> {
  const { messageId } = await queueMail(books, change);
  const mailer = smtpMailer({ url: smtp.url });
  const deps = { db: books.db, mailer, stamps: { ...parts.stamps, outbox: { ...outbox, mailInHost } } };
  await sendMessage(deps, { organizationId: books.organizationId, messageId }, start);
  mailer.close();
  return messageId;
}

const stateOf = (books: Books, id: string) =>
  books.tx(async (tx) => {
    const row = await tx.row<{ state: string; lastError: string | null; suppressedBy: string | null }>(
      sql`select state, last_error, suppressed_by from messages where organization_id = ${books.organizationId} and id = ${id}`,
    );
    return row;
  });
const problems = (books: Books) =>
  books.tx((tx) =>
    tx.rows<{ email: string; kind: string }>(
      sql`select email, kind from email_problems where organization_id = ${books.organizationId} order by email`,
    ),
  );
const events = (books: Books, type: string) =>
  books.tx((tx) =>
    tx.rows<{ data: Record<string, unknown> }>(
      sql`select data from events where organization_id = ${books.organizationId} and type = ${type} order by id`,
    ),
  );

describe('what becomes of mail', () => {
  test('a mail leaves with a return address that names it, and an answer address that threads it', async () => {
    const books = await live();
    const messageId = await sent(books);
    const mail = smtp.received.at(-1);
    assert.equal(mail?.sender, writeTo('bounce', messageId));
    assert.ok(mail?.raw.includes(`Reply-To: ${writeTo('reply', messageId)}`));
    assert.match(mail?.raw ?? '', /^X-PM-Metadata-message: msg_/im);
    assert.ok((mail?.sender.split('@')[0]?.length ?? 99) <= 64, 'RFC 5321, 4.5.3.1.1');
  });

  test('mail that opens an account is answered to a person, and is never watched', async () => {
    const books = await live();
    await books.tx((tx) =>
      tx.run(sql`update organizations set track_opens = true, track_clicks = true, reply_to = 'us@fern.example'
        where id = ${books.organizationId}`),
    );
    await sent(books, { isSecurity: true, html: '<body><a href="https://owed.test/x">x</a></body>' });
    const raw = smtp.received.at(-1)?.raw ?? '';
    assert.match(raw, /^Reply-To: us@fern\.example/m);
    assert.ok(raw.includes('<a href="https://owed.test/x">') && !raw.includes('<img'));
  });

  test('a report of a server that knows no such reader: the message has bounced, and the next one is held back', async () => {
    const books = await live();
    const messageId = await sent(books);
    const to = writeTo('bounce', messageId);
    assert.equal((await post(deliveryReport({ to }), [to])).statusCode, 202);
    await work();
    const row = await stateOf(books, messageId);
    assert.equal(row?.state, 'bounced');
    assert.match(row?.lastError ?? '', /User unknown/);
    assert.deepEqual(await problems(books), [{ email: 'ana@example.com', kind: 'hard_bounce' }]);
    const next = await queueMail(books);
    assert.equal(next.state, 'suppressed');
    assert.deepEqual(await stateOf(books, next.messageId).then((r) => [r?.state, r?.suppressedBy]), [
      'suppressed',
      'email_problem',
    ]);
    assert.equal((await events(books, 'message.bounced')).length, 1);
    assert.equal((await events(books, 'message.suppressed')).length, 1);
    const door = await queueMail(books, { isSecurity: true });
    assert.equal((await stateOf(books, door.messageId))?.state, 'queued', 'mail that opens an account goes');
    const both = await queueMail(books, { to: ['Ana@Example.com', 'ben@example.com'] });
    const mails = await mailsOf(books);
    assert.deepEqual(mails.find(({ id }) => id === both.messageId)?.toEmails, ['ben@example.com']);
  });

  test('the same report twice, and again after the repair, changes nothing more', async () => {
    const books = await live();
    const messageId = await sent(books);
    const to = writeTo('bounce', messageId);
    await post(deliveryReport({ to }), [to]);
    await work();
    await books.tx((tx) =>
      tx.run(sql`delete from email_problems where organization_id = ${books.organizationId}`),
    );
    await post(deliveryReport({ to }), [to]);
    await post(Buffer.concat([Buffer.from('X-Again: 1\r\n'), deliveryReport({ to })]), [to]);
    assert.equal((await work()).length, 1, 'the very same mail is not even worked');
    assert.deepEqual(await problems(books), []);
    assert.equal((await events(books, 'message.bounced')).length, 1);
  });

  test('a full mailbox or a report that says nothing of the address stops no later mail', async () => {
    const books = await live();
    for (const [status, words] of [
      ['5.2.2', '552 5.2.2 Mailbox full'],
      ['4.4.7', 'Message expired'],
      ['5.7.1', '550 5.7.1 Spam'],
    ] as const) {
      const messageId = await sent(books);
      const to = writeTo('bounce', messageId);
      await post(deliveryReport({ to, status, words }), [to]);
      await work();
      assert.equal((await stateOf(books, messageId))?.state, 'soft_bounced', status);
    }
    assert.deepEqual(await problems(books), []);
  });

  test('the address of the envelope names the message, never the text of the report', async () => {
    const books = await live();
    const [one, other] = [await sent(books), await sent(books, { to: ['ben@example.com'] })];
    const to = writeTo('bounce', one);
    await post(deliveryReport({ to: writeTo('bounce', other), reader: 'ben@example.com' }), [to]);
    await work();
    assert.equal((await stateOf(books, one))?.state, 'bounced');
    assert.equal((await stateOf(books, other))?.state, 'sent');
    assert.deepEqual(await problems(books), [{ email: 'ana@example.com', kind: 'hard_bounce' }]);
  });

  test('an address with a forged signature, or one of another purpose, is nobody’s', async () => {
    const books = await live();
    const messageId = await sent(books);
    const good = writeTo('bounce', messageId);
    const forged = [
      good.replace(/-[0-9a-f]{20}@/, `-${'0'.repeat(20)}@`),
      good.replace('bounce+', 'reply+'),
      `bounce+${messageId.slice(4)}@${mailInHost}`,
      good.replace(messageId.slice(4, 10), 'zzzzzz'),
    ];
    for (const to of forged) await post(deliveryReport({ to }), [to]);
    const outcomes = await work();
    assert.equal(outcomes.length, forged.length);
    assert.equal((await stateOf(books, messageId))?.state, 'sent');
    assert.deepEqual(await problems(books), []);
  });

  test('a report sent to the answer address does not pass for one', async () => {
    const books = await live();
    const messageId = await sent(books);
    const to = writeTo('reply', messageId);
    await post(deliveryReport({ to }), [to]);
    assert.deepEqual(await work(), ['a report that did not come to the return address']);
    assert.equal((await stateOf(books, messageId))?.state, 'sent');
  });

  test('mail that is no mail, nests without end, or has a head without end is taken and told apart cleanly', async () => {
    const books = await live();
    const messageId = await sent(books);
    const to = writeTo('bounce', messageId);
    const deep = Array.from(
      { length: 200 },
      (_, n) => `--b${n}\r\nContent-Type: multipart/mixed; boundary=b${n + 1}\r\n\r\n`,
    );
    const wrong = [
      Buffer.from('\u0000\u0001\u0002'),
      Buffer.from(`Content-Type: multipart/mixed; boundary=b0\r\n\r\n${deep.join('')}`),
      Buffer.from(`X-Long: ${'a'.repeat(2_000_000)}\r\n\r\nhello`),
      Buffer.from(
        'Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n::::\r\nAction\r\n: :\r\n--x--',
      ),
    ];
    for (const raw of wrong) assert.equal((await post(raw, [to])).statusCode, 202);
    assert.equal((await work()).length, wrong.length);
    assert.equal((await stateOf(books, messageId))?.state, 'sent');
  });

  test('the door takes no mail without the token, none that is empty, and none above 25 MB', async () => {
    const to = ['bounce+x@mail.owed.test'];
    assert.equal((await post(Buffer.from('a'), to, 'wrong')).statusCode, 401);
    assert.equal((await post(Buffer.alloc(0), to)).statusCode, 422);
    assert.equal((await post(Buffer.alloc(26 * 1024 * 1024, 97), to)).statusCode, 413);
    assert.deepEqual(await work(), []);
  });
});

describe('what a provider reports', () => {
  const told = (messageId: string, RecordType: string, more: object = {}) =>
    postmark({ RecordType, Email: 'ana@example.com', Metadata: { message: messageId }, ...more });

  test('delivered, opened and a bounce that comes late, in any order, end the same', async () => {
    const books = await live();
    const messageId = await sent(books);
    await told(messageId, 'Open');
    await told(messageId, 'Delivery');
    await work();
    assert.equal((await stateOf(books, messageId))?.state, 'opened');
    await told(messageId, 'Bounce', { Type: 'HardBounce', Details: 'smtp;550 5.1.1 unknown' });
    await told(messageId, 'Delivery', { DeliveredAt: '2026-03-02T15:00:01Z' });
    await work();
    assert.equal((await stateOf(books, messageId))?.state, 'bounced');
    assert.equal((await events(books, 'message.delivered')).length, 1);
  });

  test('a reader who calls it spam is not written to again', async () => {
    const books = await live();
    const messageId = await sent(books);
    await told(messageId, 'SpamComplaint');
    await work();
    assert.deepEqual(await problems(books), [{ email: 'ana@example.com', kind: 'complaint' }]);
    assert.equal((await queueMail(books)).state, 'suppressed');
  });

  test('a caller without the password changes nothing; a provider that is not set up has no door', async () => {
    assert.equal((await postmark({ RecordType: 'Bounce' }, 'wrong')).statusCode, 403);
    const other = await app.fastify.inject({ method: 'POST', url: '/webhooks/mail/ses', payload: {} });
    assert.equal(other.statusCode, 404);
    assert.deepEqual(await work(), []);
  });

  test('news of one reader that come while another still waits are not lost when the mail has gone to all', async () => {
    const books = await live();
    smtp.troubles.push({ kind: 'recipient', email: 'ben@example.com', code: 450 });
    const messageId = await sent(books, { to: ['ana@example.com', 'ben@example.com'] });
    assert.equal((await stateOf(books, messageId))?.state, 'queued');
    await told(messageId, 'Bounce', { Type: 'HardBounce', Details: '550 5.1.1 unknown' });
    await work();
    assert.equal((await stateOf(books, messageId))?.state, 'queued');
    const mailer = smtpMailer({ url: smtp.url });
    await sendMessage(
      { db: books.db, mailer },
      { organizationId: books.organizationId, messageId },
      later(120),
    );
    mailer.close();
    assert.equal((await stateOf(books, messageId))?.state, 'bounced');
  });

  test('a server that says at once that there is no such reader is believed as well', async () => {
    const books = await live();
    smtp.troubles.push({ kind: 'recipient', email: 'ana@example.com', code: 550 });
    const messageId = await sent(books);
    assert.equal((await stateOf(books, messageId))?.state, 'failed');
    assert.deepEqual(await problems(books), [{ email: 'ana@example.com', kind: 'hard_bounce' }]);
  });
});

describe('whether mail is read', () => {
  const watch = (books: Books) =>
    books.tx((tx) =>
      tx.run(
        sql`update organizations set track_opens = true, track_clicks = true where id = ${books.organizationId}`,
      ),
    );
  const html = '<html><body><a href="https://owed.test/i/a?b=1&amp;c=2">Pay</a></body></html>';
  const raw = () => smtp.received.at(-1)?.raw.replace(/=\r\n/g, '').replaceAll('=3D', '=') ?? '';

  test('nothing is watched until the organization asks for it', async () => {
    const books = await live();
    await sent(books, { html });
    assert.ok(raw().includes('href="https://owed.test/i/a?b=1&amp;c=2"') && !raw().includes('<img'));
  });

  test('a link leads through us to where the mail led, and says so; the picture counts as opened', async () => {
    const books = await live();
    await watch(books);
    const messageId = await sent(books, { html });
    const [, link] = /href="https:\/\/owed\.test(\/m\/[^"]+)"/.exec(raw()) ?? [];
    const [, picture] = /src="https:\/\/owed\.test(\/m\/[^"]+)"/.exec(raw()) ?? [];
    assert.ok(link && picture && !raw().includes('/i/a?b=1'));
    const opened = await app.fastify.inject({ method: 'GET', url: picture });
    assert.equal(opened.headers['content-type'], 'image/gif');
    assert.equal((await stateOf(books, messageId))?.state, 'opened');
    const clicked = await app.fastify.inject({ method: 'GET', url: link });
    assert.deepEqual([clicked.statusCode, clicked.headers.location], [302, 'https://owed.test/i/a?b=1&c=2']);
    assert.equal(clicked.headers['referrer-policy'], 'no-referrer');
    assert.equal((await stateOf(books, messageId))?.state, 'clicked');
  });

  test('no address can be made up: neither another link, nor another message', async () => {
    const books = await live();
    await watch(books);
    await sent(books, { html });
    const [, link = ''] = /href="https:\/\/owed\.test(\/m\/[^"]+)"/.exec(raw()) ?? [];
    for (const url of [
      link.replace('.0.', '.1.'),
      link.replace('.0.', '.open.'),
      `${link.slice(0, -1)}_`,
      '/m/x',
    ])
      assert.equal((await app.fastify.inject({ method: 'GET', url })).statusCode, 404, url);
  });
});
