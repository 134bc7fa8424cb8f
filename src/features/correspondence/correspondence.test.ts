import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import { sql } from 'kysely';
import { startFakeSmtp } from '#connectors/mail/smtp/smtp-lab.ts';
import { smtpMailer } from '#connectors/mail/smtp/smtp-mailer.ts';
import type { Mailer } from '#features/correspondence/mailer.ts';
import { retryMessage } from '#features/correspondence/retry-message.ts';
import { retryAfter_s } from '#features/correspondence/rules.ts';
import { sendMessage } from '#features/correspondence/send-message.ts';
import { sweepMessages } from '#features/correspondence/sweep-messages.ts';
import type { Refusal } from '#lib/errors.ts';
import { type Books, given, later, start } from '../../../test/support/given.ts';
import { outbox, queueMail } from '../../../test/support/mails.ts';

const fake = await startFakeSmtp();
const mailer = smtpMailer({ url: fake.url, timeout_ms: 5000 });
after(async () => {
  mailer.close();
  await fake.stop();
});
afterEach(() => {
  fake.received.length = 0;
  fake.troubles.length = 0;
});

type Row = {
  state: string;
  route: string;
  attempts: number;
  lastError: string | null;
  nextAttemptAt: Date | null;
  sentAt: Date | null;
  acceptedEmails: string[];
  replyTo: string | null;
  fromEmail: string;
};
const rowOf = async (books: Books, id: string): Promise<Row> => {
  const row = await books.tx((tx) =>
    tx.row<Row>(sql`select * from messages
    where organization_id = ${books.organizationId} and id = ${id}`),
  );
  assert.ok(row);
  return row;
};
const send = (books: Books, messageId: string, at: Date = start, by: Mailer | undefined = mailer) =>
  sendMessage({ db: books.db, mailer: by }, { organizationId: books.organizationId, messageId }, at);
const eventsOf = (books: Books, id: string) =>
  books.tx(async (tx) =>
    (
      await tx.rows<{ type: string }>(sql`
  select type from events where organization_id = ${books.organizationId} and subject_id = ${id} order by id`)
    ).map((row) => row.type),
  );
const messageIdOf = (raw: string): string | undefined => /^Message-ID: (\S+)/m.exec(raw)?.[1];
const live = () => given.organization({ mode: 'live' });

