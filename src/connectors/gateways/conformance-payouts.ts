import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { GatewayPayout, PayoutLine } from '#features/payments/payment-gateway.ts';
import { isCalendarDate } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { sum } from '#lib/money.ts';
import { isOf } from './conformance-chargebacks.ts';
import { isRefunded } from './conformance-refunds.ts';
import {
  assertHides,
  type Case,
  type Charged,
  charged,
  type GatewayLab,
  passDays,
  refundOf,
  refusalFrom,
  settled_days,
  settledCharge,
} from './gateway-lab.ts';

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

async function listOn(lab: GatewayLab, days: number, since?: string): Promise<GatewayPayout[]> {
  const at = await passDays(lab, days);
  const payouts = must(lab.gateway.payouts, 'payouts');
  return payouts.list({ since: since ?? dayOf(lab.start), at });
}

/** Every payout is the sum of its lines, to the unit, and each line the difference of its own. */
function assertAddsUp(payouts: readonly GatewayPayout[]): void {
  for (const payout of payouts) {
    const { reference, amount, initiatedOn, arrivesOn, lines } = payout;
    for (const line of lines) {
      assert.equal(line.gross - line.fee, line.net, `line ${line.reference} of ${reference}`);
      assert.ok(isCalendarDate(line.on));
    }
    assert.equal(sum(lines.map((line) => line.net)), amount, `payout ${reference}`);
    assert.equal(new Set(lines.map((line) => line.reference)).size, lines.length, 'each line has its name');
    assert.ok(isCalendarDate(initiatedOn) && isCalendarDate(arrivesOn) && initiatedOn <= arrivesOn);
  }
  assert.equal(new Set(payouts.map((each) => each.reference)).size, payouts.length);
  const days = payouts.map((each) => each.initiatedOn);
  assert.deepEqual(days, [...days].sort(), 'oldest first');
}

function linesOf(payouts: readonly GatewayPayout[], kind: PayoutLine['kind'], made: Charged): PayoutLine[] {
  return payouts.flatMap((each) => each.lines).filter((line) => line.kind === kind && isOf(line, made));
}

const gross = (lines: readonly PayoutLine[]): bigint[] => lines.map((line) => line.gross);

const withPayouts =
  (run: (lab: GatewayLab, after_days: number, t: TestContext) => Promise<void>): Case =>
  async (lab, t) => {
    if (!lab.gateway.payouts) return t.skip();
    await run(lab, must(lab.payoutsAfter_days, 'the days a payout takes'), t);
  };

const reachingTheBank: Record<string, Case> = {
  'charges reach the bank in payouts that name them and add up to the unit': withPayouts(
    async (lab, after_days) => {
      const made: Charged[] = [];
      const { least = 1n } = lab.limits ?? {};
      for (const amount of [least, least + 32n, 9_999n, 12_345_678n])
        made.push(await charged(lab, await lab.tokens.approve({ amount }), { amount }));
      const payouts = await listOn(lab, settled_days + after_days);
      assertAddsUp(payouts);
      for (const each of made)
        assert.deepEqual(gross(linesOf(payouts, 'charge', each)), [each.charge.amount]);
      assert.ok(payouts.every((each) => each.currency === 'USD'));
      assert.deepEqual(await listOn(lab, settled_days + after_days), payouts, 'asked again, the same');
    },
  ),

  'refunds are negative lines of the payout that they lessen': async (lab, t) => {
    const { payouts: port, refunds } = lab.gateway;
    if (!port || !refunds) return t.skip();
    const [kept, returned] = [await charged(lab, await lab.tokens.approve()), await settledCharge(lab)];
    const parts = [refundOf(lab, returned, { amount: 100n }), refundOf(lab, returned, { amount: 250n })];
    for (const part of parts) assert.ok(isRefunded(await refunds.refund(part)));
    await chargedLater(lab, settled_days + 1);
    const days = settled_days + 14 + must(lab.payoutsAfter_days, 'the days a payout takes');
    const payouts = await listOn(lab, days);
    assertAddsUp(payouts);
    const lines = payouts.flatMap((each) => each.lines).filter((line) => line.kind === 'refund');
    assert.deepEqual(gross(lines).sort(), [-100n, -250n].sort());
    for (const line of lines) {
      const part = parts.find((each) => each.amount === -line.gross);
      assert.ok(line.refundId === undefined ? isOf(line, returned) : line.refundId === part?.refundId);
    }
    assert.equal(linesOf(payouts, 'charge', kept).length, 1);
  },

  'a voided charge is in no payout': async (lab, t) => {
    const { payouts: port, refunds } = lab.gateway;
    if (!port || !refunds || lab.neverVoids) return t.skip();
    const [kept, voided] = [
      await charged(lab, await lab.tokens.approve()),
      await charged(lab, await lab.tokens.approve()),
    ];
    const { reference, charge } = voided;
    await refunds.void({ paymentId: charge.paymentId, reference, at: lab.start });
    const payouts = await listOn(lab, settled_days + must(lab.payoutsAfter_days, 'the days a payout takes'));
    assertAddsUp(payouts);
    assert.equal(linesOf(payouts, 'charge', kept).length, 1);
    assert.deepEqual(linesOf(payouts, 'charge', voided), []);
  },

  'each currency has payouts of its own': withPayouts(async (lab, after_days) => {
    if (lab.currencies && !lab.currencies.includes('JPY')) return;
    const of = { amount: 1_000n, currency: 'JPY' };
    const yen = await charged(lab, await lab.tokens.approve(of), of);
    const dollars = await charged(lab, await lab.tokens.approve());
    const payouts = await listOn(lab, settled_days + after_days);
    assertAddsUp(payouts);
    for (const made of [yen, dollars]) {
      const same = payouts.filter((each) => each.currency === made.charge.currency);
      assert.deepEqual(gross(linesOf(same, 'charge', made)), [made.charge.amount]);
    }
  }),

  'more charges than any page of the vendor holds come whole': withPayouts(async (lab, after_days, t) => {
    if (!lab.gateway.methods) return t.skip();
    const source = { kind: 'one_time', token: await lab.tokens.approve(), store: true } as const;
    const { method } = await charged(lab, '', { source });
    const stored = { kind: 'stored', token: must(method.storedToken, 'a stored method') } as const;
    for (let n = 0; n < 11; n += 1) {
      const ten = Array.from({ length: 10 }, () => charged(lab, '', { source: stored, amount: 101n }));
      await Promise.all(ten);
    }
    const payouts = await listOn(lab, settled_days + after_days);
    assertAddsUp(payouts);
    const lines = payouts.flatMap((each) => each.lines).filter((line) => line.kind === 'charge');
    assert.equal(lines.length, 111);
    assert.equal(new Set(lines.map((line) => line.paymentId ?? line.paymentReference)).size, 111);
  }),

  'what was paid out and has arrived is not listed for days after it': withPayouts(
    async (lab, after_days) => {
      await charged(lab, await lab.tokens.approve());
      const paid = await listOn(lab, settled_days + after_days + 14);
      assert.ok(paid.length > 0 && paid.every((each) => each.state === 'paid'));
      assert.deepEqual(await listOn(lab, 60, dayOf(await passDays(lab, 60))), []);
    },
  ),
};

