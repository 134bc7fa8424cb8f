import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Actor, systemActor } from '#db/db.ts';
import { hideLinks } from '#features/correspondence/hide-links.ts';
import { getMessage, listMessages } from '#features/correspondence/queries.ts';
import { queueSecurityMail } from '#features/correspondence/queue-security-mail.ts';
import { retryMessage } from '#features/correspondence/retry-message.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { type Books, given, start } from '../../../test/support/given.ts';
import { outbox, queueMail } from '../../../test/support/mails.ts';

const live = () => given.organization({ mode: 'live' });
const reader = (books: Books, mode: 'live' | 'sandbox', actor: Actor = books.actor) => ({
  actor,
  organization: { id: books.organizationId, mode },
});
const filter = { limit: 10, state: 'all' as const };

describe('the outbox as staff sees it', () => {
  test('lists newest first by reader, kind and state, and pages', async () => {
    const books = await given.organization();
    const ids: string[] = [];
    for (const to of ['ana@example.com', 'ben@example.com', 'ana@example.com'])
      ids.push((await queueMail(books, { to: [to] })).messageId);
    const list = (change: object) =>
      books.tx((tx) => listMessages(tx, reader(books, 'sandbox'), { ...filter, ...change }));
    assert.deepEqual(
      (await list({})).data.map((each) => each.id),
      ids.toReversed(),
    );
    assert.deepEqual(
      (await list({ to: 'ANA@example.com' })).data.map((each) => each.id),
      [ids[2], ids[0]],
    );
    assert.equal((await list({ state: 'failed' })).data.length, 0);
    assert.equal((await list({ kind: 'receipt' })).data.length, 0);
    const first = await list({ limit: 2 });
    assert.deepEqual([first.data.length, first.has_more], [2, true]);
    const rest = await list({ limit: 2, startingAfter: first.data[1]?.id });
    assert.deepEqual([rest.data.map((each) => each.id), rest.has_more], [[ids[0]], false]);
  });

  test('another organization’s message is not there', async () => {
    const [books, stranger] = [await given.organization(), await given.organization()];
    const { messageId } = await queueMail(books);
    const asStranger = () => stranger.tx((tx) => getMessage(tx, reader(stranger, 'sandbox'), messageId));
    await assert.rejects(asStranger, (error: Refusal) => error.code === 'not_found');
    // Even a query that forgets to ask whose it is sees nothing.
    assert.equal(
      await stranger.tx((tx) => tx.row(sql`select 1 from messages where id = ${messageId}`)),
      undefined,
    );
    await assert.rejects(
      stranger.tx((tx) =>
        retryMessage(tx, stranger.actor, { organizationId: stranger.organizationId, messageId }, start),
      ),
      Refusal,
    );
  });

  const secret = 'https://owed.test/portal/welcome/SECRET-token_1?a=1&b=2';
  const invite = (books: Books, realm: 'live' | 'sandbox', box = outbox) =>
    books.tx((tx) =>
      queueSecurityMail(
        tx,
        books.actor,
        {
          organizationId: books.organizationId,
          outbox: box,
          realm,
          kind: 'portal_invitation',
          to: 'ana@example.com',
          subject: 'Welcome',
          heading: 'Welcome',
          blocks: [
            { kind: 'button', words: 'Create your login', url: secret },
            { kind: 'paragraph', words: [`Or copy ${secret} or `, { url: secret, words: 'click here' }] },
          ],
        },
        books.now,
      ),
    );
  const user = async (books: Books, operator: boolean): Promise<Actor> => {
    const userId = newId('user');
    await books.db.transaction(systemActor('test'), (tx) =>
      tx.run(sql`
      insert into users (id, email, password_hash, operator, created_at)
      values (${userId}, ${`${userId}@example.com`}, '-', ${operator}, ${start})`),
    );
    return { kind: 'user', organizationId: books.organizationId, userId, roles: ['superuser'] };
  };

  test('a link that opens a live account is shown to the operator and to nobody else, in no form', async () => {
    const books = await live();
    const { messageId } = await invite(books, 'live', { ...outbox, hasSmtp: false });
    const apiKey: Actor = {
      kind: 'api_key',
      organizationId: books.organizationId,
      apiKeyId: newId('apiKey'),
      scopes: [],
    };
    for (const actor of [await user(books, false), apiKey, books.actor]) {
      const message = await books.tx((tx) => getMessage(tx, reader(books, 'live', actor), messageId));
      assert.doesNotMatch(JSON.stringify(message), /SECRET/);
      assert.match(message.text, /link hidden/);
      const listed = await books.tx((tx) => listMessages(tx, reader(books, 'live', actor), filter));
      assert.doesNotMatch(JSON.stringify(listed), /SECRET/);
    }
    const operator = await user(books, true);
    const shown = await books.tx((tx) => getMessage(tx, reader(books, 'live', operator), messageId));
    assert.ok(shown.text.includes(secret) && /SECRET/.test(shown.html));
  });

  test('a practice account’s link is shown: it opens nothing real, and can go through no live organization', async () => {
    const [books, real] = [await given.organization(), await live()];
    const { messageId } = await invite(books, 'sandbox');
    const message = await books.tx((tx) => getMessage(tx, reader(books, 'sandbox'), messageId));
    assert.ok(message.text.includes(secret));
    assert.equal(message.route, 'mailbox');
    await assert.rejects(invite(books, 'live'), /live account/);
    await assert.rejects(invite(real, 'sandbox'), /sandbox account/);
  });
});

test('a hidden link leaves no address behind, and pictures keep theirs', () => {
  const { html, text } = hideLinks({
    html:
      '<a href="HTTPS://owed.test/t/SECRET">https://owed.test/t/SECRET&amp;x=1</a> <img src="https://owed.test/logo.png">' +
      '<a href="/relative/SECRET">x</a><a href="mailto:a@b.c">a</a>',
    text: 'Open:\nhttps://owed.test/t/SECRET\nnow',
  });
  assert.equal(
    html,
    '<a href="#link-hidden">(link hidden)</a> <img src="https://owed.test/logo.png">' +
      '<a href="#link-hidden">x</a><a href="mailto:a@b.c">a</a>',
  );
  assert.equal(text, 'Open:\n(link hidden)\nnow');
});
