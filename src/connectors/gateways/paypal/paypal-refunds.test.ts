import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { GatewayChargebacks, GatewayRefunds } from '#features/payments/payment-gateway.ts';
import { must } from '#lib/errors.ts';
import { passDays, refundOf, refusalFrom, request } from '../gateway-lab.ts';
import type { Buyer } from './fake/books.ts';
import { type PaypalLab, paypalLab } from './paypal-lab.ts';

type Place = { paypal: PaypalLab; refunds: GatewayRefunds; chargebacks: GatewayChargebacks };

async function place(t: TestContext): Promise<Place> {
  const paypal = await paypalLab();
  t.after(() => paypal.close());
  const { refunds, chargebacks } = paypal.gateway;
  return { paypal, refunds: must(refunds, 'refunds'), chargebacks: must(chargebacks, 'chargebacks') };
}

async function charged(paypal: PaypalLab, buyer: Buyer) {
  const charge = request(paypal, await paypal.approvedBy(buyer));
  const outcome = await paypal.gateway.charge(charge);
  assert.ok(outcome.outcome === 'settled' || outcome.outcome === 'submitted');
  return { charge, reference: outcome.reference, method: outcome.method };
}

test('a refund of money that has not cleared is too early, and works later', async (t) => {
  const { paypal, refunds } = await place(t);
  const made = await charged(paypal, 'echeck');
  const early = await refunds.refund(refundOf(paypal, made, { amount: 100n }));
  assert.ok(early.outcome === 'failed' && early.code === 'too_early');
  await passDays(paypal, 5);
  assert.equal((await refunds.refund(refundOf(paypal, made, { amount: 100n }))).outcome, 'settled');
});

test('a refund asked for again after PayPal forgot its id is found, and not made twice', async (t) => {
  const { paypal, refunds } = await place(t);
  const made = await charged(paypal, 'balance');
  const refund = refundOf(paypal, made);
  paypal.fake.fault('drop_after_commit');
  assert.equal((await refunds.refund(refund)).outcome, 'unknown');
  const at = await passDays(paypal, 50);
  const found = await refunds.refund({ ...refund, at });
  assert.equal(found.outcome, 'settled');
  assert.deepEqual(await refunds.lookup({ ...refund, at }), found);
  assert.equal((await must(paypal.refunded, 'books').call(paypal)).length, 1);
});

test('a refund of a capture that PayPal does not have fails, and its lookup stays unknown', async (t) => {
  const { paypal, refunds } = await place(t);
  const made = { ...(await charged(paypal, 'balance')), reference: '8WK75382LT1234567' };
  assert.equal((await refunds.refund(refundOf(paypal, made))).outcome, 'failed');
  assert.equal((await refunds.lookup(refundOf(paypal, made))).outcome, 'unknown');
});

test('more disputes than a page holds are all listed, those that changed last at the end', async (t) => {
  const { paypal, chargebacks } = await place(t);
  for (let n = 0; n < 53; n += 1) await charged(paypal, 'disputes');
  const at = await passDays(paypal, 4);
  const opened = await chargebacks.list({ since: paypal.start, at });
  assert.equal(new Set(opened.map((each) => each.reference)).size, 53);
  const first = must(opened[0], 'a dispute');
  const later = await passDays(paypal, 6);
  await chargebacks.sendEvidence?.({
    reference: first.reference,
    evidence: { text: 'Signed for', files: [] },
    at: later,
  });
  const changed = await chargebacks.list({ since: new Date(at.getTime() + 1), at: later });
  assert.deepEqual(
    changed.map((each) => [each.reference, each.state]),
    [[first.reference, 'evidence_sent']],
  );
  const all = await chargebacks.list({ since: paypal.start, at: later });
  assert.equal(all.at(-1)?.reference, first.reference);
  const old = await chargebacks.list({ since: new Date('2020-01-01'), at: later });
  assert.equal(old.length, 53, 'PayPal looks back 180 days, and is not asked for more');
});

test('evidence goes with its files; one of a kind that PayPal does not take is refused before it travels', async (t) => {
  const { paypal, chargebacks } = await place(t);
  await charged(paypal, 'disputes');
  const at = await passDays(paypal, 4);
  const [dispute] = await chargebacks.list({ since: paypal.start, at });
  const reference = must(dispute, 'a dispute').reference;
  const send = must(chargebacks.sendEvidence, 'evidence');
  const file = (contentType: string) => ({
    name: 'note "1".pdf',
    contentType,
    bytes: Buffer.from('%PDF-1.7\r\n--'),
  });
  const bad = { text: 'Signed for', files: [file('text/html')] };
  const refusal = await refusalFrom(send({ reference, evidence: bad, at }));
  assert.deepEqual([refusal.code, refusal.details.param], ['invalid_request', 'files']);
  await send({ reference, evidence: { text: 'Signed for', files: [file('application/pdf')] }, at });
  assert.deepEqual(paypal.fake.books.disputes.get(reference)?.evidence, ['Signed for']);
});
