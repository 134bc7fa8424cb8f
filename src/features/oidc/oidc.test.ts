import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { newId } from '#lib/ids.ts';
import { colleague, password } from '../../../test/support/colleague.ts';
import { FakeIssuer } from '../../../test/support/fake-issuer.ts';
import { OidcBrowser } from '../../../test/support/oidc-browser.ts';
import { type HouseRules, oidcHouse } from '../../../test/support/oidc-house.ts';
import { testDemo, testServer } from '../../../test/support/server.ts';

let issuer: FakeIssuer;
before(async () => {
  issuer = await FakeIssuer.start();
});
after(() => issuer.stop());

const house = (rules: HouseRules = {}) => oidcHouse(issuer, rules);

const verified = (email: string) => ({ sub: `sub ${email}`, email, email_verified: true });

/** Somebody signs in at the provider and comes back, in a browser of their own. */
async function walk(providerId: string, person: FakeIssuer['person'], next?: string) {
  issuer.person = person;
  const browser = new OidcBrowser();
  return { browser, page: await browser.signIn(providerId, next) };
}

test('a verified address signs the user in who has it, and leads on to the page that was asked for', async () => {
  const { organizationId, providerId, domain } = await house();
  const { email } = await colleague(organizationId, { roles: ['receivables'], email: `ada@${domain}` });
  const { browser, page } = await walk(providerId, verified(email), '/invoices?status=open');
  assert.equal(page, '/console/invoices?status=open');
  assert.deepEqual(await browser.whoami(), { email, organization: organizationId });
  const list = (await browser.ask('GET', '/v1/identities')).body;
  assert.deepEqual(
    list.linked.map(({ email: known }: { email: string }) => known),
    [email],
  );
});

test('a provider whose addresses no operator believes connects nobody by them and makes no users', async () => {
  const { organizationId, providerId, domain } = await house({
    creates_users: true,
    first_roles: ['receivables'],
  });
  const { email } = await colleague(organizationId, { roles: ['superuser'], email: `own@${domain}` });
  const { parts } = await testServer();
  await parts.db.pool.query('update oidc_providers set trusted = false where id = $1', [providerId]);
  assert.equal((await walk(providerId, verified(email))).page, '/console/sign-in?refused=not_connected');
  const stranger = verified(`new@${domain}`);
  assert.equal((await walk(providerId, stranger)).page, '/console/sign-in?refused=no_account');
});

test('what is not signed, addressed, timed or asked for as it must be signs nobody in', async () => {
  const { organizationId, providerId, domain } = await house();
  const { email } = await colleague(organizationId, { roles: ['receivables'], email: `ben@${domain}` });
  for (const faults of [
    { nonce: 'another nonce' },
    { audience: 'another client' },
    { issuer: 'https://evil.example' },
    { age_s: 3600 },
    { foreignKey: true },
  ]) {
    issuer.faults = faults;
    const { browser, page } = await walk(providerId, verified(email));
    assert.equal(page, '/console/sign-in?refused=refused', JSON.stringify(faults));
    assert.equal(await browser.whoami(), undefined);
  }
  issuer.faults = { down: true };
  assert.equal((await walk(providerId, verified(email))).page, '/console/sign-in?refused=unreachable');
  issuer.faults = {};
  assert.equal((await walk(providerId, verified(email))).page, '/console/');
});

test('keys that the provider has changed are known at once', async () => {
  const { organizationId, providerId, domain } = await house();
  const { email } = await colleague(organizationId, { roles: ['receivables'], email: `cy@${domain}` });
  assert.equal((await walk(providerId, verified(email))).page, '/console/');
  await issuer.rotate();
  assert.equal((await walk(providerId, verified(email))).page, '/console/');
});

test('a way back is good once, in time, with its own state, and in the browser that began', async () => {
  const { db } = (await testServer()).parts;
  const { organizationId, providerId, domain } = await house();
  const { email } = await colleague(organizationId, { roles: ['receivables'], email: `dee@${domain}` });
  issuer.person = verified(email);
  const begin = async () => {
    const browser = new OidcBrowser();
    const back = await browser.atProvider(await browser.visit(`/oidc/${providerId}/start`));
    return { browser, back };
  };
  const expired = '/console/sign-in?refused=expired';
  const one = await begin();
  const forged = one.back.replace(/state=[^&]+/, 'state=forged');
  const kept = one.browser.cookies.get('owed_oidc') ?? '';
  assert.equal(await one.browser.visit(forged), expired);
  one.browser.cookies.set('owed_oidc', kept);
  assert.equal(await new OidcBrowser().visit(one.back), expired, 'another browser');
  const other = await begin();
  other.browser.cookies.set('owed_oidc', `other-half.${kept.split('.')[1]}`);
  assert.equal(await other.browser.visit(one.back), expired, 'the state of another browser');
  assert.equal(await one.browser.visit(one.back), '/console/');
  one.browser.cookies.set('owed_oidc', kept);
  assert.equal(await one.browser.visit(one.back), expired, 'a second time');
  const late = await begin();
  await db.transaction(systemActor('test'), (tx) =>
    tx.run(sql`update oidc_attempts set expires_at = now() - interval '1 second' where used_at is null`),
  );
  assert.equal(await late.browser.visit(late.back), expired, 'too late');
});

