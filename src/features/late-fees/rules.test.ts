import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  afterFee,
  firstLateFeeDay,
  type LateFeeFacts,
  type LateFeePolicy,
  type NoLateFee,
  nextLateFee,
  type PolicyVersion,
  planLateFees,
  policyFor,
  rangesInForce,
} from '#features/late-fees/rules.ts';
import { addDays } from '#lib/dates.ts';
import { percentAtMost, sum } from '#lib/money.ts';

const facts = (over: Partial<LateFeeFacts> = {}): LateFeeFacts => ({
  dueDate: '2026-01-31',
  currency: 'USD',
  total: 100_000n,
  balanceDue: 100_000n,
  reserved: 0n,
  fees: 0n,
  feesApart: 0n,
  feesApartDue: 0n,
  isLateFee: false,
  isOpen: true,
  issuedOn: '2026-01-01',
  isOff: false,
  isCustomerOff: false,
  rests: [],
  lastOn: null,
  taken: 0,
  ...over,
});
const policy = (over: Partial<LateFeePolicy> = {}): LateFeePolicy => ({
  amountType: 'flat',
  currency: 'USD',
  flatAmount: 2_500n,
  percent: '1.5',
  compounds: false,
  graceDays: 30,
  everyDays: 30,
  maxFees: null,
  capAmount: null,
  capPercent: null,
  minimumBalance: 0n,
  booking: 'on_invoice',
  chargesSince: '2026-01-01',
  ...over,
});
const amountOf = (f: LateFeeFacts, p: LateFeePolicy): bigint | string => {
  const next = nextLateFee(f, p, '2026-03-03');
  return 'none' in next ? next.none : next.amount;
};
const dayOf = (f: LateFeeFacts, p: LateFeePolicy): string => {
  const next = nextLateFee(f, p, '2026-01-01');
  return 'none' in next ? next.none : next.on;
};

test('the whole of the grace is free, and the first fee falls due on the day after it', () => {
  assert.equal(firstLateFeeDay('2026-01-31', 0), '2026-02-01');
  assert.equal(dayOf(facts(), policy()), '2026-03-03');
  assert.equal(dayOf(facts({ dueDate: '2024-02-28' }), policy({ graceDays: 0 })), '2026-01-19');
  assert.equal(
    dayOf(
      facts({ dueDate: '2024-02-28' }),
      policy({ graceDays: 0, chargesSince: '2024-01-01', everyDays: null }),
    ),
    '2026-01-01',
    'not before the invoice was issued here',
  );
});

test('what a fee comes to, by its type, its base and its caps', () => {
  const rows: [Partial<LateFeeFacts>, Partial<LateFeePolicy>, bigint | NoLateFee][] = [
    [{}, {}, 2_500n],
    [{}, { amountType: 'percent' }, 1_500n],
    [{}, { amountType: 'greater' }, 2_500n],
    [{ balanceDue: 200_000n, total: 200_000n }, { amountType: 'greater' }, 3_000n],
    [{}, { amountType: 'both' }, 4_000n],
    [{ balanceDue: 102_500n, fees: 2_500n }, { amountType: 'percent' }, 1_500n],
    [{ balanceDue: 102_500n, fees: 2_500n }, { amountType: 'percent', compounds: true }, 1_537n],
    [{ balanceDue: 40_000n }, { amountType: 'percent' }, 600n],
    [{ reserved: 60_000n }, { amountType: 'percent' }, 600n],
    [{ reserved: 100_000n }, {}, 'payment_pending'],
    [{ balanceDue: 2_500n, fees: 2_500n }, {}, 'only_fees_left'],
    [{ balanceDue: 2_500n, fees: 2_500n }, { compounds: true }, 2_500n],
    [{ balanceDue: 999n }, { minimumBalance: 1_000n }, 'below_minimum'],
    [{ balanceDue: 1_000n }, { minimumBalance: 1_000n }, 2_500n],
    [{ fees: 9_000n, balanceDue: 109_000n }, { capAmount: 10_000n }, 1_000n],
    [{ fees: 10_000n, balanceDue: 110_000n }, { capAmount: 10_000n }, 'cap_reached'],
    [{}, { capPercent: '2' }, 2_000n],
    [{}, { capPercent: '2', capAmount: 1_999n }, 1_999n],
    [{ total: 99n, balanceDue: 99n }, { capPercent: '50' }, 49n],
    [{ balanceDue: 10n }, { amountType: 'percent' }, 'too_small'],
    [{ currency: 'JPY' }, {}, 'other_currency'],
    [{ taken: 3 }, { maxFees: 3 }, 'maximum_reached'],
    [{ taken: 1 }, { everyDays: null }, 'maximum_reached'],
    [{ isOpen: false }, {}, 'not_owed'],
    [{ isOff: true }, {}, 'invoice_off'],
    [{ isCustomerOff: true }, {}, 'customer_off'],
    [{ rests: [{ from: '2026-03-03', until: null, reason: 'disputed' }] }, {}, 'disputed'],
    [{ rests: [{ from: '2026-03-03', until: '2026-03-04', reason: 'promised' }] }, {}, 'promised'],
    [{ rests: [{ from: '2026-03-01', until: '2026-03-03', reason: 'promised' }] }, {}, 2_500n],
  ];
  for (const [f, p, expected] of rows)
    assert.equal(
      amountOf(facts(f), policy(p)),
      expected,
      JSON.stringify([f, p], (_, v) => String(v)),
    );
});

