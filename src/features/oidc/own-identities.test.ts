import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newId } from '#lib/ids.ts';
import { colleague, password } from '../../../test/support/colleague.ts';
import { FakeIssuer } from '../../../test/support/fake-issuer.ts';
import { OidcBrowser } from '../../../test/support/oidc-browser.ts';
import { type HouseRules, oidcHouse } from '../../../test/support/oidc-house.ts';
import { callApi, testDemo, testServer } from '../../../test/support/server.ts';
import { SoftAuthenticator } from '../../../test/support/soft-authenticator.ts';
import { asStaff, mailTo, signInAs } from '../../../test/support/staff.ts';

let issuer: FakeIssuer;
before(async () => {
  issuer = await FakeIssuer.start();
});
after(() => issuer.stop());

/** Somebody signed in by password, in a house with a provider that connects nobody by itself. */
async function clerk(rules: HouseRules = {}) {
  const house = await oidcHouse(issuer, { links_by_email: false, ...rules });
  const { email } = await colleague(house.organizationId, {
    roles: ['receivables'],
    email: `clerk@${house.domain}`,
  });
  const browser = new OidcBrowser();
  await browser.ask('POST', '/v1/session', { email, password });
  issuer.person = { sub: `private ${newId('request')}` };
  return { ...house, email, browser, account: issuer.person };
}

const begin = (by: OidcBrowser, providerId: string, given?: string) =>
  by.ask('POST', '/v1/identities', { provider_id: providerId, ...(given ? { password: given } : {}) });
async function connect(by: OidcBrowser, providerId: string) {
  const { body } = await begin(by, providerId, password);
  return by.visit(await by.atProvider(body.url));
}
const mails = async (email: string) => {
  const { db } = (await testServer()).parts;
  const { rows } = await db.pool.query('select 1 from messages where $1 = any(to_emails)', [email]);
  return rows.length;
};
/** Whoever holds the account of the provider comes in with it. */
async function enter(providerId: string, person: FakeIssuer['person']) {
  issuer.person = person;
  const browser = new OidcBrowser();
  return { browser, page: await browser.signIn(providerId) };
}

test('an account of a provider is connected by who knows the password, and its owner is told by mail', async () => {
  const { browser, providerId, email } = await clerk();
  for (const given of [undefined, 'not the password']) {
    const { status, body } = await begin(browser, providerId, given);
    assert.deepEqual([status, body.error?.param], [422, 'password'], JSON.stringify(body));
  }
  assert.equal(await mails(email), 0, 'nothing has changed');
  assert.equal(await connect(browser, providerId), '/console/profile?connected=yes');
  const { subject, kind } = await mailTo(email);
  assert.deepEqual([subject, kind], ['A sign-in provider was connected', 'login_notice']);
});

test('wrong passwords of who connects lock as those of the sign-in do; a key connects nothing', async () => {
  const { browser, providerId } = await clerk();
  for (let tries = 0; tries < 5; tries += 1)
    assert.equal((await begin(browser, providerId, `guess ${tries}`)).status, 422);
  const right = await begin(browser, providerId, password);
  assert.deepEqual([right.status, right.body.error.code], [429, 'locked']);
  const { apiKey } = await testDemo();
  const body = { provider_id: providerId, password };
  assert.equal((await callApi(apiKey, 'POST', '/v1/identities', body)).status, 404);
});

test('who has a second factor and came in by the password alone connects and disconnects nothing', async () => {
  const { browser, providerId, email } = await clerk();
  assert.equal(await connect(browser, providerId), '/console/profile?connected=yes');
  const { id } = (await browser.ask('GET', '/v1/identities')).body.linked[0];
  const options = (await browser.ask('POST', '/v1/profile/passkeys/challenge', { password })).body;
  const credential = new SoftAuthenticator('http://owed.test').create(options);
  const added = await browser.ask('POST', '/v1/profile/passkeys', { name: 'Laptop', credential });
  assert.equal(added.status, 201, JSON.stringify(added.body));
  const { cookie } = await signInAs(email);
  for (const [method, url, body] of [
    ['POST', '/v1/identities', { provider_id: providerId, password }],
    ['DELETE', `/v1/identities/${id}`, undefined],
  ] as const) {
    const { status, body: said } = await asStaff(cookie, method, url, body);
    assert.deepEqual([status, said.error?.message], [403, 'Sign in with your passkey or code first.']);
  }
  assert.equal((await browser.ask('DELETE', `/v1/identities/${id}`)).status, 200);
});

test('disconnecting ends what the provider has opened elsewhere, and its owner is told', async () => {
  const { browser, providerId, email, account } = await clerk();
  await connect(browser, providerId);
  const { browser: thief, page } = await enter(providerId, account);
  assert.equal(page, '/console/');
  const { id } = (await browser.ask('GET', '/v1/identities')).body.linked[0];
  await browser.ask('DELETE', `/v1/identities/${id}`);
  assert.equal(await thief.whoami(), undefined);
  assert.ok(await browser.whoami(), 'this device stays');
  assert.equal((await mailTo(email)).subject, 'A sign-in provider was disconnected');
});

test('who was connected by a verified address is told; a newcomer, who has just come, is not', async () => {
  const { domain, email, providerId } = await clerk({
    links_by_email: true,
    creates_users: true,
    first_roles: ['receivables'],
  });
  const verified = (address: string) => ({ sub: address, email: address, email_verified: true });
  assert.equal((await enter(providerId, verified(email))).page, '/console/');
  assert.equal((await mailTo(email)).subject, 'A sign-in provider was connected');
  assert.equal((await enter(providerId, verified(email))).page, '/console/');
  assert.equal(await mails(email), 1, 'once');
  const newcomer = `new@${domain}`;
  assert.equal((await enter(providerId, verified(newcomer))).page, '/console/');
  assert.equal(await mails(newcomer), 0);
});

test('a provider that is removed opens nothing any more, what it has opened included', async () => {
  const { browser, desk, providerId, account } = await clerk();
  await connect(browser, providerId);
  const { browser: other } = await enter(providerId, account);
  assert.ok(await other.whoami());
  assert.equal((await desk.ask('DELETE', `/v1/oidc-providers/${providerId}`)).status, 200);
  assert.equal(await other.whoami(), undefined);
  assert.ok(await browser.whoami(), 'the password opened this one');
});
