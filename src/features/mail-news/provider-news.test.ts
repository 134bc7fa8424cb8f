import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { smtpMailer } from '#connectors/mail/smtp/smtp-mailer.ts';
import { sendMessage } from '#features/correspondence/send-message.ts';
import { later } from '../../../test/support/given.ts';
import {
  app,
  closeMailHouse,
  events,
  live,
  openMailHouse,
  postmark,
  problems,
  sent,
  smtp,
  stateOf,
  work,
} from '../../../test/support/mail-house.ts';
import { queueMail } from '../../../test/support/mails.ts';

before(openMailHouse);
after(closeMailHouse);

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