test('a repeating fee leaves out the days of a rest, and one that comes once waits for its end', () => {
  const rests = [{ from: '2026-02-20', until: '2026-03-20', reason: 'disputed' as const }];
  assert.equal(dayOf(facts({ rests }), policy()), '2026-04-02');
  assert.equal(dayOf(facts({ rests }), policy({ everyDays: null })), '2026-03-20');
  const open = [{ from: '2026-02-20', until: null, reason: 'promised' as const }];
  assert.equal(dayOf(facts({ rests: open }), policy()), 'promised');
});

test('what was due before late fees began, or before the invoice was here, is not asked for', () => {
  const old = facts({ dueDate: '2025-06-30', issuedOn: '2025-06-01' });
  assert.deepEqual(planLateFees(old, policy(), '2026-01-01'), {
    fees: [],
    lastOn: '2025-12-28',
    skipped: null,
  });
  assert.equal(dayOf(old, policy()), '2026-01-27');
  const imported = facts({ dueDate: '2025-06-30', issuedOn: '2026-02-01' });
  assert.equal(dayOf(imported, policy()), '2026-02-26');
});

test('after forty days without work each missed fee comes on its own day, once', () => {
  const p = policy({ graceDays: 0, everyDays: 10, amountType: 'percent', compounds: true });
  const plan = planLateFees(facts(), p, '2026-03-12');
  assert.deepEqual(
    plan.fees.map(({ on, amount, sequence }) => [on, amount, sequence]),
    [
      ['2026-02-01', 1_500n, 1],
      ['2026-02-11', 1_522n, 2],
      ['2026-02-21', 1_545n, 3],
      ['2026-03-03', 1_568n, 4],
    ],
  );
  const after = plan.fees.reduce(afterFee, facts());
  assert.deepEqual(planLateFees(after, p, '2026-03-12').fees, []);
});

test('days that pass while fees are off are used up; days that pass while a payment is pending are not', () => {
  const p = policy({ graceDays: 0, everyDays: 10 });
  const off = planLateFees(facts({ isOff: true }), p, '2026-02-25');
  assert.deepEqual(off, { fees: [], lastOn: '2026-02-21', skipped: 'invoice_off' });
  assert.equal(dayOf(facts({ lastOn: off.lastOn }), p), '2026-03-03');
  const pending = planLateFees(facts({ reserved: 100_000n }), p, '2026-02-25');
  assert.deepEqual(pending, { fees: [], lastOn: null, skipped: null });
  assert.equal(planLateFees(facts({ lastOn: pending.lastOn }), p, '2026-02-25').fees.length, 3);
});

const decimal = (max: number) =>
  fc.integer({ min: 1, max: max * 1000 }).map((n) => `${(n / 1000).toFixed(3)}`);
const somePolicy = fc.record({
  amountType: fc.constantFrom('flat', 'percent', 'greater', 'both') as fc.Arbitrary<
    LateFeePolicy['amountType']
  >,
  currency: fc.constantFrom('JPY', 'USD', 'KWD'),
  flatAmount: fc.bigInt({ min: 1n, max: 1_000_000n }),
  percent: decimal(100),
  compounds: fc.boolean(),
  graceDays: fc.integer({ min: 0, max: 60 }),
  everyDays: fc.option(fc.integer({ min: 1, max: 60 })),
  maxFees: fc.option(fc.integer({ min: 1, max: 20 })),
  capAmount: fc.option(fc.bigInt({ min: 1n, max: 3_000_000n })),
  capPercent: fc.option(decimal(100)),
  minimumBalance: fc.bigInt({ min: 0n, max: 100_000n }),
  booking: fc.constantFrom('on_invoice', 'own_invoice', 'receipt') as fc.Arbitrary<LateFeePolicy['booking']>,
  chargesSince: fc.constant('2026-01-01'),
});
const someFacts = fc
  .record({
    total: fc.bigInt({ min: 1n, max: 9_000_000_000n }),
    paidShare: fc.bigInt({ min: 0n, max: 100n }),
    rests: fc.array(
      fc.record({ at: fc.integer({ min: 0, max: 120 }), days: fc.integer({ min: 0, max: 40 }) }),
      { maxLength: 3 },
    ),
  })
  .map(({ total, paidShare, rests }) => ({
    total,
    balanceDue: total - (total * paidShare) / 100n,
    rests: rests.map(({ at, days }) => ({
      from: addDays('2026-01-31', at),
      until: addDays('2026-01-31', at + days),
      reason: 'disputed' as const,
    })),
  }));

