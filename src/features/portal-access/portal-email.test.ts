import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type Books, given } from '../../../test/support/given.ts';
import {
  Browser,
  countMails,
  freshEmail,
  goodPassword,
  mailedLink,
  query,
  trySignIn,
  workOff,
} from '../../../test/support/portal.ts';
import { payerOf, type TestPayer } from '../../../test/support/portal-payer.ts';

let books: Books;
before(async () => {
  books = await given.organization();
});

type Who = Pick<TestPayer, 'browser'>;

/** Ask for another address, as the form does, and let the worker write the mail. */
async function ask({ browser }: Who, email: string, password = goodPassword): Promise<Browser> {
  await browser.open('/portal/email');
  await browser.submit('/portal/email', { email, current_password: password });
  await workOff('send-portal-email-change', email);
  return browser;
}

const addressOf = async ({ email }: { email: string }): Promise<string[]> =>
  (await query<{ email: string }>('select email from portal_users where email = $1', [email])).map(
    (row) => row.email,
  );
const newestMail = async (to: string) =>
  (
    await query<{ subject: string; text: string; kind: string }>(
      'select subject, text, kind from messages where $1 = any(to_emails) order by id desc limit 1',
      [to],
    )
  )[0];

test('a login moves to another address: password, link at the new one, notice at the old one', async () => {
  const who = await payerOf(books);
  const other = await trySignIn(who.email, goodPassword);
  const [email, until] = [freshEmail('june'), countMails(who.email)];
  assert.match((await who.browser.open('/portal/profile')).html, /href="\/portal\/email"/);
  assert.match((await ask(who, email)).title, /Look at your new address/);
  assert.match(who.browser.text, new RegExp(`Until then you sign in with ${who.email}`));
  assert.equal(await countMails(who.email), await until, 'the old address is told when it happens');
  assert.equal((await trySignIn(who.email, goodPassword)).path, '/portal', 'until then nothing has changed');

  const link = await mailedLink(email, 'email');
  assert.equal(await new Browser().head(link), 204, 'a mail program that looks ahead changes nothing');
  await who.browser.open(link);
  assert.equal(who.browser.path, '/portal/profile');
  assert.match(who.browser.text, /new email address from now on/);
  assert.match(who.browser.text, new RegExp(email));
  const notice = await newestMail(who.email);
  assert.deepEqual([notice?.kind, notice?.subject], ['login_notice', 'Your login has a new email address']);
  assert.match(notice?.text ?? '', new RegExp(`moved from this\\saddress to ${email}`));
  assert.doesNotMatch(notice?.text ?? '', /\/portal\//, 'it opens nothing');

  assert.equal((await trySignIn(email, goodPassword)).path, '/portal');
  assert.equal((await trySignIn(who.email, goodPassword)).status, 401);
  assert.equal((await other.open('/portal')).path, '/portal/sign-in', 'other browsers are signed out');
  assert.equal((await who.browser.open(link)).path, '/portal/profile', 'opening the link again does no harm');
  const events = await query<{ count: number }>(
    `select count(*)::int as count from events where type = 'portal.email_changed' and customer_id = $1`,
    [who.customerId],
  );
  assert.equal(events[0]?.count, 1);
});

test('a wrong password asks for nothing, and five of them pause the door', async () => {
  const who = await payerOf(books);
  const email = freshEmail('june');
  assert.match((await ask(who, email, 'not the right password')).text, /not your current password/);
  assert.equal(who.browser.status, 422);
  assert.match(who.browser.html, new RegExp(`value="${email}"`));
  for (let tries = 0; tries < 5; tries += 1) await ask(who, email, 'not the right password');
  assert.match(who.browser.text, /Too many wrong passwords/);
  assert.equal((await trySignIn(who.email, goodPassword)).status, 429);
  assert.equal(await countMails(email), 0);
});

test('nobody learns whether an address has a login: its owner alone is told, and nothing moves', async () => {
  const [who, taken] = [await payerOf(books), await payerOf(books)];
  const free = await ask(who, freshEmail('nobody'));
  const page = free.plain;
  const again = await ask(who, taken.email.toUpperCase());
  assert.deepEqual([again.status, again.plain], [200, page]);
  const told = (await newestMail(taken.email.toUpperCase()))?.text ?? '';
  assert.match(told, /has a login of its own, so nothing was changed/);
  assert.doesNotMatch(told, /\/portal\/email/);
  assert.ok(!told.includes(who.email), 'nor is the owner told who asked');
  assert.deepEqual(await addressOf(who), [who.email]);
});

test('of two who were sent a link to one address, the second is refused when the first has it', async () => {
  const [first, second] = [await payerOf(books), await payerOf(books)];
  const email = freshEmail('shared');
  await ask(first, email);
  const link = await mailedLink(email, 'email');
  await ask(second, email);
  const later = await mailedLink(email, 'email');
  assert.notEqual(link, later);
  assert.match((await first.browser.open(link)).text, /from now on/);
  await second.browser.open(later);
  assert.equal(second.browser.status, 409);
  assert.match(second.browser.text, /a login of its own by now/);
  assert.deepEqual(await addressOf(second), [second.email]);
});

test('the link works for its login alone: a mistyped address hands nothing to a stranger', async () => {
  const [who, stranger] = [await payerOf(books), await payerOf(books)];
  const email = freshEmail('mistyped');
  await ask(who, email);
  const link = await mailedLink(email, 'email');
  const nobody = await new Browser().open(link);
  assert.equal(nobody.path, '/portal/sign-in');
  assert.match(nobody.text, /Sign in with the address that you had until now/);
  assert.equal((await stranger.browser.open(link)).status, 403);
  assert.equal((await who.browser.open(link.replace('/email/', '/confirm/'))).status, 404);
  assert.deepEqual(await addressOf(who), [who.email]);
});

test('a second thought ends the first link, and links at the old address die with the change', async () => {
  const who = await payerOf(books);
  const [one, two] = [freshEmail('one'), freshEmail('two')];
  await ask(who, one);
  const first = await mailedLink(one, 'email');
  await ask(who, two);
  assert.equal((await who.browser.open(first)).status, 410);
  const door = await new Browser().open('/portal/forgot');
  await door.submit('/portal/forgot', { email: who.email });
  await workOff('send-portal-way-back', who.email);
  const reset = await mailedLink(who.email, 'reset');
  await who.browser.open(await mailedLink(two, 'email'));
  assert.equal((await new Browser().open(reset)).status, 410);
});

test('what is no address, or the own one, is told; and three wishes an hour are enough', async () => {
  const who = await payerOf(books);
  assert.match((await ask(who, 'june at example')).text, /such as name@example\.com/);
  assert.match((await ask(who, who.email.toUpperCase())).text, /sign in with this address already/);
  for (let wishes = 0; wishes < 3; wishes += 1) await ask(who, freshEmail('wish'));
  const late = freshEmail('late');
  assert.match((await ask(who, late)).text, /You have asked several times\. You can ask again at/);
  assert.equal(await countMails(late), 0);
});
