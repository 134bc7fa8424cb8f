import assert from 'node:assert/strict';
import type { GatewayRefunds, RefundOutcome, RefundRequest } from '#features/payments/payment-gateway.ts';
import { must } from '#lib/errors.ts';
import {
  bookedOnce,
  type Case,
  type Charged,
  charged,
  type GatewayLab,
  lookupOn,
  passDays,
  question,
  refundOf,
  settled_days,
  settledCharge,
} from './gateway-lab.ts';

/** Runs where the gateway can give money back at all. */
export const withRefunds =
  (run: (lab: GatewayLab, refunds: GatewayRefunds) => Promise<void>): Case =>
  async (lab, t) =>
    lab.gateway.refunds ? run(lab, lab.gateway.refunds) : t.skip();

export const voidOf = (lab: GatewayLab, { charge, reference }: Charged, at = lab.start) =>
  ({ paymentId: charge.paymentId, reference, at }) as const;

/** The amounts that the vendor's own books say went back of this charge, smallest first. */
export async function wentBack(lab: GatewayLab, { charge }: Charged): Promise<bigint[]> {
  const all = await must(lab.refunded, 'the books of a vendor that refunds').call(lab);
  return all
    .filter((each) => each.paymentId === charge.paymentId)
    .map((each) => each.amount)
    .sort((a, b) => (a < b ? -1 : 1));
}

export const isRefunded = (outcome: RefundOutcome): outcome is RefundOutcome & { reference: string } =>
  outcome.outcome === 'submitted' || outcome.outcome === 'settled';

async function refundLookupOn(lab: GatewayLab, refund: RefundRequest, days: number): Promise<RefundOutcome> {
  const at = await passDays(lab, days);
  return must(lab.gateway.refunds, 'refunds').lookup({ ...refund, at });
}

/** What the gateway says of a charge that is approved: staff is offered a refund of it, or else a void. */
async function refundsAtOnce(lab: GatewayLab, { charge }: Charged): Promise<boolean | undefined> {
  const stands = await lab.gateway.lookup(question(charge.paymentId, lab.start));
  return stands.outcome === 'approved' ? stands.refundAtOnce === true : undefined;
}

const voids: Record<string, Case> = {
  'a charge that has not left for settlement is voided once, and its lookup says so': withRefunds(
    async (lab, refunds) => {
      const made = await charged(lab, await lab.tokens.approve());
      const { paymentId } = made.charge;
      const atOnce = await refundsAtOnce(lab, made);
      const outcome = await refunds.void(voidOf(lab, made));
      if (atOnce !== undefined)
        assert.equal(atOnce, outcome.outcome === 'refused', 'void or refund is offered');
      if (lab.neverVoids) {
        assert.ok(outcome.outcome === 'refused' && outcome.code !== '' && outcome.message.length > 5);
        await bookedOnce(lab, made.charge);
        return;
      }
      assert.ok(outcome.outcome === 'voided' && outcome.reference !== '');
      assert.deepEqual(await refunds.void(voidOf(lab, made)), outcome);
      assert.equal((await lab.gateway.lookup(question(paymentId, lab.start))).outcome, 'voided');
      const booked = await lab.captured();
      assert.ok(!booked.some((each) => each.paymentId === paymentId), 'nothing is taken');
      assert.equal((await lookupOn(lab, paymentId, settled_days)).outcome, 'voided', 'and never settles');
    },
  ),

  'a charge that has settled is not voided, and stays as it was': withRefunds(async (lab, refunds) => {
    const made = await settledCharge(lab);
    const at = await passDays(lab, settled_days);
    const outcome = await refunds.void(voidOf(lab, made, at));
    assert.ok(outcome.outcome === 'refused' && outcome.code !== '' && outcome.message.length > 5);
    assert.equal((await lookupOn(lab, made.charge.paymentId, settled_days)).outcome, 'settled');
    await bookedOnce(lab, made.charge);
    assert.deepEqual(await wentBack(lab, made), []);
  }),
};

const amounts: Record<string, Case> = {
  'a settled charge is given back in full, and the refund settles': withRefunds(async (lab, refunds) => {
    const made = await settledCharge(lab);
    const refund = refundOf(lab, made);
    const outcome = await refunds.refund(refund);
    assert.ok(isRefunded(outcome) && outcome.reference !== '', outcome.outcome);
    assert.deepEqual(await wentBack(lab, made), [refund.amount]);
    const later = await refundLookupOn(lab, refund, settled_days + 14);
    assert.deepEqual(later, { outcome: 'settled', reference: outcome.reference });
    assert.equal(
      (await lookupOn(lab, made.charge.paymentId, settled_days + 14)).outcome,
      'settled',
      'a refund leaves the payment as it was',
    );
  }),

  'a settled charge is given back in parts until nothing is left': withRefunds(async (lab, refunds) => {
    const made = await settledCharge(lab, { amount: 10_000n });
    const parts = [1n, 4_999n, 5_000n];
    const references = new Set<string>();
    for (const amount of parts) {
      const outcome = await refunds.refund(refundOf(lab, made, { amount }));
      assert.ok(isRefunded(outcome), outcome.outcome);
      references.add(outcome.reference);
    }
    assert.equal(references.size, 3);
    assert.deepEqual(await wentBack(lab, made), parts);
    const more = await refunds.refund(refundOf(lab, made, { amount: 1n }));
    assert.equal(more.outcome, 'failed');
    assert.deepEqual(await wentBack(lab, made), parts);
  }),

  'more than is left is not given back, and the refund says why': withRefunds(async (lab, refunds) => {
    const made = await settledCharge(lab, { amount: 10_000n });
    const tooMuch = refundOf(lab, made, { amount: 10_001n });
    const outcome = await refunds.refund(tooMuch);
    assert.ok(outcome.outcome === 'failed' && outcome.code !== '' && outcome.message.length > 5);
    assert.ok(['failed', 'absent'].includes((await refunds.lookup(tooMuch)).outcome));
    assert.deepEqual(await wentBack(lab, made), []);
  }),

  'two refunds at once that are more than the charge together: one goes back, one fails': withRefunds(
    async (lab, refunds) => {
      const made = await settledCharge(lab, { amount: 10_000n });
      const pair = [refundOf(lab, made, { amount: 6_000n }), refundOf(lab, made, { amount: 5_000n })];
      const outcomes = await Promise.all(pair.map((each) => refunds.refund(each)));
      assert.equal(outcomes.filter(isRefunded).length, 1);
      assert.equal(outcomes.filter((each) => each.outcome === 'failed').length, 1);
      assert.equal((await wentBack(lab, made)).length, 1);
    },
  ),

  'amounts go back exact in a currency without decimals': withRefunds(async (lab, refunds) => {
    if (lab.currencies && !lab.currencies.includes('JPY')) return;
    const made = await settledCharge(lab, { amount: 1_001n, currency: 'JPY' });
    assert.ok(isRefunded(await refunds.refund(refundOf(lab, made, { amount: 501n }))));
    assert.deepEqual(await wentBack(lab, made), [501n]);
  }),
};

