import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { secondsLater, systemNow } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { request } from '../gateway-lab.ts';
import { passTo } from './fake/account.ts';
import { signature } from './fake/events.ts';
import { startStripeFake } from './fake/stripe-fake.ts';
import { startReceiver } from './receiver.ts';
import { type StripeLab, sdkAt, signed, stripeLab } from './stripe-lab.ts';

const fake = await startStripeFake();
const receiver = await startReceiver();
after(async () => {
  await fake.stop();
  receiver.stop();
});

async function hearing(change: { twice?: boolean; backwards?: boolean } = {}): Promise<StripeLab> {
  const lab = await stripeLab(fake, receiver);
  lab.account.endpoint = { ...must(lab.account.endpoint, 'an endpoint'), events: ['*'], ...change };
  return lab;
}

const heard = async (lab: StripeLab, count: number) => {
  await receiver.until(`/${lab.account.id}`, count);
  const all = receiver.at(`/${lab.account.id}`);
  return Promise.all(
    all.map(async ({ raw, headers }) => must(await lab.gateway.readWebhook(raw, headers), 'a hint')),
  );
};

test('a dispute, a refund and a payout are told with what they are about, and never with more', async () => {
  const lab = await hearing();
  const { id } = await lab.sdk.testHelpers.confirmationTokens.create({
    payment_method: 'pm_card_createDispute',
  });
  const disputed = request(lab, id);
  const other = request(lab, await lab.tokens.approve());
  await lab.gateway.charge(disputed);
  const outcome = await lab.gateway.charge(other);
  assert.ok(outcome.outcome === 'approved');
  passTo(lab.account, secondsLater(lab.start, 5 * 86_400));
  const refundId = newId('refund');
  const { paymentId, amount, currency } = other;
  const { reference } = outcome;
  const at = lab.start;
  await must(lab.gateway.refunds, 'refunds').refund({
    refundId,
    paymentId,
    reference,
    amount,
    currency,
    method: { last4: '' },
    requestedAt: at,
    at,
  });
  const hints = await heard(lab, 12);
  const of = (thing: string, what: string) =>
    must(
      hints.find((hint) => hint.type === `${thing}.${what}`),
      what,
    );
  assert.deepEqual(of('charge.dispute', 'created').about, ['chargeback', 'charge']);
  assert.equal(of('charge.dispute', 'created').references?.length, 1);
  assert.deepEqual(of('refund', 'created').about, ['refund']);
  assert.deepEqual(of('refund', 'created').paymentIds, [paymentId]);
  assert.deepEqual(of('refund', 'created').references, [reference]);
  assert.deepEqual(of('payout', 'created').about, ['payout']);
  assert.deepEqual(of('payout', 'created').paymentIds, []);
  assert.deepEqual(of('charge', 'succeeded').about, ['charge']);
  assert.equal(new Set(hints.map((hint) => hint.eventId)).size, hints.length);
});

test('webhooks that come twice and in the wrong order carry the same ids, and each event its own', async () => {
  const lab = await hearing({ twice: true, backwards: true });
  const charge = request(lab, await lab.tokens.approve());
  await lab.gateway.charge(charge);
  const hints = await heard(lab, 6);
  assert.equal(new Set(hints.map((hint) => hint.eventId)).size, 3);
  assert.equal(hints[0]?.type, 'payment_intent.succeeded');
  assert.ok(hints.every((hint) => hint.paymentIds[0] === charge.paymentId));
});

test('a signature of the next secret beside the old one is good, and one of another scheme is not', async () => {
  const lab = await hearing();
  const { raw, headers } = lab.signedWebhook('pay_1', systemNow());
  const good = must(headers['stripe-signature'], 'a signature');
  const [t, v1] = good.split(',');
  const wrong = 'v1='.padEnd(67, '0');
  assert.ok(await lab.gateway.readWebhook(raw, { 'stripe-signature': `${t},${wrong},${v1}` }));
  const v0 = good.replace('v1=', 'v0=');
  assert.equal(await lab.gateway.readWebhook(raw, { 'stripe-signature': v0 }), undefined);
});

test('what is five minutes old is good, and what is older is not', async () => {
  const lab = await hearing();
  const now = systemNow();
  for (const [age_s, isGood] of [
    [290, true],
    [310, false],
  ] as const) {
    const { raw, headers } = lab.signedWebhook('pay_1', secondsLater(now, -age_s));
    assert.equal((await lab.gateway.readWebhook(raw, headers)) !== undefined, isGood, `${age_s} s`);
  }
});

test('an event about somebody else’s payment at the same Stripe account names none of ours', async () => {
  const lab = await hearing();
  const object = { id: 'pi_9', object: 'payment_intent', metadata: { order: '7' } };
  const event = { id: 'evt_9', object: 'event', type: 'payment_intent.succeeded', data: { object } };
  const { raw, headers } = signed(lab.webhookSecret, event, systemNow());
  const hint = await lab.gateway.readWebhook(raw, headers);
  assert.deepEqual([hint?.paymentIds, hint?.references], [[], ['pi_9']]);
});

test('the fake signs as Stripe’s own library does', () => {
  const sdk = sdkAt(fake.url, 'sk_test_0123456789');
  const at = systemNow();
  const payload = '{"id":"evt_1"}';
  const timestamp = Math.floor(at.getTime() / 1000);
  const theirs = sdk.webhooks.generateTestHeaderString({ payload, secret: 'whsec_1', timestamp });
  assert.equal(signature('whsec_1', payload, at), theirs);
});
