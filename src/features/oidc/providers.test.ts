import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openIdConnect } from '#features/oidc/identity-provider.ts';
import { isPrivate } from '#features/oidc/public-host.ts';
import { Refusal } from '#lib/errors.ts';
import { colleague, password } from '../../../test/support/colleague.ts';
import { FakeIssuer } from '../../../test/support/fake-issuer.ts';
import { OidcBrowser } from '../../../test/support/oidc-browser.ts';
import { callApi, testDemo, testServer } from '../../../test/support/server.ts';

let issuer: FakeIssuer;
before(async () => {
  issuer = await FakeIssuer.start();
});
after(() => issuer.stop());

async function desk(roles: string[], operator = false) {
  const { organizationId } = await testDemo();
  const { email } = await colleague(organizationId, { roles, operator });
  const browser = new OidcBrowser();
  await browser.ask('POST', '/v1/session', { email, password });
  return { organizationId, browser };
}
const provider = (given: object = {}) => ({
  label: 'Idp',
  issuer: issuer.url,
  client_id: issuer.clientId,
  client_secret: issuer.clientSecret,
  email_domains: [],
  links_by_email: true,
  creates_users: false,
  first_roles: [],
  password_allowed: true,
  ...given,
});

test('a connection that cannot work is refused at the field that is wrong, before it is kept', async () => {
  const { browser } = await desk(['superuser']);
  for (const [given, param, words] of [
    [{ client_secret: 'wrong' }, 'client_secret', /does not go with the client id/],
    [{ client_id: 'unknown' }, 'client_secret', /does not go with the client id/],
    [{ issuer: `${issuer.url}/realm` }, 'issuer', /no OpenID configuration/],
    [
      { issuer: `${issuer.url.replace('127.0.0.1', 'localhost')}` },
      'issuer',
      /calls itself by another address/,
    ],
    [{ issuer: 'http://127.0.0.1:9' }, 'issuer', /could not be reached/],
    [{ issuer: 'http://idp.example.com' }, 'issuer', /https/],
    [{ creates_users: true, first_roles: ['dashboard'] }, 'email_domains', /domains/],
    [{ creates_users: true, email_domains: ['example.com'] }, 'first_roles', /Choose/],
    [{ email_domains: ['@example.com'] }, 'email_domains.0', /domain such as/],
  ] as const) {
    const { status, body } = await browser.ask('POST', '/v1/oidc-providers', provider(given));
    assert.deepEqual([status, body.error?.param], [422, param], JSON.stringify(body));
    assert.match(body.error.message, words);
  }
  const checked = await browser.ask('POST', '/v1/oidc-providers/check', {
    issuer: issuer.url,
    client_id: issuer.clientId,
    client_secret: issuer.clientSecret,
  });
  assert.deepEqual([checked.status, checked.body.works], [200, true]);
  assert.equal((await browser.ask('GET', '/v1/oidc-providers')).body.data.length, 0);
});

test('the secret is kept encrypted, shown to nobody, and sent to its own issuer alone', async () => {
  const { browser } = await desk(['superuser']);
  const { db } = (await testServer()).parts;
  const { id } = (await browser.ask('POST', '/v1/oidc-providers', provider())).body;
  const { rows } = await db.pool.query('select client_secret from oidc_providers where id = $1', [id]);
  assert.ok(!rows[0].client_secret.toString('latin1').includes(issuer.clientSecret));
  const shown = JSON.stringify([
    (await browser.ask('GET', '/v1/oidc-providers')).body,
    (await browser.ask('GET', '/v1/audit?area=people')).body,
  ]);
  assert.ok(!shown.includes(issuer.clientSecret));
  const trap = await FakeIssuer.start();
  const tried = { id, issuer: trap.url, client_id: issuer.clientId };
  assert.equal(
    (await browser.ask('POST', '/v1/oidc-providers/check', tried)).body.works,
    true,
    'the saved issuer',
  );
  await trap.stop();
});

test('rules change, the secret stays unless a new one comes, and the log says from what to what', async () => {
  const { browser } = await desk(['superuser']);
  const { id } = (await browser.ask('POST', '/v1/oidc-providers', provider())).body;
  const {
    issuer: _issuer,
    client_secret: _secret,
    ...rules
  } = provider({ label: 'Work', password_allowed: false });
  const changed = await browser.ask('PATCH', `/v1/oidc-providers/${id}`, rules);
  assert.deepEqual([changed.status, changed.body.label, changed.body.has_secret], [200, 'Work', true]);
  const wrong = await browser.ask('PATCH', `/v1/oidc-providers/${id}`, { ...rules, client_secret: 'wrong' });
  assert.deepEqual([wrong.status, wrong.body.error.param], [422, 'client_secret']);
  const [entry] = (await browser.ask('GET', '/v1/audit?kind=oidc_provider.changed')).body.data;
  assert.deepEqual(entry.details.slice(0, 2), [
    { field: 'Label', before: 'Idp', after: 'Work' },
    { field: 'Password allowed', before: 'yes', after: 'no' },
  ]);
  assert.equal((await browser.ask('DELETE', `/v1/oidc-providers/${id}`)).status, 200);
  assert.equal((await browser.ask('DELETE', `/v1/oidc-providers/${id}`)).status, 404);
});

