import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { createApiKey } from '#features/organizations/create-api-key.ts';
import { type Books, given } from '../../../test/support/given.ts';
import {
  Browser,
  freshEmail,
  goodPassword,
  invite,
  mailedLink,
  query,
  trySignIn,
  workOff,
} from '../../../test/support/portal.ts';
import { payerOf } from '../../../test/support/portal-payer.ts';
import { callApi } from '../../../test/support/server.ts';

let books: Books;
before(async () => {
  books = await given.organization();
});

test('a second organization’s invitation adds its profile to the login, and one switches between them', async () => {
  const { email, customerId, browser } = await payerOf(books);
  const other = await given.organization();
  const theirs = await given.customer(other, { email, displayName: 'Northwind, as the other knows it' });
  await invite(other, [theirs]);
  const device = await new Browser().open(await mailedLink(email, 'welcome'));
  assert.equal(device.path, '/portal/sign-in');
  await device.submit('/portal/sign-in', { email, password: goodPassword });
  assert.equal(device.path, '/portal/choose', 'what is new is offered right after signing in');
  await device.submit('/portal/choose', { profile: [theirs] });
  assert.match(device.text, /Northwind, as the other knows it/);
  await browser.open('/portal/switch');
  await browser.submit('/portal/switch', { profile: theirs });
  assert.match(browser.text, /Northwind, as the other knows it/);
  await browser.open('/portal/switch');
  await browser.submit('/portal/switch', { profile: customerId });
  await browser.open('/portal/switch');
  const stranger = await given.customer(other, { email: freshEmail() });
  await browser.submit('/portal/switch', { profile: stranger });
  assert.equal(browser.status, 404);
});

test('practice and real life have different logins and never show each other’s customers', async () => {
  const { email } = await payerOf(books);
  const real = await given.organization({ mode: 'live' });
  const realCustomer = await given.customer(real, { email, displayName: 'A real customer' });
  const practice = await trySignIn(email, goodPassword);
  assert.ok(!(await practice.open('/portal/choose')).text.includes('A real customer'));
  assert.ok(!(await practice.open('/portal/switch')).text.includes('A real customer'));
  const forged = await practice.open('/portal/switch');
  await forged.submit('/portal/switch', { profile: realCustomer });
  assert.equal(forged.status, 404);
  await invite(real, [realCustomer]);
  const link = await mailedLink(email, 'welcome');
  const signingUp = await new Browser().open(link);
  assert.match(signingUp.title, /Create your login/, 'the practice login opens nothing real');
  await signingUp.submit('/portal/sign-up', { email, password: 'nine real harbours' });
  assert.equal(signingUp.path, '/portal/choose');
  assert.match(signingUp.text, /A real customer/);
  await signingUp.submit('/portal/choose', { profile: [realCustomer] });
  const users = await query<{ realm: string }>(
    'select realm from portal_users where email = $1 order by realm',
    [email],
  );
  assert.deepEqual(
    users.map((user) => user.realm),
    ['live', 'sandbox'],
  );
});

test('someone else’s invitation opens nothing for who is signed in', async () => {
  const { browser } = await payerOf(books);
  const email = freshEmail();
  await invite(books, [await given.customer(books, { email })]);
  await browser.open(await mailedLink(email, 'welcome'));
  assert.equal(browser.status, 403);
  assert.match(browser.text, /signed in with another email/);
});

test('only the profiles that carry the address are offered, and only those can be chosen', async () => {
  const email = freshEmail();
  const mine = [
    await given.customer(books, { email }),
    await given.customer(books, { email: email.toUpperCase() }),
  ];
  const [gone, theirs] = [
    await given.customer(books, { email, active: false }),
    await given.customer(books, { email: freshEmail() }),
  ];
  await invite(books, [mine[0] as string]);
  const browser = await new Browser().open(await mailedLink(email, 'welcome'));
  await browser.submit('/portal/sign-up', { email, password: goodPassword });
  assert.deepEqual(browser.form('/portal/choose').getAll('profile').sort(), [...mine].sort());
  for (const foreign of [gone, theirs]) {
    await browser.open('/portal/choose');
    await browser.submit('/portal/choose', { profile: [foreign] });
    assert.equal(browser.status, 404);
  }
  await browser.open('/portal/choose');
  await browser.submit('/portal/choose', { profile: [] });
  assert.equal(browser.status, 422);
  assert.match(browser.text, /Choose at least one/);
});

