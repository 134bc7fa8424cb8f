import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ChargeRequest } from '#features/payments/payment-gateway.ts';
import { must } from '#lib/errors.ts';
import { chargebacks } from './conformance-chargebacks.ts';
import { storedMethods } from './conformance-methods.ts';
import { payouts } from './conformance-payouts.ts';
import { redirect } from './conformance-redirect.ts';
import { refundTrouble } from './conformance-refund-trouble.ts';
import { refunds } from './conformance-refunds.ts';
import { trouble } from './conformance-trouble.ts';
import {
  assertHides,
  bookedOnce,
  type Case,
  type GatewayLab,
  goodOutcome,
  lookupOn,
  question,
  request,
} from './gateway-lab.ts';

const oneCharge: Record<string, Case> = {
  'a good charge answers its method and a reference, and the gateway books the amount': async (lab) => {
    const charge = request(lab, await lab.tokens.approve());
    const outcome = await lab.gateway.charge(charge);
    assert.ok(outcome.outcome === goodOutcome(lab) && 'method' in outcome && outcome.method);
    assert.notEqual(outcome.reference, '');
    assert.equal(outcome.method.kind, lab.kind ?? 'card');
    assert.match(outcome.method.last4, lab.kind === 'paypal' ? /^$/ : /^\d{4}$/);
    if (outcome.method.kind === 'card') assert.ok((outcome.method.expiry?.year ?? 0) >= 2000);
    assert.equal(outcome.method.storedToken, undefined);
    await bookedOnce(lab, charge);
  },

  'the same payment sent twice is one charge with one reference': async (lab) => {
    const charge = request(lab, await lab.tokens.approve());
    const first = await lab.gateway.charge(charge);
    assert.deepEqual(await lab.gateway.charge(charge), first);
    await bookedOnce(lab, charge);
  },

  'twenty copies of one payment at the same moment are one charge': async (lab) => {
    const charge = request(lab, await lab.tokens.approve());
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => lab.gateway.charge(charge)));
    const references = new Set(
      outcomes.map((each) =>
        each.outcome === goodOutcome(lab) && 'reference' in each ? each.reference : '',
      ),
    );
    assert.equal(references.size, 1);
    assert.ok(!references.has(''));
    await bookedOnce(lab, charge);
  },

  'a payment id sent again with another amount is neither charged nor called declined': async (lab) => {
    const charge = request(lab, await lab.tokens.approve());
    await lab.gateway.charge(charge);
    const again = await lab.gateway.charge({ ...charge, amount: charge.amount + 1n });
    assert.equal(again.outcome, 'unknown');
    await bookedOnce(lab, charge);
  },

  'a one-time token pays once': async (lab) => {
    const token = await lab.tokens.approve();
    await lab.gateway.charge(request(lab, token));
    assert.equal((await lab.gateway.charge(request(lab, token))).outcome, 'declined');
    assert.equal((await lab.captured()).length, 1);
  },

  'a decline is a value with a code and a sentence, and looks the same when it is looked up': async (lab) => {
    const charge = request(lab, await lab.tokens.decline());
    const outcome = await lab.gateway.charge(charge);
    assert.ok(outcome.outcome === 'declined' && outcome.vendor?.code && outcome.message.length > 10);
    assert.deepEqual(await lab.gateway.lookup(question(charge.paymentId, lab.start)), outcome);
    assert.deepEqual(await lab.captured(), []);
  },

  'a payment the gateway never heard of is absent': async (lab) => {
    const { paymentId } = request(lab, await lab.tokens.approve());
    assert.deepEqual(await lab.gateway.lookup(question(paymentId, lab.start)), { outcome: 'absent' });
  },

  'amounts arrive exact, whether the currency has decimals or none': async (lab) => {
    const amounts: [bigint, string][] = [
      [1n, 'USD'],
      [1_999n, 'EUR'],
      [500n, 'JPY'],
      [123_456_789n, 'JPY'],
      [99_999_999n, 'USD'],
    ];
    for (const [amount, currency] of amounts) {
      if (lab.currencies && !lab.currencies.includes(currency)) continue;
      const of = { amount, currency };
      const charge = request(lab, await lab.tokens.approve(of), of);
      const isOutside = lab.limits && (amount < lab.limits.least || amount > lab.limits.most);
      assert.equal((await lab.gateway.charge(charge)).outcome, isOutside ? 'declined' : goodOutcome(lab));
      if (isOutside) continue;
      await bookedOnce(lab, charge);
    }
  },
};

/** The days on which a bank debit is looked up, and what it must be then. */
async function livesThrough(
  lab: GatewayLab,
  token: string,
  life: [number, string][],
): Promise<ChargeRequest> {
  const charge = request(lab, token);
  const first = await lab.gateway.charge(charge);
  assert.ok(first.outcome === 'submitted' && first.method.kind === 'bank_account');
  const between = new Set(lab.quietDebits ? ['accepted', 'collected'] : []);
  for (const [days, named] of life) {
    const state = between.has(named) ? 'submitted' : named;
    assert.equal((await lookupOn(lab, charge.paymentId, days)).outcome, state, `after ${days} days`);
  }
  return charge;
}

