import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type Books, given } from '../../../test/support/given.ts';
import {
  Browser,
  countMails,
  freshEmail,
  goodPassword,
  invite,
  mailedLink,
  query,
  trySignIn,
  workOff,
} from '../../../test/support/portal.ts';
import { payerOf } from '../../../test/support/portal-payer.ts';
import { testServer } from '../../../test/support/server.ts';

let books: Books;
before(async () => {
  books = await given.organization();
});

test('five wrong passwords pause an address, known or not, in the same words; the right one does not help', async () => {
  const { email } = await payerOf(books);
  const walk = async (address: string): Promise<{ status: number; page: string }[]> => {
    const pages: { status: number; page: string }[] = [];
    for (let tries = 0; tries < 6; tries += 1) {
      const browser = await trySignIn(address, 'not the right password');
      pages.push({
        status: browser.status,
        page: browser.plain
          .replaceAll(address, 'ADDRESS')
          .replace(/(\w+ \d+, )?\d+:\d\d [AP]M( UTC)?/, 'TIME'),
      });
    }
    return pages;
  };
  const [known, unknown] = [await walk(email), await walk(freshEmail('nobody'))];
  assert.deepEqual(known, unknown);
  assert.deepEqual(
    known.map((page) => page.status),
    [401, 401, 401, 401, 429, 429],
  );
  const locked = await trySignIn(email, goodPassword);
  assert.match(locked.text, /You can try again at (\w+ \d+, )?\d+:\d\d [AP]M/);
  assert.ok(Number(locked.headers['retry-after']) > 14 * 60);
});

test('many wrong passwords at once are counted before they are compared', async () => {
  const { email } = await payerOf(books);
  const browser = await new Browser().open('/portal/sign-in');
  const form = browser.filled('/portal/sign-in', { email, password: 'not the right password' });
  const { app } = await testServer();
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const replies = await Promise.all(
    Array.from({ length: 12 }, () =>
      app.fastify.inject({
        method: 'POST',
        url: '/portal/sign-in',
        payload: form.toString(),
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      }),
    ),
  );
  assert.equal(replies.filter((reply) => reply.statusCode === 401).length, 4);
  assert.equal(replies.filter((reply) => reply.statusCode === 429).length, 8);
});

test('a pause ends by itself, and a right password forgives the wrong ones', async () => {
  const { email } = await payerOf(books);
  for (let tries = 0; tries < 5; tries += 1) await trySignIn(email, 'not the right password');
  const [user] = await query<{ locked_until: Date }>(
    'select locked_until from portal_users where email = $1',
    [email],
  );
  assert.ok(user && user.locked_until > new Date(), 'staff sees the lock');
  await query(
    `update address_guards set locked_until = now() - interval '1 second' where locked_until = $1`,
    [user.locked_until],
  );
  assert.equal((await trySignIn(email, goodPassword)).path, '/portal');
  assert.equal(
    (await trySignIn(email, 'not the right password')).status,
    401,
    'counted from the start again',
  );
});

test('a reset by mail lets one in right away, ends every other session, and works once', async () => {
  const { email, browser } = await payerOf(books);
  for (let tries = 0; tries < 5; tries += 1) await trySignIn(email, 'not the right password');
  const lost = await new Browser().open('/portal/forgot');
  await lost.submit('/portal/forgot', { email });
  await workOff('send-portal-way-back', email);
  const link = await mailedLink(email, 'reset');
  const reset = await new Browser().open(link);
  assert.equal((await new Browser().open(link)).status, 200, 'looking at the link uses nothing up');
  await reset.submit(link, { password: 'short' });
  assert.equal(reset.status, 422);
  await reset.submit(link, { password: 'nine other harbours' });
  assert.equal(reset.path, '/portal');
  assert.equal((await browser.open('/portal')).path, '/portal/sign-in', 'the old session is over');
  const again = await new Browser().open(link);
  assert.equal(again.status, 410);
  assert.match(again.title, /already been used/);
  assert.equal((await trySignIn(email, goodPassword)).status, 401);
  assert.equal((await trySignIn(email, 'nine other harbours')).path, '/portal');
});

test('asking for a reset is answered alike for every address, and limited', async () => {
  const { email } = await payerOf(books);
  const ask = async (address: string): Promise<string> => {
    const browser = await new Browser().open('/portal/forgot');
    await browser.submit('/portal/forgot', { email: address });
    return browser.plain.replaceAll(address, 'ADDRESS').replace(/(\w+ \d+, )?\d+:\d\d [AP]M( UTC)?/, 'TIME');
  };
  const nobody = freshEmail('nobody');
  for (let asked = 0; asked < 4; asked += 1)
    assert.equal(await ask(email), await ask(nobody), `asked ${asked + 1} times`);
  await workOff('send-portal-way-back', email);
  await workOff('send-portal-way-back', nobody);
  assert.equal(await countMails(nobody), 0);
  assert.match(await ask(email), /You can ask again at TIME/);
});

test('someone invited who forgot about it gets the invitation again', async () => {
  const email = freshEmail();
  await invite(books, [await given.customer(books, { email })]);
  const [first, browser] = [await mailedLink(email, 'welcome'), await new Browser().open('/portal/forgot')];
  await browser.submit('/portal/forgot', { email });
  await workOff('send-portal-way-back', email);
  assert.notEqual(await mailedLink(email, 'welcome'), first);
});

test('a form of another session, or from another site, does nothing', async () => {
  const { browser } = await payerOf(books);
  await browser.open('/portal');
  const form = browser.filled('/portal/sign-out');
  form.set('csrf', 'x'.repeat(32));
  assert.equal((await browser.post('/portal/sign-out', form)).status, 403);
  await browser.open('/portal');
  assert.equal(browser.path, '/portal');
  await browser.submit(
    '/portal/sign-out',
    {},
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  );
  assert.equal(browser.status, 403);
  await browser.open('/portal');
  await browser.submit('/portal/sign-out');
  assert.equal(browser.path, '/portal/sign-in');
  assert.equal((await browser.open('/portal/history')).url, '/portal/sign-in?next=%2Fportal%2Fhistory');
});

test('the password can be changed by who knows it, which ends the other sessions', async () => {
  const { email, browser } = await payerOf(books);
  const other = await trySignIn(email, goodPassword);
  await browser.open('/portal/password');
  await browser.submit('/portal/password', {
    current_password: 'a wrong password',
    password: 'nine other harbours',
  });
  assert.match(browser.text, /not your current password/);
  await browser.submit('/portal/password', {
    current_password: goodPassword,
    password: 'nine other harbours',
  });
  assert.equal(browser.path, '/portal/profile');
  assert.equal((await other.open('/portal')).path, '/portal/sign-in');
});
