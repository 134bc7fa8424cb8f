import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  followPlan,
  type Installment,
  openSum,
  type PlanFacts,
} from '#features/payment-plans/follow-rules.ts';
import { hasEnded, mayMove, planStates } from '#features/payment-plans/state-rules.ts';
import {
  cadences,
  leastDownPayment,
  type PlanLimits,
  type PlanTerms,
  planInstallments,
  refuseTerms,
} from '#features/payment-plans/term-rules.ts';
import { addDays, daysBetween } from '#lib/dates.ts';
import { sum } from '#lib/money.ts';

const limits: PlanLimits = {
  ...{ minDownPercent: '10', maxInstallments: 12, maxMonths: 12 },
  ...{ missedLimit: 2, risePercent: '0', moveDays: 14 },
};
const today = '2026-03-02';
const at = { today, locale: 'en-US' };

const anyTerms = fc
  .record({
    currency: fc.constantFrom('JPY', 'USD', 'EUR', 'KWD'),
    cadence: fc.constantFrom(...cadences),
    installments: fc.integer({ min: 1, max: 60 }),
    total: fc.bigInt({ min: 2n, max: 9_000_000_000_000n }),
    share: fc.integer({ min: 1, max: 99 }),
    wait: fc.integer({ min: 1, max: 58 }),
  })
  .map(({ total, share, wait, ...rest }): PlanTerms => {
    const down = (total * BigInt(share)) / 100n;
    const downPayment = down < 1n ? 1n : down >= total ? total - 1n : down;
    return { ...rest, total, downPayment, firstOn: addDays(today, wait) };
  })
  .filter((terms) => terms.total - terms.downPayment >= BigInt(terms.installments));

test('down payment and installments are the plan to the cent, in currencies of 0, 2 and 3 decimals', () => {
  fc.assert(
    fc.property(anyTerms, (terms) => {
      const each = planInstallments(terms);
      assert.equal(terms.downPayment + sum(each.map(({ amount }) => amount)), terms.total);
      assert.equal(each.length, terms.installments);
      assert.ok(each.every(({ amount }) => amount > 0n));
      // All but the last are equal, and the last is larger by less than one coin for each.
      const [first] = each;
      const last = each.at(-1);
      assert.ok(each.slice(0, -1).every(({ amount }) => amount === first?.amount));
      assert.ok((last?.amount ?? 0n) - (first?.amount ?? 0n) < BigInt(terms.installments));
      assert.ok(each.every(({ dueOn }, index) => index === 0 || dueOn > (each[index - 1]?.dueOn ?? '')));
    }),
    { numRuns: 500 },
  );
});

test('a plan of the 31st falls on the last day of short months and comes back', () => {
  const terms: PlanTerms = {
    ...{ total: 500n, downPayment: 100n, currency: 'USD', cadence: 'monthly', installments: 4 },
    firstOn: '2026-03-31',
  };
  assert.deepEqual(
    planInstallments(terms).map(({ dueOn }) => dueOn),
    ['2026-03-31', '2026-04-30', '2026-05-31', '2026-06-30'],
  );
});

test('what cannot be asked for is named by its field, with what could be', () => {
  const good: PlanTerms = {
    ...{ total: 40_000n, downPayment: 4_000n, currency: 'USD', cadence: 'monthly', installments: 3 },
    firstOn: '2026-04-02',
  };
  const faults = (over: Partial<PlanTerms>): string[] =>
    Object.keys(refuseTerms({ ...good, ...over }, limits, at));
  assert.deepEqual(faults({}), []);
  assert.deepEqual(faults({ downPayment: 3_999n }), ['down_payment']);
  assert.deepEqual(faults({ downPayment: 0n }), ['down_payment']);
  assert.deepEqual(faults({ downPayment: 40_000n }), ['down_payment']);
  assert.deepEqual(faults({ installments: 0 }), ['installments']);
  assert.deepEqual(faults({ installments: 13 }), ['installments']);
  assert.deepEqual(faults({ firstOn: today }), ['first_on']);
  assert.deepEqual(faults({ firstOn: '2026-05-03' }), ['first_on']);
  assert.deepEqual(faults({ installments: 12, firstOn: '2026-05-02' }), ['installments']);
  assert.match(
    refuseTerms({ ...good, downPayment: 1n }, limits, at).down_payment ?? '',
    /\$40\.00 of \$400\.00/,
  );
  assert.equal(leastDownPayment(1n, limits), 1n);
});

