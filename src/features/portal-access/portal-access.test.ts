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
  signUp,
} from '../../../test/support/portal.ts';
import { testServer } from '../../../test/support/server.ts';

let books: Books;
before(async () => {
  books = await given.organization();
});

async function invited(
  change: Parameters<typeof given.customer>[1] = {},
): Promise<{ email: string; customerId: string; link: string }> {
  const email = change.email ?? freshEmail();
  const customerId = await given.customer(books, { ...change, email });
  await invite(books, [customerId]);
  return { email, customerId, link: await mailedLink(email, 'welcome') };
}

const query = async <Row extends object>(text: string, values: unknown[]): Promise<Row[]> =>
  (await (await testServer()).parts.db.pool.query<Row>(text, values)).rows;

const stateOf = async (customerId: string): Promise<string> => {
  const rows = await books.tx(
    async (tx) =>
      (await tx.client.query('select state from portal_states($1, $2)', [books.organizationId, [customerId]]))
        .rows as { state: string }[],
  );
  return rows[0]?.state ?? '';
};

const eventsOf = async (customerId: string): Promise<string[]> =>
  (
    await query<{ type: string }>(
      `select type from events where organization_id = $1 and subject_id = $2 and type like 'portal.%' order by id`,
      [books.organizationId, customerId],
    )
  ).map((row) => row.type);

test('the five steps: invitation, login, profile, e-mail address, agreement, and in', async () => {
  const { email, customerId, link } = await invited();
  assert.equal(await stateOf(customerId), 'invited');
  const browser = await new Browser().open(link);
  assert.match(browser.title, /Create your login/);
  await browser.submit('/portal/sign-up', { email: ` ${email.toUpperCase()} `, password: goodPassword });
  assert.equal(browser.path, '/portal/choose');
  assert.equal(await stateOf(customerId), 'account_created');
  await browser.submit('/portal/choose', { profile: [customerId] });
  assert.equal(browser.path, '/portal/check-email');
  assert.match(browser.text, new RegExp(email));
  assert.equal(await stateOf(customerId), 'email_unconfirmed');
  await browser.open(await mailedLink(email, 'confirm'));
  assert.equal(browser.path, '/portal/agreement');
  assert.match(browser.text, /address is confirmed/);
  assert.match(browser.text, /Version 1/);
  assert.equal(await stateOf(customerId), 'agreement_pending');
  await browser.submit('/portal/agreement');
  assert.equal(browser.path, '/portal');
  assert.equal(browser.status, 200);
  assert.equal(await stateOf(customerId), 'active');
  assert.deepEqual(await eventsOf(customerId), [
    'portal.invited',
    'portal.account_created',
    'portal.customer_chosen',
    'portal.email_confirmed',
    'portal.agreement_accepted',
    'portal.signed_in',
  ]);
  const [kept] = await query<{ hash: string; ip: string; user_agent: string; version: number }>(
    `select aa.* from agreement_acceptances aa join portal_users u on u.id = aa.portal_user_id where lower(u.email) = $1`,
    [email],
  );
  assert.equal(kept?.version, 1);
  assert.match(kept?.hash ?? '', /^[0-9a-f]{64}$/);
  assert.equal(kept?.user_agent, 'a test browser');
  assert.ok(kept?.ip);
});

test('every step can be left and taken up again on another device', async () => {
  const { email, customerId, link } = await invited();
  const signIn = async (): Promise<Browser> => {
    const device = await new Browser().open('/portal/sign-in');
    return device.submit('/portal/sign-in', { email, password: goodPassword });
  };
  const first = await new Browser().open(link);
  await first.submit('/portal/sign-up', { email, password: goodPassword });
  const again = await new Browser().open(link);
  assert.equal(again.path, '/portal/sign-in', 'the welcome link knows that there is a login by now');
  assert.match(again.text, /You have a login already/);
  const second = await signIn();
  assert.equal(second.path, '/portal/choose');
  assert.equal((await second.open('/portal')).path, '/portal/choose', 'no step can be passed by');
  await second.submit('/portal/choose', { profile: [customerId] });
  const third = await signIn();
  assert.equal(third.path, '/portal/check-email');
  assert.equal((await third.open(link)).path, '/portal/check-email', 'the welcome link leads on, too');
  const confirm = await mailedLink(email, 'confirm');
  const elsewhere = await new Browser().open(confirm);
  assert.equal(elsewhere.path, '/portal/sign-in');
  assert.match(elsewhere.text, /confirmed\. Sign in to continue/);
  await elsewhere.submit('/portal/sign-in', { email, password: goodPassword });
  assert.equal(elsewhere.path, '/portal/agreement');
  assert.equal(
    (await third.open('/portal/check-email')).path,
    '/portal/agreement',
    'the first device goes on as well',
  );
  await third.submit('/portal/agreement');
  assert.equal(third.path, '/portal');
  assert.equal((await elsewhere.open('/portal/agreement')).path, '/portal');
});

