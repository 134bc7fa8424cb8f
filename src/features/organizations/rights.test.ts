import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { scopesOfRole } from '#lib/roles.ts';
import { callApi, testDemo } from '../../../test/support/server.ts';

let key = '';
before(async () => {
  key = (await testDemo()).apiKey;
});

const keyWith = async (...scopes: string[]): Promise<string> =>
  (await callApi(key, 'POST', '/v1/api-keys', { name: scopes.join(), scopes })).body.token;

test('who makes an API key cannot give it more than they may do themselves', async () => {
  const settings = await keyWith('settings:read', 'settings:write');
  const asked = { name: 'More', scopes: ['settings:read', 'payments:write'] };
  const reply = await callApi(settings, 'POST', '/v1/api-keys', asked);
  assert.deepEqual([reply.status, reply.body.error?.param], [403, 'scopes']);
  assert.match(reply.body.error.message, /payments:write/);
  const own = { name: 'As much', scopes: ['settings:read'] };
  assert.equal((await callApi(settings, 'POST', '/v1/api-keys', own)).status, 201);
});

test('a search finds only what whoever asks may read', async () => {
  const [invoice] = (await callApi(key, 'GET', '/v1/invoices?limit=1')).body.data;
  const kinds = async (of: string, q: string): Promise<string[]> =>
    (await callApi(of, 'GET', `/v1/search?q=${encodeURIComponent(q)}`)).body.data.map(
      (hit: { kind: string }) => hit.kind,
    );
  assert.ok((await kinds(key, invoice.number)).includes('invoice'));
  assert.ok((await kinds(key, invoice.customer_name)).includes('customer'));
  const [customers, none] = [await keyWith('customers:read'), await keyWith('settings:read')];
  assert.deepEqual(await kinds(customers, invoice.number), []);
  assert.ok((await kinds(customers, invoice.customer_name)).includes('customer'));
  for (const q of [invoice.number, invoice.customer_name]) assert.deepEqual(await kinds(none, q), []);
});

test('a setting that no mail could be written by is refused', async () => {
  const change = (body: object) => callApi(key, 'PATCH', '/v1/organization', body);
  for (const [field, wrong] of [
    ['locale', 'en_US'],
    ['website', 'javascript:alert(1)'],
    ['website', 'acme.example:8080'],
  ] as const) {
    const reply = await change({ [field]: wrong });
    assert.deepEqual([reply.status, reply.body.error?.param], [422, field], wrong);
  }
  for (const website of ['https://acme.example:8080/a', 'www.acme.example', null])
    assert.equal((await change({ website, locale: 'en-GB' })).status, 200, String(website));
});

test('the sums of the dashboard are for staff and for keys that say so, not for any key', async () => {
  const [imports, overview] = [
    await keyWith('imports:write', 'invoices:write'),
    await keyWith('overview:read'),
  ];
  const refused = await callApi(imports, 'GET', '/v1/dashboard');
  assert.deepEqual([refused.status, refused.body.error?.code], [403, 'forbidden']);
  assert.match(refused.body.error.message, /overview:read/);
  const shown = await callApi(overview, 'GET', '/v1/dashboard');
  assert.deepEqual([shown.status, shown.body.object], [200, 'dashboard']);
  for (const [role, scopes] of Object.entries(scopesOfRole))
    assert.ok(scopes.includes('overview:read'), `${role} sees no dashboard`);
});