const anyPlan = fc
  .record({
    amounts: fc.array(fc.bigInt({ min: 1n, max: 50_000n }), { minLength: 1, maxLength: 12 }),
    states: fc.array(fc.constantFrom('due', 'due', 'due', 'charging', 'paid', 'missed', 'dropped'), {
      minLength: 12,
      maxLength: 12,
    }),
    owed: fc.array(fc.bigInt({ min: 0n, max: 400_000n }), { minLength: 1, maxLength: 4 }),
    rise: fc.bigInt({ min: -50_000n, max: 50_000n }),
    mayRise: fc.bigInt({ min: 0n, max: 30_000n }),
    cadence: fc.constantFrom(...cadences),
  })
  .map(({ amounts, states, owed, rise, mayRise, cadence }): PlanFacts => {
    const installments = amounts.map((amount, index): Installment => {
      const state = states[index] as Installment['state'];
      const dueOn = addDays('2026-01-01', index * 7);
      return {
        id: `ins_${index}`,
        number: index + 1,
        dueOn,
        amount,
        state,
        tryOn: state === 'due' ? dueOn : null,
        tries: 0,
      };
    });
    return {
      ...{ cadence, installments, mayRise, today, firstOn: '2026-01-01', missedLimit: 13 },
      ...{ mostAmount: 50_000n, downUnderWay: 0n, downFailed: false },
      invoices: owed.map((balanceDue, index) => ({
        ...{ id: `inv_${index}`, balanceDue, agreedTotal: 500_000n },
        total: 500_000n + (index === 0 ? rise : 0n),
      })),
    };
  });

test('a running plan asks for what is owed within its agreement, never more at once than was agreed, and twice is once', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      const after = followPlan(plan);
      const owed = sum(plan.invoices.map(({ balanceDue }) => balanceDue));
      const rise = sum(plan.invoices.map(({ total, agreedTotal }) => total - agreedTotal)) - plan.mayRise;
      const beyond = rise < 0n ? 0n : rise < owed ? rise : owed;
      const within = owed - beyond;
      assert.equal(after.askedRise, after.next === 'completed' ? 0n : beyond);
      const charging = sum(
        plan.installments.filter(({ state }) => state === 'charging').map(({ amount }) => amount),
      );
      // What is under way cannot be taken back; all else is what is owed, to the cent.
      assert.equal(openSum(after.installments), within > charging ? within : charging);
      assert.ok(after.installments.every(({ amount }) => amount <= plan.mostAmount));
      const known = new Set(plan.installments.map(({ number }) => number));
      const added = after.installments.filter(({ number }) => !known.has(number));
      assert.ok(added.every(({ dueOn }) => dueOn > today));
      assert.deepEqual(
        followPlan({ ...plan, installments: after.installments }).installments,
        after.installments,
      );
    }),
    { numRuns: 500 },
  );
});

test('what has risen beyond the agreement is not charged but asked for', () => {
  const plan: PlanFacts = {
    ...{
      cadence: 'monthly',
      firstOn: '2026-04-02',
      mostAmount: 10_000n,
      mayRise: 1_000n,
      missedLimit: 2,
      today,
    },
    ...{ downUnderWay: 0n, downFailed: false },
    invoices: [{ id: 'inv_1', agreedTotal: 40_000n, total: 45_000n, balanceDue: 35_000n }],
    installments: planInstallments({
      ...{ total: 40_000n, downPayment: 10_000n, currency: 'USD', cadence: 'monthly', installments: 3 },
      firstOn: '2026-04-02',
    }).map((each) => ({ ...each, id: `ins_${each.number}`, state: 'due', tryOn: each.dueOn, tries: 0 })),
  };
  const after = followPlan(plan);
  assert.equal(after.askedRise, 4_000n);
  assert.deepEqual(
    after.installments.map(({ amount }) => amount),
    [10_000n, 10_000n, 10_000n, 1_000n],
  );
  assert.equal(daysBetween('2026-06-02', after.installments.at(-1)?.dueOn ?? ''), 30);
});

test('a plan that has ended stays as it is, and only an agreed one can be approved', () => {
  for (const from of planStates)
    for (const to of planStates) if (hasEnded(from)) assert.equal(mayMove(from, to), false);
  assert.deepEqual(
    planStates.filter((from) => mayMove(from, 'approved')),
    ['offered', 'requested'],
  );
  assert.deepEqual(
    planStates.filter((from) => mayMove(from, 'active')),
    ['approved'],
  );
});