test('a confirmation link that was used is harmless: already confirmed, continue', async () => {
  const { email, customerId, link } = await invited();
  const browser = await new Browser().open(link);
  await browser.submit('/portal/sign-up', { email, password: goodPassword });
  await browser.submit('/portal/choose', { profile: [customerId] });
  const confirm = await mailedLink(email, 'confirm');
  await new Browser().head(confirm);
  assert.equal(
    await stateOf(customerId),
    'email_unconfirmed',
    'looking at the head of a link confirms nothing',
  );
  await browser.open(confirm);
  await browser.open(confirm);
  assert.equal(browser.path, '/portal/agreement');
  assert.match(browser.text, /confirmed already\. You can continue/);
  const other = await signUp(books, await oneMore());
  await other.open(confirm);
  assert.equal(other.status, 403);
  assert.match(other.title, /belongs to another login/);
});

async function oneMore(): Promise<{ customerIds: string[]; email: string }> {
  const email = freshEmail();
  return { email, customerIds: [await given.customer(books, { email })] };
}

test('another address than the invited one is refused in the same words, whether or not it has a login', async () => {
  const known = await oneMore();
  await signUp(books, known);
  const { email, link, customerId } = await invited();
  const attempt = async (address: string): Promise<{ page: string; status: number; text: string }> => {
    const browser = await new Browser().open(link);
    await browser.submit('/portal/sign-up', { email: address, password: goodPassword });
    return { page: browser.plain, status: browser.status, text: browser.text };
  };
  const refusals = [await attempt(known.email), await attempt(freshEmail('nobody'))];
  assert.deepEqual(refusals[0], refusals[1]);
  assert.equal(refusals[0]?.status, 422);
  assert.match(refusals[0]?.text ?? '', /Please use the address/);
  assert.equal(await stateOf(customerId), 'invited');
  const rightful = await new Browser().open(link);
  await rightful.submit('/portal/sign-up', { email, password: goodPassword });
  assert.equal(rightful.path, '/portal/choose', 'the invited one gets in all the same');
});

test('a weak password is refused in words, and what was typed comes back without it', async () => {
  const { email, link } = await invited();
  const browser = await new Browser().open(link);
  for (const password of ['short', 'password1234567', 'aaaaaaaaaaaaaaaa', `${email.split('@')[0]}!!`]) {
    await browser.submit('/portal/sign-up', { email, password });
    assert.equal(browser.status, 422, password);
    assert.ok(browser.html.includes(email) && !browser.html.includes(password));
  }
});

test('links that are expired, unknown or withdrawn lead to the remedy', async () => {
  const { email, customerId, link } = await invited();
  await query(`update link_tokens set expires_at = created_at where email = $1`, [email]);
  const browser = await new Browser().open(link);
  assert.equal(browser.status, 410);
  assert.match(browser.title, /expired/);
  const mails = await countMails(email);
  await browser.submit('/portal/renew');
  assert.match(browser.title, /new link is on its way/);
  assert.equal(await countMails(email), mails + 1);
  const fresh = await mailedLink(email, 'welcome');
  assert.notEqual(fresh, link);
  assert.match((await browser.open(fresh)).title, /Create your login/);
  for (const path of ['/portal/welcome/none', '/portal/confirm/none', '/portal/reset/none']) {
    assert.equal((await new Browser().open(path)).status, 404, path);
  }
  await query('update portal_invitations set revoked_at = now() where customer_id = $1', [customerId]);
  assert.match((await new Browser().open(fresh)).title, /withdrawn/);
  const dead = await new Browser().open('/portal/sign-in');
  await dead.post(
    '/portal/renew',
    new URLSearchParams({ csrf: dead.form('/portal/sign-in').get('csrf') ?? '', token: 'none' }),
  );
  assert.match(dead.title, /new link is on its way/, 'an unknown link is answered like any other');
});

test('the confirmation can be sent again, three times an hour, and the page says when next', async () => {
  const { email, customerId, link } = await invited();
  const browser = await new Browser().open(link);
  await browser.submit('/portal/sign-up', { email, password: goodPassword });
  await browser.submit('/portal/choose', { profile: [customerId] });
  const mails = await countMails(email);
  await browser.submit('/portal/check-email');
  assert.match(browser.text, /Sent again/);
  await browser.submit('/portal/check-email');
  assert.equal(await countMails(email), mails + 2);
  assert.match(browser.text, /sent again at (\w+ \d+, )?\d+:\d\d [AP]M/);
  assert.throws(() => browser.form('/portal/check-email'), 'there is nothing more to press');
  const csrf = await csrfOf(browser);
  await browser.post('/portal/check-email', new URLSearchParams({ csrf }));
  assert.equal(await countMails(email), mails + 2, 'nor does pressing it elsewhere help');
  await browser.open(await mailedLink(email, 'confirm'));
  assert.equal(browser.path, '/portal/agreement', 'the newest link works');
});

/** The token of the session, from whatever page of it has a form. */
async function csrfOf(browser: Browser): Promise<string> {
  const page = await browser.open('/portal/sign-in');
  return /name="csrf" value="([^"]*)"/.exec(page.html)?.[1] ?? '';
}