test('an address that nobody verified, of another domain, or that nobody here has, opens nothing', async () => {
  const { organizationId, providerId, domain } = await house();
  const { email } = await colleague(organizationId, { roles: ['receivables'], email: `eve@${domain}` });
  const stranger = await colleague(organizationId, { roles: ['receivables'] });
  for (const [person, refused] of [
    [{ ...verified(email), email_verified: false }, 'unverified_email'],
    [{ sub: 'sub eve', email }, 'unverified_email'],
    [{ sub: 'sub eve' }, 'no_email'],
    [verified(stranger.email), 'other_domain'],
    [verified(`who@${domain}`), 'no_account'],
  ] as const)
    assert.equal((await walk(providerId, person)).page, `/console/sign-in?refused=${refused}`);
  issuer.faults = { thinToken: true };
  assert.equal(
    (await walk(providerId, verified(email))).page,
    '/console/',
    'the address is told by userinfo',
  );
  issuer.faults = {};
});

test('who is disabled is out, connected or not', async () => {
  const { organizationId, providerId, domain, desk } = await house();
  const { email, userId } = await colleague(organizationId, {
    roles: ['receivables'],
    email: `fay@${domain}`,
  });
  assert.equal((await walk(providerId, verified(email))).page, '/console/');
  await desk.ask('PATCH', `/v1/users/${userId}`, { disabled: true });
  const { browser, page } = await walk(providerId, verified(email));
  assert.equal(page, '/console/sign-in?refused=disabled');
  assert.equal(await browser.whoami(), undefined);
});

test('a provider of one organization cannot sign in who works for another as well', async () => {
  const { organizationId, providerId, domain } = await house();
  const { email } = await colleague(organizationId, { roles: ['receivables'], email: `gil@${domain}` });
  const other = await testDemo();
  await colleague(other.organizationId, { roles: ['superuser'], email });
  assert.equal((await walk(providerId, verified(email))).page, '/console/sign-in?refused=works_elsewhere');
});

test('a first sign-in makes a user with the roles that were chosen, once', async () => {
  const { organizationId, providerId, domain, desk } = await house({
    creates_users: true,
    first_roles: ['report_viewer'],
  });
  const email = `new@${domain}`;
  const person = { ...verified(email), given_name: 'Neu', family_name: 'Ling' };
  const [first, second] = await Promise.all([walk(providerId, person), walk(providerId, person)]);
  assert.deepEqual([first.page, second.page], ['/console/', '/console/']);
  assert.deepEqual(await first.browser.whoami(), { email, organization: organizationId });
  const users = (await desk.ask('GET', '/v1/users')).body.data.filter(
    (user: { email: string }) => user.email === email,
  );
  assert.deepEqual(
    users.map((user: { roles: string[]; first_name: string }) => [user.roles, user.first_name]),
    [[['report_viewer'], 'Neu']],
  );
  assert.equal((await first.browser.ask('GET', '/v1/users')).status, 403);
});

test('somebody signed in connects and disconnects; an account of the provider is one person’s', async () => {
  const { organizationId, providerId, domain } = await house({ links_by_email: false });
  const { email } = await colleague(organizationId, { roles: ['receivables'], email: `hal@${domain}` });
  const account = { sub: `private ${newId('request')}` };
  assert.equal((await walk(providerId, verified(email))).page, '/console/sign-in?refused=not_connected');
  const browser = new OidcBrowser();
  await browser.ask('POST', '/v1/session', { email, password });
  issuer.person = account;
  const connect = async (by: OidcBrowser) => {
    const begun = await by.ask('POST', '/v1/identities', { provider_id: providerId, password });
    return by.visit(await by.atProvider(begun.body.url));
  };
  assert.equal(await connect(browser), '/console/profile?connected=yes');
  assert.equal((await walk(providerId, account)).page, '/console/');
  const thief = await colleague(organizationId, { roles: ['receivables'], email: `ivo@${domain}` });
  const other = new OidcBrowser();
  await other.ask('POST', '/v1/session', { email: thief.email, password });
  assert.equal(await connect(other), '/console/profile?refused=taken');
  const id = (await browser.ask('GET', '/v1/identities')).body.linked[0].id;
  assert.equal((await other.ask('DELETE', `/v1/identities/${id}`)).status, 404, 'not another’s');
  assert.equal((await browser.ask('DELETE', `/v1/identities/${id}`)).status, 200);
  assert.equal((await walk(providerId, account)).page, '/console/sign-in?refused=no_email');
  const log = (await browser.ask('GET', '/v1/audit?area=people')).body.data.map(
    ({ kind }: { kind: string }) => kind,
  );
  assert.ok(log.includes('user.identity_linked') && log.includes('user.identity_unlinked'), log.join());
});

test('where passwords are switched off owners keep theirs, and the others are told what to press', async () => {
  const { organizationId, providerId, domain, owner } = await house({ password_allowed: false });
  const { email } = await colleague(organizationId, { roles: ['receivables'], email: `joy@${domain}` });
  const browser = new OidcBrowser();
  const refused = await browser.ask('POST', '/v1/session', { email, password });
  assert.equal(refused.status, 401);
  assert.match(refused.body.error.message, /Passwords are switched off here\. Press “Sign in with Idp/);
  assert.equal((await walk(providerId, verified(email))).page, '/console/');
  assert.equal(
    (await new OidcBrowser().ask('POST', '/v1/session', { email: owner.email, password })).status,
    200,
  );
});
