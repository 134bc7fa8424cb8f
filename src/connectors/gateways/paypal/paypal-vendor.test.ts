import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startPaypalFake } from './fake/paypal-fake.ts';
import { paypalVendor } from './paypal-vendor.ts';

const now = new Date('2026-03-02T15:00:00Z');

test('keys that work name the app, its mode, and what it may not do', async (t) => {
  const fake = await startPaypalFake({ now });
  const poor = await startPaypalFake({ now, app: { scopes: [], eventTypes: ['PAYMENT.CAPTURE.COMPLETED'] } });
  t.after(() => Promise.all([fake.stop(), poor.stop()]));
  const { clientId, clientSecret, webhookId } = fake.app;
  const vendor = paypalVendor({ url: fake.url });
  const credentials = { environment: 'sandbox', clientId, clientSecret, webhookId };
  const good = { ok: true, accountName: 'PayPal app APP-80W284485P519543T', mode: 'test', notes: [] };
  assert.deepEqual(await vendor.check(credentials), good);
  assert.deepEqual(await vendor.check({ ...credentials, environment: 'live' }), { ...good, mode: 'live' });
  assert.equal(vendor.publishableKey(credentials), clientId);
  const spaced = { ...credentials, clientSecret: ` ${clientSecret}\n` };
  assert.deepEqual(await vendor.check(spaced), good, 'what was copied with a space around it');

  const { clientId: id, clientSecret: secret, webhookId: webhook } = poor.app;
  const keys = { environment: 'sandbox', clientId: id, clientSecret: secret, webhookId: webhook };
  const answer = await paypalVendor({ url: poor.url }).check(keys);
  assert.ok(answer.ok);
  assert.match(
    answer.notes.join('\n'),
    /Transaction search is off.*\n.*Disputes are off.*\n.*CUSTOMER\.DISPUTE/s,
  );
});

test('wrong keys name the field and what to do', async (t) => {
  const fake = await startPaypalFake({ now });
  const other = await startPaypalFake({ now });
  t.after(() => Promise.all([fake.stop(), other.stop()]));
  const { clientId, clientSecret, webhookId } = fake.app;
  const credentials = { environment: 'sandbox', clientId, clientSecret, webhookId };
  const vendor = paypalVendor({ url: fake.url, otherUrl: other.url });
  const fieldOf = async (change: Record<string, string>): Promise<string> => {
    const answer = await vendor.check({ ...credentials, ...change });
    assert.ok(!answer.ok && answer.message.length > 10);
    assert.ok(!answer.message.includes(clientSecret));
    return answer.field ?? '';
  };
  assert.equal(await fieldOf({ clientSecret: '' }), 'clientSecret');
  assert.equal(await fieldOf({ clientSecret: `${clientSecret}x` }), 'clientSecret');
  assert.equal(await fieldOf({ clientSecret: clientId }), 'clientSecret');
  assert.equal(await fieldOf({ clientId: 'me@example.com' }), 'clientId');
  assert.equal(await fieldOf({ webhookId: '1AB23456CD789012E' }), 'webhookId');
  const elsewhere = { clientId: other.app.clientId, clientSecret: other.app.clientSecret };
  assert.equal(await fieldOf(elsewhere), 'environment');
});

test('a PayPal that cannot be reached is no wrong key', async () => {
  const keys = { clientId: 'A'.repeat(80), clientSecret: 'E'.repeat(80), webhookId: 'W' };
  const vendor = paypalVendor({ url: 'http://127.0.0.1:2', timeout_ms: 300 });
  const answer = await vendor.check({ environment: 'live', ...keys });
  assert.ok(!answer.ok && answer.field === undefined && /could not be asked/.test(answer.message));
  assert.ok(!answer.message.includes(keys.clientSecret));
});

test('the gateway that the vendor opens speaks to the place it was told', async (t) => {
  const fake = await startPaypalFake({ now });
  t.after(() => fake.stop());
  const { clientId, clientSecret, webhookId } = fake.app;
  const credentials = { environment: 'sandbox', clientId, clientSecret, webhookId };
  const gateway = paypalVendor({ url: fake.url }).make(credentials);
  const checkout = { checkoutId: 'chk_1', amount: 100n, currency: 'USD', description: '' };
  const begun = await gateway.redirect?.begin({
    ...checkout,
    returnUrl: 'https://pay.example.com/back',
    cancelUrl: 'https://pay.example.com/left',
  });
  assert.ok(begun?.url.startsWith(`${fake.url}/checkoutnow?token=`));
});
