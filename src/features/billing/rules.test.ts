import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  billOf,
  firstPeriod,
  includedOf,
  type Period,
  type Plan,
  periodEnd,
  type Turn,
  togetherOf,
  unusedOf,
} from '#features/billing/period-rules.ts';
import { problemWithPrices, stepsOf, type Tier } from '#features/billing/price-rules.ts';
import { addDays, daysBetween } from '#lib/dates.ts';
import { sum } from '#lib/money.ts';

const plan = (change: Partial<Plan> = {}): Plan => ({
  name: 'Growth',
  every: 'month',
  price: 4900n,
  trialDays: 0,
  meters: [
    {
      meter: 'emails',
      included: 500,
      tiers: [
        { upTo: 1000, price: '0.02' },
        { upTo: null, price: '0.015' },
      ],
    },
    { meter: 'users', included: 2, tiers: [{ upTo: null, price: '9' }] },
  ],
  ...change,
});
const march: Period = { startsOn: '2026-03-01', endsOn: '2026-04-01', base: 4900n, isTrial: false };
const turn = (change: Partial<Turn> = {}): Turn => ({
  plan: plan(),
  period: march,
  on: march.endsOn,
  usage: {},
  next: {
    plan: plan(),
    period: { startsOn: '2026-04-01', endsOn: '2026-05-01', base: 4900n, isTrial: false },
  },
  credit: 0n,
  netCredit: 0n,
  currency: 'USD',
  locale: 'en-US',
  ...change,
});
const said = ({ lines }: ReturnType<typeof billOf>) => lines.map((line) => [line.description, line.amount]);

test('a whole period: its use beyond what is included by steps, and the base of the next ahead', () => {
  const bill = billOf(turn({ usage: { emails: 1700n, users: 3n } }));
  assert.deepEqual(said(bill), [
    ['E-mails, Mar 1, 2026 to Mar 31, 2026, beyond 500 included', 2000n],
    ['E-mails, Mar 1, 2026 to Mar 31, 2026, beyond 500 included, after the first 1000', 300n],
    ['Users, Mar 1, 2026 to Mar 31, 2026, beyond 2 included', 900n],
    ['Growth, Apr 1, 2026 to Apr 30, 2026', 4900n],
  ]);
  assert.equal(bill.total, 8100n);
});

test('a change in the middle gives back the days that are left and begins a new period', () => {
  const bigger = {
    plan: { name: 'Scale' },
    period: { startsOn: '2026-03-11', endsOn: '2026-04-11', base: 9900n, isTrial: false },
  };
  const bill = billOf(turn({ on: '2026-03-11', next: bigger, usage: { emails: 200n, users: 3n } }));
  assert.deepEqual(said(bill), [
    // Ten of 31 days: 162 of 500 are included, and a third user is there for ten of them.
    ['E-mails, Mar 1, 2026 to Mar 10, 2026, beyond 162 included', 76n],
    ['Users, Mar 1, 2026 to Mar 10, 2026, beyond 2 included', 290n],
    ['Growth, days not used, Mar 11, 2026 to Mar 31, 2026', -3319n],
    ['Scale, Mar 11, 2026 to Apr 10, 2026', 9900n],
  ]);
});

test('where more comes back than is to be paid the invoice is over nothing, and the rest is carried on', () => {
  const cheaper = {
    plan: { name: 'Small' },
    period: { startsOn: '2026-03-02', endsOn: '2026-04-02', base: 900n, isTrial: false },
  };
  const bill = billOf(turn({ on: '2026-03-02', next: cheaper }));
  assert.equal(bill.total, 0n);
  assert.equal(bill.carried, 4742n - 900n);
  assert.equal(sum(bill.lines.map(({ amount }) => amount)), 0n);
  const later = billOf(turn({ credit: bill.carried }));
  assert.equal(later.total, 4900n - 3842n);
  assert.equal(later.carried, 0n);
});

test('a trial bills nothing but the base of what follows; the last period bills its use alone', () => {
  const trial = { ...march, base: 0n, isTrial: true };
  assert.equal(billOf(turn({ period: trial, usage: { emails: 99_999n } })).total, 4900n);
  const { next: _none, ...last } = turn({ usage: { emails: 600n } });
  assert.equal(billOf(last).total, 200n);
});

test('periods keep the day on which they began, also over short months', () => {
  const ends: string[] = [];
  for (let at = '2026-01-31'; ends.length < 4; at = ends.at(-1) ?? at)
    ends.push(periodEnd('2026-01-31', 'month', at));
  assert.deepEqual(ends, ['2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']);
  assert.equal(periodEnd('2024-02-29', 'year', '2024-02-29'), '2025-02-28');
  assert.equal(periodEnd('2024-02-29', 'year', '2027-02-28'), '2028-02-29');
  assert.deepEqual(firstPeriod(plan({ trialDays: 14 }), '2026-03-01', true), {
    startsOn: '2026-03-01',
    endsOn: '2026-03-15',
    base: 0n,
    isTrial: true,
  });
  assert.equal(firstPeriod(plan({ trialDays: 14 }), '2026-03-01', false).base, 4900n);
});

