import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  afterRefund,
  feeLeft,
  pieceLeft,
  planRefund,
  principalLeft,
  type RefundablePayment,
  unappliedLeft,
} from '#features/refunds/plan-rules.ts';

const paid = (parts: readonly bigint[], unapplied = 0n, fee = 0n): RefundablePayment => ({
  amount: parts.reduce((total, part) => total + part, unapplied + fee),
  fee,
  feeRefunded: 0n,
  inclusivePrincipal: 0n,
  discounted: fee < 0n ? parts.reduce((total, part) => total + part, 0n) : 0n,
  unapplied,
  unappliedRefunded: 0n,
  pieces: parts.map((amount, at) => ({
    ...{ invoiceId: `inv${at}`, amount, refunded: 0n },
    discounted: fee < 0n ? amount : 0n,
  })),
});
const planOf = (payment: RefundablePayment, ask: Parameters<typeof planRefund>[1]) => {
  const verdict = planRefund(payment, ask);
  assert.ok(verdict.ok, verdict.ok ? '' : verdict.reason);
  return verdict.plan;
};
const refused = (payment: RefundablePayment, ask: Parameters<typeof planRefund>[1]) => {
  const verdict = planRefund(payment, ask);
  return verdict.ok ? 'ok' : `${verdict.code} ${verdict.param}`;
};
const inclusive = { feeHandling: 'inclusive' } as const;

test('a full refund gives all of it back, the fee too; exclusive keeps the fee', () => {
  const payment = paid([60n, 40n], 10n, 3n);
  assert.deepEqual(planOf(payment, inclusive), {
    amount: 113n,
    feeAmount: 3n,
    fromUnapplied: 10n,
    lines: [
      { invoiceId: 'inv0', amount: 60n },
      { invoiceId: 'inv1', amount: 40n },
    ],
  });
  assert.equal(planOf(payment, { feeHandling: 'exclusive' }).amount, 110n);
});

test('a part comes out of unapplied cash first, then out of the invoices in the order shown', () => {
  const plan = planOf(paid([60n, 40n], 10n), { ...inclusive, principal: 75n });
  assert.deepEqual(
    [plan.fromUnapplied, plan.lines],
    [
      10n,
      [
        { invoiceId: 'inv0', amount: 60n },
        { invoiceId: 'inv1', amount: 5n },
      ],
    ],
  );
});

test('a split must add up, and take from each part no more than is left of it', () => {
  const payment = paid([60n, 40n], 10n);
  const split = (lines: [string, bigint][], fromUnapplied = 0n, principal?: bigint) => ({
    ...inclusive,
    principal,
    fromUnapplied,
    lines: lines.map(([invoiceId, amount]) => ({ invoiceId, amount })),
  });
  assert.equal(refused(payment, split([['inv0', 30n]], 10n, 40n)), 'ok');
  assert.equal(refused(payment, split([['inv0', 30n]], 10n)), 'ok');
  assert.equal(refused(payment, split([['inv0', 30n]], 10n, 41n)), 'invalid_request lines');
  assert.equal(refused(payment, split([['inv0', 61n]])), 'amount_too_large lines.0');
  assert.equal(refused(payment, split([['inv9', 1n]])), 'not_found lines.0');
  const doubled = split([
    ['inv1', 20n],
    ['inv1', 20n],
  ]);
  assert.equal(refused(payment, doubled), 'invalid_request lines.1');
  assert.equal(refused(payment, split([['inv1', 0n]], 1n)), 'invalid_request lines.0');
  assert.equal(refused(payment, split([], 11n)), 'amount_too_large from_unapplied');
  assert.equal(refused(payment, split([['inv0', 11n]], -1n)), 'invalid_request from_unapplied');
  assert.equal(refused(payment, { ...inclusive, principal: 111n }), 'amount_too_large principal');
  assert.equal(refused(payment, { ...inclusive, principal: 0n }), 'invalid_request principal');
  assert.equal(refused(payment, split([])), 'invalid_request principal');
});

test('the fee’s share of a third and two thirds is the whole fee, to the unit', () => {
  let payment = paid([300n], 0n, 10n);
  const shares = [100n, 100n, 100n].map((principal) => {
    const plan = planOf(payment, { ...inclusive, principal });
    payment = afterRefund(payment, plan, 'inclusive');
    return plan.feeAmount;
  });
  assert.deepEqual(shares, [3n, 4n, 3n]);
});

test('after exclusive parts a full inclusive refund still gives back all that is left', () => {
  const payment = paid([100n], 0n, 5n);
  const first = afterRefund(
    payment,
    planOf(payment, { feeHandling: 'exclusive', principal: 40n }),
    'exclusive',
  );
  assert.deepEqual(planOf(first, inclusive), {
    amount: 65n,
    feeAmount: 5n,
    fromUnapplied: 0n,
    lines: [{ invoiceId: 'inv0', amount: 60n }],
  });
  const all = afterRefund(payment, planOf(payment, { feeHandling: 'exclusive' }), 'exclusive');
  assert.equal(refused(all, { feeHandling: 'exclusive' }), 'amount_too_large fee_handling');
  assert.equal(planOf(all, inclusive).amount, 5n);
});

const cents = fc.bigInt({ min: 0n, max: 1_000_000n });
const positive = fc.bigInt({ min: 1n, max: 1_000_000n });