test('no cap and no number is ever passed, in currencies of no, two and three decimals', () => {
  fc.assert(
    fc.property(somePolicy, someFacts, (p, over) => {
      const f = facts({ ...over, currency: p.currency });
      const { fees } = planLateFees(f, p, '2026-05-31');
      const charged = sum(fees.map(({ amount }) => amount));
      if (p.capAmount !== null) assert.ok(charged <= p.capAmount);
      if (p.capPercent !== null) {
        assert.ok(charged <= percentAtMost(f.total, p.capPercent));
        // Without any rounding: charged × 100 000 ≤ total × thousandths of a percent.
        assert.ok(charged * 100_000n <= f.total * BigInt(p.capPercent.replace('.', '')));
      }
      assert.ok(fees.length <= (p.maxFees ?? 1000) && (p.everyDays !== null || fees.length <= 1));
      for (const [at, fee] of fees.entries()) {
        assert.equal(fee.sequence, at + 1);
        assert.ok(fee.amount > 0n && fee.on > addDays(f.dueDate, p.graceDays));
        const before = fees[at - 1];
        if (before && p.everyDays !== null) assert.ok(fee.on >= addDays(before.on, p.everyDays));
        assert.ok(!over.rests.some(({ from, until }) => from <= fee.on && fee.on < until));
      }
    }),
  );
});

test('worked hourly, daily, or once at the end: the same fees', () => {
  fc.assert(
    fc.property(
      somePolicy,
      someFacts,
      fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
      (p, over, gaps) => {
        const f = facts({ ...over, currency: p.currency });
        const last = '2026-05-31';
        // A rest that is on when the last day is worked holds back what a day before it would have posted.
        fc.pre(!over.rests.some(({ from, until }) => from <= last && last < until));
        let [day, state] = ['2026-01-31', f];
        const posted = [];
        while (day < last) {
          day = addDays(day, gaps.next().value ?? 1);
          if (day > last) day = last;
          const plan = planLateFees(state, p, day);
          posted.push(...plan.fees);
          state = { ...plan.fees.reduce(afterFee, state), lastOn: plan.lastOn };
        }
        assert.deepEqual(posted, planLateFees(f, p, last).fees);
      },
    ),
  );
});

const version = (over: Partial<PolicyVersion>): PolicyVersion => ({
  ...policy(),
  version: 1,
  isActive: true,
  effectiveFrom: '2026-01-01',
  madeOn: '2026-01-01',
  ...over,
});

test('an invoice stays under the terms that it was due under; a change is for what is due later', () => {
  const ranges = rangesInForce([
    version({}),
    version({ version: 2, flatAmount: 5_000n, effectiveFrom: '2026-03-01', madeOn: '2026-02-20' }),
  ]);
  assert.equal(policyFor(ranges, '2025-12-31'), undefined);
  assert.equal(policyFor(ranges, '2026-02-28')?.flatAmount, 2_500n);
  assert.deepEqual(
    [policyFor(ranges, '2026-03-01')?.flatAmount, policyFor(ranges, '2026-03-01')?.chargesSince],
    [5_000n, '2026-01-01'],
  );
  const earlier = rangesInForce([
    version({}),
    version({ version: 2, flatAmount: 1n, effectiveFrom: '2025-01-01' }),
  ]);
  assert.equal(policyFor(earlier, '2026-05-01')?.flatAmount, 1n);
});

test('switched off there is no policy; switched on again it charges from that day on', () => {
  const off = [version({}), version({ version: 2, isActive: false })];
  assert.deepEqual(rangesInForce(off), []);
  const on = rangesInForce([
    ...off,
    version({ version: 3, effectiveFrom: '2026-01-01', madeOn: '2026-06-01' }),
  ]);
  assert.equal(policyFor(on, '2026-01-15')?.chargesSince, '2026-06-01');
});