test('what comes of days is added up, of what is there at once the most counts', () => {
  const days = [5n, 9n, 2n].flatMap((quantity) => [
    { meter: 'payments' as const, quantity },
    { meter: 'users' as const, quantity },
  ]);
  assert.deepEqual(togetherOf(days), { payments: 16n, users: 9n });
});

test('prices that leave a gap or say something twice are refused', () => {
  const of = (tiers: Tier[]) => problemWithPrices([{ meter: 'emails', included: 0, tiers }]);
  assert.equal(of([]), undefined);
  assert.equal(of([{ upTo: null, price: '1' }]), undefined);
  assert.match(of([{ upTo: 5, price: '1' }])?.message ?? '', /without end/);
  assert.match(
    of([
      { upTo: 5, price: '1' },
      { upTo: 5, price: '1' },
      { upTo: null, price: '1' },
    ])?.message ?? '',
    /more than 5/,
  );
  assert.match(
    of([
      { upTo: null, price: '1' },
      { upTo: null, price: '1' },
    ])?.message ?? '',
    /Only the last/,
  );
  const twice = [0, 1].map(() => ({ meter: 'texts' as const, included: 0, tiers: [] }));
  assert.match(problemWithPrices(twice)?.message ?? '', /priced twice/);
});

const day = fc.integer({ min: 0, max: 800 }).map((days) => addDays('2025-01-01', days));

test('each period ends after it begins and no later than its rhythm, and they follow without a gap', () => {
  fc.assert(
    fc.property(
      day,
      fc.constantFrom('month' as const, 'year' as const),
      fc.nat(400),
      (anchor, every, after) => {
        const start = addDays(anchor, after);
        const end = periodEnd(anchor, every, start);
        assert.ok(end > start);
        assert.ok(daysBetween(start, end) <= (every === 'month' ? 31 : 366));
        const inside = addDays(start, Math.floor(daysBetween(start, end) / 2));
        assert.equal(periodEnd(anchor, every, inside), end);
      },
    ),
  );
});

const money = fc.bigInt({ min: 0n, max: 10_000_000n });
const used = fc.integer({ min: 0, max: 31 }).map((days) => addDays(march.startsOn, days));

test('what comes back is all on the first day, nothing on the last, and never grows with the days', () => {
  fc.assert(
    fc.property(money, used, used, (base, one, other) => {
      const period = { ...march, base };
      const [early, late] = one < other ? [one, other] : [other, one];
      assert.equal(unusedOf(period, march.startsOn), base);
      assert.equal(unusedOf(period, march.endsOn), 0n);
      assert.ok(unusedOf(period, early) >= unusedOf(period, late));
      assert.ok(includedOf(500, period, early) <= includedOf(500, period, late));
    }),
  );
});

const tiersOf = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 9999 })), { maxLength: 4 })
  .map((steps): Tier[] => {
    let upTo = 0;
    const tiers = steps.map(([more, price]): Tier => {
      upTo += more;
      return { upTo, price: `0.${String(price).padStart(4, '0')}` };
    });
    return [...tiers, { upTo: null, price: '0.01' }];
  });

test('steps cover exactly what is beyond the included, and more use never costs less', () => {
  fc.assert(
    fc.property(tiersOf, fc.nat(3000), fc.nat(500), (tiers, quantity, included) => {
      assert.equal(problemWithPrices([{ meter: 'emails', included, tiers }]), undefined);
      const steps = stepsOf(BigInt(quantity), BigInt(included), tiers);
      assert.equal(sum(steps.map((step) => step.quantity)), BigInt(Math.max(0, quantity - included)));
      const cost = (emails: bigint): bigint =>
        billOf(turn({ plan: plan({ meters: [{ meter: 'emails', included, tiers }] }), usage: { emails } }))
          .total;
      assert.ok(cost(BigInt(quantity) + 1n) >= cost(BigInt(quantity)));
    }),
  );
});

test('no money is made or lost: lines add up to the total, and credit is taken or carried to the cent', () => {
  fc.assert(
    fc.property(money, money, fc.tuple(money, money), used, (base, next, [credit, netCredit], on) => {
      const period = { ...march, base };
      const follows = {
        plan: plan(),
        period: { ...march, startsOn: on, endsOn: addDays(on, 30), base: next },
      };
      const bill = billOf(
        turn({ period, on, next: follows, credit, netCredit, usage: { emails: 700n, users: 5n } }),
      );
      assert.equal(sum(bill.lines.map(({ amount }) => amount)), bill.total);
      assert.ok(bill.total >= 0n && bill.carried >= 0n && bill.netCarried >= 0n);
      const withoutCredit = billOf(turn({ period, on, next: follows, usage: { emails: 700n, users: 5n } }));
      const rest = withoutCredit.total - withoutCredit.carried - credit - netCredit;
      assert.equal(bill.total - bill.carried - bill.netCarried, rest);
    }),
  );
});