test('however it is refunded, no part gives more than it has, and a last full refund leaves nothing', () => {
  fc.assert(
    fc.property(
      fc.array(positive, { maxLength: 6 }),
      cents,
      cents,
      fc.array(fc.record({ share: fc.integer({ min: 1, max: 100 }), exclusive: fc.boolean() }), {
        maxLength: 8,
      }),
      (parts, unapplied, fee, asks) => {
        let payment = paid(parts, unapplied, fee);
        let back = 0n;
        const take = (ask: Parameters<typeof planRefund>[1]): void => {
          const verdict = planRefund(payment, ask);
          if (!verdict.ok) return;
          const { plan } = verdict;
          const lines = plan.lines.reduce((total, { amount }) => total + amount, 0n);
          assert.equal(plan.amount, plan.feeAmount + plan.fromUnapplied + lines);
          assert.ok(plan.amount > 0n && plan.feeAmount >= 0n);
          payment = afterRefund(payment, plan, ask.feeHandling);
          back += plan.amount;
          assert.ok(feeLeft(payment) >= 0n && unappliedLeft(payment) >= 0n);
          assert.ok(payment.pieces.every((piece) => pieceLeft(piece) >= 0n));
        };
        for (const { share, exclusive } of asks)
          take({
            feeHandling: exclusive ? 'exclusive' : 'inclusive',
            principal: (principalLeft(payment) * BigInt(share)) / 100n,
          });
        take(inclusive);
        assert.equal(back, payment.amount);
        assert.equal(principalLeft(payment) + feeLeft(payment), 0n);
      },
    ),
    { numRuns: 3000 },
  );
});

test('refunded inclusively in any parts, the last of them returns the fee exactly', () => {
  fc.assert(
    fc.property(
      positive,
      cents,
      fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 8 }),
      (whole, fee, cuts) => {
        let payment = paid([whole], 0n, fee);
        for (const cut of cuts) {
          const principal = (principalLeft(payment) * BigInt(cut)) / 100n;
          if (principal > 0n)
            payment = afterRefund(payment, planOf(payment, { ...inclusive, principal }), 'inclusive');
        }
        const principal = principalLeft(payment);
        payment = afterRefund(payment, planOf(payment, { ...inclusive, principal }), 'inclusive');
        assert.equal(payment.feeRefunded, fee);
      },
    ),
    { numRuns: 2000 },
  );
});

test('a discount goes back with what it was taken off, and not with what was paid ahead beside it', () => {
  const payment = paid([1_000_00n], 500_00n, -20_00n);
  const line = (amount: bigint) => ({ ...inclusive, lines: [{ invoiceId: 'inv0', amount }] });
  assert.equal(planOf(payment, { ...inclusive, fromUnapplied: 500_00n }).amount, 500_00n);
  assert.equal(planOf(payment, line(1_000_00n)).amount, 980_00n);
  assert.equal(planOf(payment, line(250_00n)).amount, 245_00n);
  const rest = afterRefund(payment, planOf(payment, line(333_33n)), 'inclusive');
  assert.equal(rest.feeRefunded, -6_67n);
  assert.equal(
    planOf(rest, { ...inclusive, principal: 500_00n }).amount,
    500_00n,
    'what is ahead goes first',
  );
  assert.equal(planOf(rest, { ...inclusive, principal: 510_00n }).amount, 509_80n);
  assert.equal(planOf(rest, inclusive).amount, 1_166_67n - 13_33n);
});

test('taken off its invoice it is cash like the rest, of which what was paid in full goes first', () => {
  const moved: RefundablePayment = { ...paid([], 1_500_00n, -20_00n), discounted: 1_000_00n };
  const ahead = (amount: bigint) => planOf(moved, { ...inclusive, fromUnapplied: amount }).amount;
  assert.deepEqual([ahead(500_00n), ahead(600_00n), ahead(1_500_00n)], [500_00n, 598_00n, 1_480_00n]);
});

test('however a discounted payment is refunded, in the end exactly what was paid has gone back', () => {
  fc.assert(
    fc.property(
      fc.array(positive, { minLength: 1, maxLength: 4 }),
      cents,
      fc.integer({ min: 0, max: 100 }),
      fc.array(fc.record({ share: fc.integer({ min: 1, max: 100 }), at: fc.nat(4) }), { maxLength: 8 }),
      (parts, unapplied, percent, asks) => {
        const whole = parts.reduce((total, part) => total + part, 0n);
        const fee = -((whole * BigInt(percent)) / 101n);
        let payment = paid(parts, unapplied, fee);
        let back = 0n;
        const take = (ask: Parameters<typeof planRefund>[1]): void => {
          const verdict = planRefund(payment, ask);
          if (!verdict.ok) return;
          assert.ok(verdict.plan.feeAmount <= 0n && verdict.plan.amount >= 0n);
          if (verdict.plan.lines.length === 0 && ask.fromUnapplied) assert.equal(verdict.plan.feeAmount, 0n);
          payment = afterRefund(payment, verdict.plan, 'inclusive');
          back += verdict.plan.amount;
          assert.ok(back <= payment.amount && payment.feeRefunded >= fee);
        };
        for (const { share, at } of asks) {
          const piece = payment.pieces[at];
          const left = piece ? pieceLeft(piece) : unappliedLeft(payment);
          const amount = (left * BigInt(share)) / 100n;
          if (amount === 0n) continue;
          if (piece) take({ ...inclusive, lines: [{ invoiceId: piece.invoiceId, amount }] });
          else take({ ...inclusive, fromUnapplied: amount });
        }
        take(inclusive);
        assert.equal(back, payment.amount);
        assert.equal(principalLeft(payment), 0n);
      },
    ),
    { numRuns: 2000 },
  );
});