test('a new version of the agreement is asked for, and the old acceptance stays', async () => {
  const { email, browser } = await payerOf(books);
  const [version] = await query<{ version: number }>(
    'select max(version) + 1 as version from agreements',
    [],
  );
  await query(
    `insert into agreements (id, kind, version, text, hash, effective_at)
    values ('agr_' || substr(md5(random()::text), 1, 22), 'portal_user', $1, 'Other words.', 'x', now())`,
    [version?.version],
  );
  try {
    await browser.open('/portal');
    assert.equal(browser.path, '/portal/agreement');
    assert.match(browser.text, /We changed our terms/);
    const stale = browser.filled('/portal/agreement', { version: '1' });
    await browser.post('/portal/agreement', stale);
    assert.equal(browser.path, '/portal/agreement', 'an older version is not what was asked for');
    await browser.submit('/portal/agreement');
    assert.equal(browser.path, '/portal');
    const kept = await query<{ version: number }>(
      `select aa.version from agreement_acceptances aa
      join portal_users u on u.id = aa.portal_user_id where u.email = $1 order by 1`,
      [email],
    );
    assert.equal(kept.length, 2);
  } finally {
    await query('delete from agreement_acceptances where version = $1', [version?.version]);
    await query('delete from agreements where version = $1', [version?.version]);
  }
});

test('staff invites one, many or all who never were, and each that cannot be says why', async () => {
  const own = await given.organization();
  const { token } = await own.tx((tx) =>
    createApiKey(
      tx,
      own.actor,
      { organizationId: own.organizationId, name: 'test', scopes: ['customers:write'] },
      own.now,
    ),
  );
  const [one, two] = [
    await given.customer(own, { email: freshEmail() }),
    await given.customer(own, { email: freshEmail() }),
  ];
  const [silent, gone] = [
    await given.customer(own, {}),
    await given.customer(own, { email: freshEmail(), active: false }),
  ];
  const first = await callApi(token, 'POST', '/v1/portal-invitations', { customer_ids: [one, silent, gone] });
  assert.equal(first.status, 202);
  assert.equal(first.body.invited, 1);
  assert.deepEqual(first.body.skipped.map((each: { reason: string }) => each.reason.split('.')[0]).sort(), [
    'The customer has no e-mail address',
    'The customer is inactive',
  ]);
  assert.equal(await workOff('send-portal-invitations', own.organizationId), 1);
  const all = await callApi(token, 'POST', '/v1/portal-invitations', { all_never_invited: true });
  assert.deepEqual([all.body.invited, all.body.in_background, all.body.skipped.length], [1, true, 1]);
  await workOff('invite-never-invited', own.organizationId);
  await workOff('send-portal-invitations', own.organizationId);
  const invited = await query<{ customer_id: string }>(
    'select customer_id from portal_invitations where organization_id = $1 order by customer_id',
    [own.organizationId],
  );
  assert.deepEqual(
    invited.map((row) => row.customer_id),
    [one, two].sort(),
  );
  for (let again = 0; again < 2; again += 1)
    await callApi(token, 'POST', '/v1/portal-invitations', { customer_ids: [one] });
  const tooMany = await callApi(token, 'POST', '/v1/portal-invitations', { customer_ids: [one] });
  assert.match(tooMany.body.skipped[0].reason, /several times of late\. Try again in \d+ minutes/);
  const stranger = await callApi(token, 'POST', '/v1/portal-invitations', {
    customer_ids: [await given.customer(books)],
  });
  assert.equal(stranger.status, 404);
});

test('pages are never stored, never framed, and run no script but ours', async () => {
  const { browser } = await payerOf(books);
  for (const path of ['/portal', '/portal/sign-in', '/portal/history', '/portal/none', '/portal/methods']) {
    await browser.open(path);
    const policy = String(browser.headers['content-security-policy']);
    assert.match(
      policy,
      /^default-src 'none'; style-src 'nonce-[\w-]+'; script-src 'nonce-[\w-]+';.*form-action 'self';.*frame-ancestors/,
    );
    assert.equal(browser.headers['cache-control'], 'no-store', path);
    assert.ok(!/<script(?![^>]*src=)/.test(browser.html), path);
  }
  const asset = /src="(\/portal\/assets\/portal\.[^"]+)"/.exec(browser.html)?.[1] ?? '';
  await browser.open(asset);
  assert.equal(browser.status, 200);
  assert.match(String(browser.headers['cache-control']), /immutable/);
  assert.equal((await browser.open('/portal/assets/none.js')).status, 404);
});
