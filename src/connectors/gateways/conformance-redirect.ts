import assert from 'node:assert/strict';
import type { Redirect } from '#features/payments/payment-gateway.ts';
import { newId } from '#lib/ids.ts';
import {
  assertHides,
  bookedOnce,
  type Case,
  type GatewayLab,
  goodOutcome,
  question,
  refusalFrom,
  request,
} from './gateway-lab.ts';

type Checkout = Parameters<Redirect['begin']>[0];

const checkout = (change: Partial<Checkout> = {}): Checkout => ({
  checkoutId: `chk-${newId('request')}`,
  amount: 12_345n,
  currency: 'USD',
  description: 'Invoice 1042',
  returnUrl: 'https://pay.example.com/back?invoice=1042',
  cancelUrl: 'https://pay.example.com/left',
  ...change,
});

type Payer = NonNullable<GatewayLab['payer']>;

const sent =
  (run: (lab: GatewayLab, redirect: Redirect, payer: Payer) => Promise<void>): Case =>
  async (lab, t) =>
    lab.gateway.redirect && lab.payer ? run(lab, lab.gateway.redirect, lab.payer) : t.skip();

async function notCharged(lab: GatewayLab, token: string, change: { amount?: bigint; currency?: string }) {
  const charge = request(lab, token, change);
  const outcome = await lab.gateway.charge(charge);
  assert.ok(outcome.outcome === 'declined' && outcome.vendor?.code && outcome.message.length > 10);
  const later = (await lab.gateway.lookup(question(charge.paymentId, lab.start))).outcome;
  assert.ok(later === 'absent' || later === 'declined', later);
  assert.deepEqual(await lab.captured(), []);
}

/** Sending the payer to the vendor, who comes back having agreed, or not. */
export const redirect: Record<string, Case> = {
  'a payer who agreed at the vendor comes back to us with a token, which pays once': sent(
    async (lab, { begin }, payer) => {
      const { url, token } = await begin(checkout());
      const back = new URL(await payer.agrees(url));
      assert.equal(back.origin + back.pathname, 'https://pay.example.com/back');
      assert.equal(back.searchParams.get('invoice'), '1042', 'what we had asked to keep is kept');
      assert.ok([...back.searchParams.values()].includes(token), 'and the token is in the address');
      const charge = request(lab, token);
      assert.equal((await lab.gateway.charge(charge)).outcome, goodOutcome(lab));
      await bookedOnce(lab, charge);
    },
  ),

  'the same checkout begun again is the same order; another one is another': sent(async (_lab, { begin }) => {
    const mine = checkout();
    const first = await begin(mine);
    assert.deepEqual(await begin(mine), first);
    assert.notEqual((await begin(checkout())).token, first.token);
  }),

  'a payer who leaves the vendor comes back elsewhere and is not charged': sent(
    async (lab, { begin }, payer) => {
      const { url, token } = await begin(checkout());
      assert.ok((await payer.leaves(url)).startsWith('https://pay.example.com/left'));
      await notCharged(lab, token, {});
    },
  ),

  'a payer who has not been at the vendor yet is not charged': sent(async (lab, { begin }) => {
    await notCharged(lab, (await begin(checkout())).token, {});
  }),

  'another amount, or another currency, than the payer agreed to is not charged': sent(
    async (lab, { begin }, payer) => {
      for (const change of [{ amount: 12_346n }, { amount: 12_344n }, { currency: 'EUR' }]) {
        const { url, token } = await begin(checkout());
        await payer.agrees(url);
        await notCharged(lab, token, change);
      }
    },
  ),

  'a token that was never made is declined': sent(async (lab) => {
    await notCharged(lab, '5O190127TN364715T', {});
  }),

  'a gateway that cannot be reached refuses to begin and shows no secret': sent(async (lab) => {
    const away = lab.unreachable.redirect;
    assert.ok(away);
    const refusal = await refusalFrom(away.begin(checkout()));
    assert.equal(refusal.code, 'unavailable');
    assertHides(lab, refusal);
  }),
};
