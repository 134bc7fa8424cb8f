import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { deliveryReport, mailInHost, writeTo } from '../../../test/support/incoming-mail.ts';
import {
  closeMailHouse,
  events,
  live,
  openMailHouse,
  post,
  problems,
  sent,
  smtp,
  stateOf,
  work,
} from '../../../test/support/mail-house.ts';
import { mailsOf, queueMail } from '../../../test/support/mails.ts';

before(openMailHouse);
after(closeMailHouse);

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
        'Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n' +
          'Content-Type: message/delivery-status\r\n\r\n::::\r\nAction\r\n: :\r\n--x--',
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