const life: Record<string, Case> = {
  'a card is approved, then settling, then settled as the days pass; a wallet is settled at once': async (
    lab,
  ) => {
    const charge = request(lab, await lab.tokens.approve());
    assert.equal((await lab.gateway.charge(charge)).outcome, goodOutcome(lab));
    assert.equal((await lookupOn(lab, charge.paymentId, 3)).outcome, 'settled');
    const replayed = await lab.gateway.charge(charge);
    const isTold = replayed.outcome === 'approved' || replayed.outcome === 'settled';
    assert.ok(isTold, 'a replay tells what was told, or what has become of it');
    await bookedOnce(lab, charge);
  },

  'a bank debit is submitted, accepted, collected, settled, each on its day': async (lab, t) => {
    if (!lab.tokens.bankSettles) return t.skip();
    const days: [number, string][] = [
      [0.9, 'submitted'],
      [1, 'accepted'],
      [2, 'collected'],
      [3.9, 'collected'],
      [4, 'settled'],
      [60, 'settled'],
    ];
    await bookedOnce(lab, await livesThrough(lab, await lab.tokens.bankSettles(), days));
  },

  'a bank debit that the bank returns carries the return code': async (lab, t) => {
    if (!lab.tokens.bankReturns) return t.skip();
    const days: [number, string][] = [
      [1, 'accepted'],
      [2, 'returned'],
    ];
    const { paymentId } = await livesThrough(lab, await lab.tokens.bankReturns(), days);
    const returned = await lookupOn(lab, paymentId, 5);
    assert.ok(
      returned.outcome === 'returned' && /^R\d\d$/.test(returned.returnCode) && returned.message !== '',
    );
    assert.deepEqual(await lab.captured(), []);
  },

  'a bank debit can be returned after it settled': async (lab, t) => {
    if (!lab.tokens.bankReturnsLate) return t.skip();
    const days: [number, string][] = [
      [4, 'settled'],
      [29, 'settled'],
      [30, 'returned'],
    ];
    await livesThrough(lab, await lab.tokens.bankReturnsLate(), days);
  },
};

const hints: Record<string, Case> = {
  'a signed webhook names its event and the payments to look up': async (lab) => {
    const { raw, headers } = lab.signedWebhook('pay_1', lab.now());
    const hint = await lab.gateway.readWebhook(raw, headers);
    assert.deepEqual(hint?.paymentIds, ['pay_1']);
    assert.ok(hint.eventId);
  },

  'a webhook that was changed, signed by another, left unsigned or kept for an hour is refused': async (
    lab,
  ) => {
    const { raw, headers } = lab.signedWebhook('pay_1', lab.now());
    const changed = Buffer.from(raw.toString().replace('pay_1', 'pay_2'));
    assert.equal(await lab.gateway.readWebhook(changed, headers), undefined);
    assert.equal(await lab.gateway.readWebhook(raw, {}), undefined);
    const forged = Object.entries(headers).map(([name, value]) => [
      name,
      // Hex or base64, whichever the vendor signs in.
      value?.replace(/[0-9A-Za-z+/]{64}/, '0'.repeat(64)),
    ]);
    assert.equal(await lab.gateway.readWebhook(raw, Object.fromEntries(forged)), undefined);
    const old = lab.signedWebhook('pay_1', new Date(lab.now().getTime() - (lab.webhookLife_ms ?? 3_600_000)));
    assert.equal(await lab.gateway.readWebhook(old.raw, old.headers), undefined);
  },

  'the gateway really sends such webhooks, of a charge and of each later move': async (lab, t) => {
    if (!lab.webhooks) return t.skip();
    const charge = request(lab, await lab.tokens.approve());
    await lab.gateway.charge(charge);
    await lookupOn(lab, charge.paymentId, 3);
    let ofCharge = 0;
    for (const { raw, headers } of await lab.webhooks(3)) {
      const hint = must(await lab.gateway.readWebhook(raw, headers), 'a hint');
      assertHides(lab, raw.toString());
      // A payout is told of as well, and names no payment.
      if (!(hint.about ?? ['charge']).includes('charge')) continue;
      assert.deepEqual(hint.paymentIds, [charge.paymentId]);
      ofCharge += 1;
    }
    assert.ok(ofCharge > 0);
  },

  'the hosted fields live on an origin of their own and know their parent': async (lab, t) => {
    if (!lab.gateway.hostedFields) return t.skip();
    const { origin, cardUrl, bankAccountUrl } = lab.gateway.hostedFields({
      parentOrigin: 'https://pay.example.com',
      fieldsUrl: 'https://pay.example.com/gateway-fields/gwa_1',
    });
    for (const url of [cardUrl, bankAccountUrl]) {
      assert.equal(new URL(url).origin, origin);
      assertHides(lab, url);
    }
  },
};

/**
 * The questions every payment gateway must answer well. A connector's test calls this once (house,
 * "Connectors").
 */
export function gatewayConformance(name: string, makeLab: () => Promise<GatewayLab>): void {
  const groups = {
    oneCharge,
    trouble,
    storedMethods,
    life,
    hints,
    redirect,
    refunds,
    refundTrouble,
    chargebacks,
    payouts,
  };
  for (const [group, cases] of Object.entries(groups)) {
    describe(`${name}: ${group}`, { concurrency: true }, () => {
      for (const [sentence, run] of Object.entries(cases)) {
        test(sentence, { timeout: 15_000 }, async (t) => {
          const lab = await makeLab();
          t.after(() => lab.close());
          await run(lab, t);
        });
      }
    });
  }
}