const repeats: Record<string, Case> = {
  'the same refund sent twice is one refund with one reference': withRefunds(async (lab, refunds) => {
    const made = await settledCharge(lab);
    // Less than half, so that the vendor's own limit does not hide a second one.
    const refund = refundOf(lab, made, { amount: 100n });
    const first = await refunds.refund(refund);
    assert.ok(isRefunded(first));
    assert.deepEqual(await refunds.refund(refund), first);
    assert.deepEqual(await wentBack(lab, made), [100n]);
  }),

  'twenty copies of one refund at the same moment are one refund': withRefunds(async (lab, refunds) => {
    const made = await settledCharge(lab);
    const refund = refundOf(lab, made, { amount: 100n });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => refunds.refund(refund)));
    assert.ok(
      outcomes.every((each) => isRefunded(each) || each.outcome === 'unknown'),
      'a copy that meets another under way may not know, but never fails',
    );
    const references = new Set([...outcomes, await refunds.lookup(refund)].filter(isRefunded).map(idOf));
    assert.equal(references.size, 1);
    assert.deepEqual(await wentBack(lab, made), [100n]);
  }),

  'a refund id sent again with another amount is neither made again nor called failed': withRefunds(
    async (lab, refunds) => {
      const made = await settledCharge(lab);
      const refund = refundOf(lab, made, { amount: 100n });
      assert.ok(isRefunded(await refunds.refund(refund)));
      const again = await refunds.refund({ ...refund, amount: 101n });
      assert.equal(again.outcome, 'unknown');
      assert.deepEqual(await wentBack(lab, made), [100n]);
    },
  ),

  'two refunds of the same amount are two, when they are two of ours': withRefunds(async (lab, refunds) => {
    const made = await settledCharge(lab);
    for (let n = 0; n < 2; n += 1)
      assert.ok(isRefunded(await refunds.refund(refundOf(lab, made, { amount: 100n }))));
    assert.deepEqual(await wentBack(lab, made), [100n, 100n]);
  }),
};

const idOf = (outcome: { reference: string }): string => outcome.reference;

const time: Record<string, Case> = {
  'a refund the gateway never heard of is absent': withRefunds(async (lab, refunds) => {
    const made = await settledCharge(lab);
    assert.deepEqual(await refunds.lookup(refundOf(lab, made)), { outcome: 'absent' });
  }),

  'a refund before settlement works, or fails as too early, and nothing is lost': withRefunds(
    async (lab, refunds) => {
      const made = await charged(lab, await lab.tokens.approve());
      const early = refundOf(lab, made, { amount: 100n, requestedAt: lab.start, at: lab.start });
      const atOnce = await refundsAtOnce(lab, made);
      const outcome = await refunds.refund(early);
      if (atOnce !== undefined) assert.equal(atOnce, isRefunded(outcome), 'what is offered works');
      if (outcome.outcome === 'failed') {
        assert.equal(outcome.code, 'too_early');
        assert.deepEqual(await wentBack(lab, made), []);
        await lookupOn(lab, made.charge.paymentId, settled_days);
        const later = await refunds.refund(refundOf(lab, made, { amount: 100n }));
        assert.ok(isRefunded(later), 'a new refund works once the charge has settled');
      } else {
        assert.ok(isRefunded(outcome), outcome.outcome);
        assert.equal((await refundLookupOn(lab, early, settled_days + 14)).outcome, 'settled');
      }
      assert.deepEqual(await wentBack(lab, made), [100n]);
      await bookedOnce(lab, made.charge);
    },
  ),

  'a refund that the bank of the payer does not take fails later, with its reason': async (lab, t) => {
    const { refunds } = lab.gateway;
    if (!refunds || !lab.tokens.refundFails) return t.skip();
    const made = await settledCharge(lab, {}, await lab.tokens.refundFails());
    const refund = refundOf(lab, made);
    const first = await refunds.refund(refund);
    assert.ok(first.outcome === 'submitted', first.outcome);
    const later = await refundLookupOn(lab, refund, settled_days + 14);
    assert.ok(later.outcome === 'failed' && later.code !== '' && later.message.length > 5);
    assert.deepEqual(await wentBack(lab, made), [], 'what failed did not go back');
  },
};

/** Voids and refunds, as money.md wants them: never twice, never more than was taken. */
export const refunds: Record<string, Case> = { ...voids, ...amounts, ...repeats, ...time };