test('only an owner in person decides on providers, no key and no clerk, and only an operator for all', async () => {
  const { browser } = await desk(['superuser']);
  const role = { name: 'Office', scopes: ['users:write', 'customers:read'] };
  const { id } = (await browser.ask('POST', '/v1/roles', role)).body;
  const { organizationId } = (await browser.ask('GET', '/v1/session')).body.organization
    ? { organizationId: (await browser.ask('GET', '/v1/session')).body.organization.id as string }
    : assert.fail('no organization');
  const clerk = await colleague(organizationId, { roles: ['dashboard'] });
  await browser.ask('PATCH', `/v1/users/${clerk.userId}`, { roles: [id] });
  const office = new OidcBrowser();
  await office.ask('POST', '/v1/session', { email: clerk.email, password });
  const kept = (await browser.ask('POST', '/v1/oidc-providers', provider())).body.id;
  const { issuer: _issuer, ...rules } = provider();
  const url = `/v1/oidc-providers/${kept}`;
  const keyMade = await browser.ask('POST', '/v1/api-keys', { name: 'Office', scopes: role.scopes });
  const key = (method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) =>
    callApi(keyMade.body.token, method, path, body);
  for (const by of [office.ask.bind(office), key])
    for (const reply of [
      await by('POST', '/v1/oidc-providers', provider()),
      await by('POST', '/v1/oidc-providers/check', { id: kept, issuer: issuer.url, client_id: 'x' }),
      await by('PATCH', url, rules),
      await by('DELETE', url),
    ]) {
      assert.equal(reply.status, 403, JSON.stringify(reply.body));
      assert.match(reply.body.error.message, /Only an owner of your organization who is signed in/);
    }
  assert.equal((await office.ask('GET', '/v1/oidc-providers')).body.may_change, false);
  assert.equal((await browser.ask('GET', '/v1/oidc-providers')).body.may_change, true);
  assert.equal((await browser.ask('POST', '/v1/oidc-providers', provider({ for_all: true }))).status, 403);
  const host = await desk(['superuser'], true);
  const made = await host.browser.ask(
    'POST',
    '/v1/oidc-providers',
    provider({ for_all: true, label: 'House' }),
  );
  assert.equal(made.status, 201);
  const offered = (await new OidcBrowser().ask('GET', '/v1/sign-in-providers')).body.data;
  assert.deepEqual(offered, [{ id: made.body.id, label: 'House' }]);
  assert.equal((await host.browser.ask('DELETE', `/v1/oidc-providers/${made.body.id}`)).status, 200);
});

test('a company’s button appears for its own domain, and for no other', async () => {
  const { browser } = await desk(['superuser']);
  const body = provider({ email_domains: ['Acme-Button.Example'] });
  const { id } = (await browser.ask('POST', '/v1/oidc-providers', body)).body;
  const offer = async (email: string) =>
    (await new OidcBrowser().ask('GET', `/v1/sign-in-providers?email=${email}`)).body.data.map(
      (each: { id: string }) => each.id,
    );
  assert.deepEqual(await offer('ada@acme-button.example'), [], 'before an operator said yes');
  const { parts } = await testServer();
  await parts.db.pool.query('update oidc_providers set trusted = true where id = $1', [id]);
  assert.deepEqual(await offer('ada@acme-button.example'), [id]);
  assert.deepEqual(await offer('ada@sub.acme-button.example'), []);
  assert.deepEqual(await offer('ada@button.example'), []);
});

test('an organization cannot make this server look around in its own network', async () => {
  for (const address of ['127.0.0.1', '10.1.2.3', '169.254.169.254', '::1', 'fd00::1', '::ffff:192.168.0.1'])
    assert.equal(isPrivate(address), true, address);
  for (const address of ['8.8.8.8', '2606:4700::1111', '172.32.0.1'])
    assert.equal(isPrivate(address), false, address);
  const keys = { issuer: issuer.url, clientId: issuer.clientId, clientSecret: issuer.clientSecret };
  const guarded = openIdConnect();
  await assert.rejects(
    guarded.check({ ...keys, publicOnly: true }, 'http://owed.test/oidc/callback'),
    (error: unknown) => error instanceof Refusal && /private network/.test(error.message),
  );
  await guarded.check({ ...keys, publicOnly: false }, 'http://owed.test/oidc/callback');
});
