import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { systemNow } from '#lib/dates.ts';
import { startAuthorizeNetFake } from './authorize-net-fake.ts';
import { authorizeNetVendor } from './authorize-net-vendor.ts';
import type { FakeAccount } from './fake-books.ts';

const fake = await startAuthorizeNetFake();
const live = await startAuthorizeNetFake();
after(() => Promise.all([fake.stop(), live.stop()]));

function credentialsOf(account: FakeAccount): Record<string, string> {
  const { apiLoginId, transactionKey, signatureKey, clientKey } = account;
  return { environment: 'sandbox', apiLoginId, transactionKey, signatureKey, clientKey };
}
const check = (account: FakeAccount, change: Record<string, string> = {}) =>
  authorizeNetVendor({ url: fake.url, otherUrl: live.url }).check({ ...credentialsOf(account), ...change });

test('keys that work name the business and what it takes', async () => {
  const account = fake.openAccount({ now: systemNow() });
  assert.deepEqual(await check(account), {
    ok: true,
    accountName: 'Riverside Plumbing',
    mode: 'test',
    notes: ['Takes USD, through Wells Fargo.'],
  });
  const production = await check(account, { environment: 'production' });
  assert.ok(production.ok && production.mode === 'live');
});

test('what is wrong is told with its field, and no key is repeated', async () => {
  const account = fake.openAccount({ now: systemNow() });
  const elsewhere = live.openAccount({ now: systemNow() });
  const cases: [Record<string, string>, string, RegExp][] = [
    [{ environment: '' }, 'environment', /production or sandbox/],
    [{ apiLoginId: '' }, 'apiLoginId', /25 characters/],
    [{ transactionKey: 'short' }, 'transactionKey', /16 characters/],
    [{ transactionKey: '0123456789abcdef' }, 'transactionKey', /does not know/],
    [{ clientKey: 'of_another' }, 'clientKey', /another account/],
    [{ clientKey: '' }, 'clientKey', /public client key/],
    [{ signatureKey: account.transactionKey }, 'signatureKey', /128 hexadecimal/],
    [credentialsOf(elsewhere), 'environment', /keys of production/],
  ];
  for (const [change, field, message] of cases) {
    const answer = await check(account, change);
    assert.ok(!answer.ok && answer.field === field, JSON.stringify(answer));
    assert.match(answer.message, message);
    const keys = Object.values({ ...credentialsOf(account), ...change }).filter((key) => key.length > 12);
    for (const key of keys) assert.ok(!answer.message.includes(key));
  }
});

test('what is switched off at the vendor is told before a payer meets it', async () => {
  const account = fake.openAccount({ now: systemNow(), reportingEnabled: false });
  const noReports = await check(account);
  assert.ok(!noReports.ok && /Transaction Details API/.test(noReports.message));
  const testMode = await check(fake.openAccount({ now: systemNow(), testMode: true }));
  assert.ok(!testMode.ok && /test mode/.test(testMode.message));
});

test('no network is no word against the keys', async () => {
  const account = fake.openAccount({ now: systemNow() });
  const answer = await authorizeNetVendor({ url: 'http://127.0.0.1:2' }).check(credentialsOf(account));
  assert.ok(!answer.ok && answer.field === undefined && /could not be reached/.test(answer.message));
});

test('a form asks for every credential the connector is made of, and hides the two that are secret', () => {
  const vendor = authorizeNetVendor();
  const names = vendor.credentials.map((field) => field.name);
  assert.deepEqual(names, ['environment', 'apiLoginId', 'transactionKey', 'clientKey', 'signatureKey']);
  assert.deepEqual(
    vendor.credentials.filter((field) => field.secret).map((field) => field.name),
    ['transactionKey', 'signatureKey'],
  );
  const account = fake.openAccount({ now: systemNow() });
  const shown = vendor.publishableKey(credentialsOf(account));
  assert.ok(shown.includes(account.apiLoginId) && !shown.includes(account.transactionKey));
  assert.notEqual(shown, vendor.publishableKey({ ...credentialsOf(account), environment: 'production' }));
});