/** More money comes in after some went back: some vendors pay out only what is above zero. */
async function chargedLater(lab: GatewayLab, days: number): Promise<void> {
  const at = await passDays(lab, days);
  const amount = 90_000n;
  await charged(lab, await lab.tokens.approve({ amount }), { amount, at });
}

const goingBack: Record<string, Case> = {
  'a debit returned after it was paid out is a negative line of a later payout': async (lab, t) => {
    if (!lab.gateway.payouts || !lab.tokens.bankReturnsLate) return t.skip();
    const made = await charged(lab, await lab.tokens.bankReturnsLate());
    const after_days = must(lab.payoutsAfter_days, 'the days a payout takes');
    const before = await listOn(lab, 4 + after_days);
    assert.deepEqual(gross(linesOf(before, 'charge', made)), [made.charge.amount]);
    assert.deepEqual(linesOf(before, 'return', made), []);
    await chargedLater(lab, 30);
    const payouts = await listOn(lab, 30 + settled_days + after_days);
    assertAddsUp(payouts);
    assert.deepEqual(gross(linesOf(payouts, 'return', made)), [-made.charge.amount]);
  },

  'a debit returned before it settled is in no payout as money': async (lab, t) => {
    if (!lab.gateway.payouts || !lab.tokens.bankReturns) return t.skip();
    const made = await charged(lab, await lab.tokens.bankReturns());
    const payouts = await listOn(lab, 10 + must(lab.payoutsAfter_days, 'the days a payout takes'));
    assertAddsUp(payouts);
    const lines = payouts.flatMap((each) => each.lines).filter((line) => isOf(line, made));
    assert.equal(sum(gross(lines)), 0n);
  },

  'a chargeback is a negative line': async (lab, t) => {
    const { payouts: port, chargebacks } = lab.gateway;
    if (!port || !chargebacks || !lab.tokens.disputes) return t.skip();
    const made = await charged(lab, await lab.tokens.disputes());
    await chargedLater(lab, 5);
    const after_days = must(lab.payoutsAfter_days, 'the days a payout takes');
    const payouts = await listOn(lab, 5 + settled_days + after_days);
    assertAddsUp(payouts);
    assert.deepEqual(gross(linesOf(payouts, 'chargeback', made)), [-made.charge.amount]);
    assert.deepEqual(linesOf(payouts, 'chargeback_reversal', made), []);
  },

  'a chargeback that is won comes back as a line of its own': async (lab, t) => {
    const { payouts: port, chargebacks } = lab.gateway;
    const send = chargebacks?.sendEvidence;
    if (!port || !chargebacks || !send || !lab.tokens.disputes || lab.winningEvidence === undefined)
      return t.skip();
    const made = await charged(lab, await lab.tokens.disputes());
    const at = await passDays(lab, 5);
    const dispute = (await chargebacks.list({ since: lab.start, at })).find((each) => isOf(each, made));
    const { reference } = must(dispute, 'a dispute');
    await send({ reference, evidence: { text: lab.winningEvidence, files: [] }, at });
    await chargedLater(lab, 5);
    const payouts = await listOn(lab, 90 + must(lab.payoutsAfter_days, 'the days a payout takes'));
    assertAddsUp(payouts);
    assert.deepEqual(gross(linesOf(payouts, 'chargeback', made)), [-made.charge.amount]);
    assert.deepEqual(gross(linesOf(payouts, 'chargeback_reversal', made)), [made.charge.amount]);
  },

  'a gateway that cannot be reached refuses, rather than to say that nothing was paid out': async (
    lab,
    t,
  ) => {
    const away = lab.unreachable.payouts;
    if (!away) return t.skip();
    const refusal = await refusalFrom(away.list({ since: dayOf(lab.start), at: lab.start }));
    assert.equal(refusal.code, 'unavailable');
    assertHides(lab, refusal);
  },
};

/** What the gateway sends to the bank (money.md, promise 5). */
export const payouts: Record<string, Case> = { ...reachingTheBank, ...goingBack };
