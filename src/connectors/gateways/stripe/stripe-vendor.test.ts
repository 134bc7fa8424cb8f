import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, test } from 'node:test';
import type { Credentials } from '#features/payments/gateways.ts';
import { systemNow } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { type Account, allOf } from './fake/account.ts';
import { startStripeFake } from './fake/stripe-fake.ts';
import { stripeVendor } from './stripe-vendor.ts';

const fake = await startStripeFake();
after(() => fake.stop());
const start = new Date('2026-03-02T15:00:00Z');
const vendor = stripeVendor({ url: fake.url, timeout_ms: 3_000 });
const keysOf = (account: Account): Credentials => ({
  secretKey: account.secretKey,
  publishableKey: account.publishableKey,
  webhookSecret: 'whsec_0123456789abcdef',
});

test('good keys are told with the name of the account, its mode and what is not turned on', async () => {
  const account = fake.open({ start, name: 'Miller Roofing' });
  const checked = await vendor.check(keysOf(account));
  assert.deepEqual(checked, {
    ok: true,
    accountName: 'Miller Roofing',
    mode: 'test',
    notes: ['These are test keys: no money moves.'],
  });
  assert.deepEqual(
    allOf(account, 'setup_intent').map((setup) => setup.status),
    ['canceled'],
    'the check leaves nothing open',
  );
  assert.deepEqual(allOf(account, 'payment_intent'), []);
});

test('each wrong key is told with its field and what to do', async () => {
  const account = fake.open({ start });
  const other = fake.open({ start });
  const good = keysOf(account);
  const wrong: [change: Credentials, field: string, words: RegExp][] = [
    [{ secretKey: account.publishableKey }, 'secretKey', /publishable key/],
    [{ secretKey: 'hello' }, 'secretKey', /starts with/],
    [{ secretKey: `sk_test_${'0'.repeat(24)}` }, 'secretKey', /does not know this key/],
    [{ publishableKey: account.secretKey }, 'publishableKey', /must not be seen/],
    [{ publishableKey: `pk_live_${'0'.repeat(24)}` }, 'publishableKey', /test payments/],
    [{ publishableKey: other.publishableKey }, 'publishableKey', /not of the same Stripe account/],
    [{ publishableKey: `pk_test_${'0'.repeat(24)}` }, 'publishableKey', /not of the same Stripe account/],
    [{ webhookSecret: 'we_123456789' }, 'webhookSecret', /whsec_/],
  ];
  for (const [change, field, words] of wrong) {
    const checked = await vendor.check({ ...good, ...change });
    assert.ok(!checked.ok, field);
    assert.equal(checked.field, field);
    assert.match(checked.message, words);
    assert.ok(!checked.message.includes(account.secretKey));
  }
});

test('a restricted key that may not read what Owed reads is told which permissions it lacks', async () => {
  const account = fake.open({ start });
  account.denied.add('payout_read').add('dispute_read');
  const checked = await vendor.check(keysOf(account));
  assert.ok(!checked.ok && checked.field === 'secretKey');
  assert.match(checked.message, /Disputes, Payouts/);
  account.denied.clear();
  account.denied.add('setup_intent_write');
  const second = await vendor.check(keysOf(account));
  assert.ok(!second.ok);
  assert.match(second.message, /SetupIntents/);
  account.denied.clear();
  account.denied.add('accounts_kyc_basic_read');
  const third = await vendor.check(keysOf(account));
  assert.ok(third.ok && third.notes.length === 1, 'the name alone is no need');
});

test('without a network the keys are neither right nor wrong', async () => {
  const away = stripeVendor({ url: 'http://127.0.0.1:2', timeout_ms: 300 });
  const checked = await away.check(keysOf(fake.open({ start })));
  assert.ok(!checked.ok && checked.field === undefined);
  assert.match(checked.message, /could not be reached/);
});

test('what the vendor asks for is what it opens with, and only the publishable key is shown', () => {
  const account = fake.open({ start });
  const names = vendor.credentials.map(({ name }) => name);
  assert.deepEqual(names, Object.keys(keysOf(account)));
  assert.deepEqual(
    vendor.credentials.filter(({ secret }) => !secret).map(({ name }) => name),
    ['publishableKey'],
  );
  assert.equal(vendor.publishableKey(keysOf(account)), account.publishableKey);
  assert.ok(must(vendor.make(keysOf(account)).methods, 'a vault'));
});

test('while no webhook secret is entered nobody’s webhook is believed, not even one signed with nothing', async () => {
  const gateway = stripeVendor().make({ secretKey: 'sk_test_12345678', publishableKey: 'pk_test_12345678' });
  const raw = Buffer.from('{"id":"evt_1","object":"event","type":"payout.paid","data":{"object":{}}}');
  const t = Math.floor(systemNow().getTime() / 1000);
  const v1 = createHmac('sha256', '').update(`${t}.${raw.toString()}`).digest('hex');
  assert.equal(await gateway.readWebhook(raw, { 'stripe-signature': `t=${t},v1=${v1}` }), undefined);
});