describe('messages', () => {
  test('a practice organization’s mail goes to the mailbox at once and never leaves', async () => {
    const books = await given.organization();
    const { messageId } = await queueMail(books);
    const row = await rowOf(books, messageId);
    assert.deepEqual([row.state, row.route, row.nextAttemptAt], ['sent', 'mailbox', null]);
    await send(books, messageId);
    assert.equal(fake.received.length, 0);
    assert.deepEqual(await eventsOf(books, messageId), ['message.sent']);
  });

  test('without a mail server a live organization’s mail stays in the mailbox too', async () => {
    const books = await live();
    const { messageId } = await queueMail(books, {}, { ...outbox, hasSmtp: false });
    assert.equal((await rowOf(books, messageId)).route, 'mailbox');
  });

  test('a live organization’s mail goes out by SMTP as it is stored, from the organization, to be answered by a person', async () => {
    const books = await live();
    await books.tx((tx) =>
      tx.run(
        sql`update organizations set reply_to = 'billing@fern.example' where id = ${books.organizationId}`,
      ),
    );
    const { messageId } = await queueMail(books, { cc: ['ben@example.com'] });
    assert.equal((await rowOf(books, messageId)).state, 'queued');
    await send(books, messageId);
    const [mail] = fake.received;
    assert.ok(mail);
    assert.deepEqual(mail.recipients, ['ana@example.com', 'ben@example.com']);
    assert.equal(messageIdOf(mail.raw), `<${messageId}@owed.test>`);
    assert.match(mail.raw, /^From: .?Organization \d+.? <no-reply@owed\.test>/m);
    assert.match(mail.raw, /^Reply-To: billing@fern\.example/m);
    const row = await rowOf(books, messageId);
    assert.deepEqual([row.state, row.attempts, row.nextAttemptAt], ['sent', 1, null]);
    assert.deepEqual(await eventsOf(books, messageId), ['message.queued', 'message.sent']);
  });

  test('two sweeps and five workers at the same moment make one mail', async () => {
    const books = await live();
    const { messageId } = await queueMail(books);
    await Promise.all([sweepMessages(books.db, later(1)), sweepMessages(books.db, later(1))]);
    const { rows } = await books.db.pool.query(`select 1 from graphile_worker._private_jobs where key = $1`, [
      `send:${messageId}`,
    ]);
    assert.equal(rows.length, 1);
    await Promise.all(Array.from({ length: 5 }, () => send(books, messageId, later(1))));
    assert.equal(fake.received.length, 1);
  });

  test('a process that dies between the send and the record: the second try carries the same Message-ID', async () => {
    const books = await live();
    const { messageId } = await queueMail(books);
    const dying: Mailer = {
      close: () => undefined,
      send: async (mail) => {
        await mailer.send(mail);
        throw new Error('killed');
      },
    };
    await assert.rejects(send(books, messageId, start, dying), /killed/);
    assert.equal((await rowOf(books, messageId)).state, 'queued');
    await send(books, messageId, later(60));
    assert.equal(fake.received.length, 1, 'the first try may still be under way');
    assert.ok((await sweepMessages(books.db, later(301))) >= 1);
    await send(books, messageId, later(301));
    assert.deepEqual(
      fake.received.map((mail) => messageIdOf(mail.raw)),
      Array(2).fill(`<${messageId}@owed.test>`),
    );
    assert.equal((await rowOf(books, messageId)).state, 'sent');
  });

  test('an answer lost after the mail was taken is tried again with the same Message-ID', async () => {
    const books = await live();
    const { messageId } = await queueMail(books);
    fake.troubles.push({ kind: 'dropAfterData' });
    await send(books, messageId);
    await send(books, messageId, later(61));
    const ids = new Set(fake.received.map((mail) => messageIdOf(mail.raw)));
    assert.deepEqual([fake.received.length, ids.size], [2, 1]);
  });

  test('a mail server that is down for two days: every try at its time, then failed in sight, then sent by hand', async () => {
    const books = await live();
    const { messageId } = await queueMail(books);
    let at = start;
    for (let attempts = 1; attempts <= 8; attempts += 1) {
      fake.troubles.push({ kind: 'data', code: 451 });
      await send(books, messageId, later(-1, at));
      assert.equal((await rowOf(books, messageId)).attempts, attempts - 1, 'not before its time');
      await send(books, messageId, at);
      const row = await rowOf(books, messageId);
      const after_s = retryAfter_s(attempts);
      assert.deepEqual([row.state, row.attempts], [after_s ? 'queued' : 'failed', attempts]);
      assert.match(row.lastError ?? '', /451/);
      if (after_s) assert.deepEqual(row.nextAttemptAt, later(after_s, at));
      at = row.nextAttemptAt ?? at;
    }
    assert.deepEqual(await eventsOf(books, messageId), ['message.queued', 'message.failed']);
    assert.equal(fake.received.length, 0);
    const again = later(9 * 86_400);
    await books.tx((tx) =>
      retryMessage(tx, books.actor, { organizationId: books.organizationId, messageId }, again),
    );
    await send(books, messageId, again);
    assert.deepEqual([fake.received.length, (await rowOf(books, messageId)).state], [1, 'sent']);
  });

  test('an address that does not exist fails at once; a second try by hand leaves out who has it', async () => {
    const books = await live();
    const { messageId } = await queueMail(books, { to: ['ana@example.com', 'gone@example.com'] });
    fake.troubles.push({ kind: 'recipient', email: 'gone@example.com', code: 550 });
    await send(books, messageId);
    const row = await rowOf(books, messageId);
    assert.equal(row.state, 'failed');
    assert.match(row.lastError ?? '', /gone@example\.com: 550/);
    await books.tx((tx) =>
      retryMessage(tx, books.actor, { organizationId: books.organizationId, messageId }, later(60)),
    );
    await send(books, messageId, later(60));
    assert.deepEqual(
      fake.received.map((mail) => mail.recipients),
      [['ana@example.com'], ['gone@example.com']],
    );
    assert.equal((await rowOf(books, messageId)).state, 'sent');
  });

  test('an address that turns bad while its mail waits gets nothing: the mail is held back, and says why', async () => {
    const books = await live();
    const { messageId } = await queueMail(books);
    const { toEmails } = (await rowOf(books, messageId)) as Row & { toEmails: string[] };
    await books.tx((tx) =>
      tx.run(sql`insert into email_problems (organization_id, email, kind, reason, since)
        select ${books.organizationId}, lower(e), 'hard_bounce', 'No such mailbox', ${start} from unnest(${toEmails}::text[]) e`),
    );
    await send(books, messageId);
    const row = (await rowOf(books, messageId)) as Row & { suppressedBy: string | null };
    assert.deepEqual([row.state, row.suppressedBy, row.nextAttemptAt], ['suppressed', 'email_problem', null]);
    assert.equal(fake.received.length, 0);
    assert.deepEqual(await eventsOf(books, messageId), ['message.queued', 'message.suppressed']);
  });

  test('what has been sent, or is being sent, is not sent again by hand', async () => {
    const books = await live();
    const { messageId } = await queueMail(books);
    const retry = () =>
      books.tx((tx) =>
        retryMessage(tx, books.actor, { organizationId: books.organizationId, messageId }, start),
      );
    await assert.rejects(
      retry(),
      (error: Refusal) => error.code === 'state_refused' && /by itself/.test(error.message),
    );
    await send(books, messageId);
    await assert.rejects(retry(), (error: Refusal) => error.code === 'state_refused');
  });

  test('a mail server that was taken out of the settings loses no mail', async () => {
    const books = await live();
    const { messageId } = await queueMail(books);
    await sendMessage(
      { db: books.db, mailer: undefined },
      { organizationId: books.organizationId, messageId },
      start,
    );
    const row = await rowOf(books, messageId);
    assert.equal(row.state, 'queued');
    assert.match(row.lastError ?? '', /SMTP_URL/);
  });

  test('one key makes one message, also when two ask at the same moment', async () => {
    const books = await live();
    const asked = await Promise.all(
      Array.from({ length: 4 }, () => queueMail(books, { dedupeKey: 'receipt pay_1' })),
    );
    assert.equal(new Set(asked.map((each) => each.messageId)).size, 1);
    assert.equal(asked.filter((each) => each.isNew).length, 1);
    assert.deepEqual(await eventsOf(books, asked[0]?.messageId ?? ''), ['message.queued']);
  });

  test('a text that no database stores is stored without the letters that stand in the way', async () => {
    const books = await live();
    const { messageId } = await queueMail(books, { text: 'a\u0000b\ud800c' });
    const row = await books.tx((tx) =>
      tx.row<{ text: string }>(sql`select text from messages where id = ${messageId}`),
    );
    assert.equal(row?.text, 'ab\ufffdc');
  });
});
