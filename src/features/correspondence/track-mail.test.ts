import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Books } from '../../../test/support/given.ts';
import {
  app,
  closeMailHouse,
  live,
  openMailHouse,
  sent,
  smtp,
  stateOf,
} from '../../../test/support/mail-house.ts';

before(openMailHouse);
after(closeMailHouse);

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
