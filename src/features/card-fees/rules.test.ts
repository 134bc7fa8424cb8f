import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type CardFeePolicy,
  type CardFeeRule,
  capOf,
  grossUp,
  type PricedCharge,
  policyOn,
  priceCardFee,
  rulesFor,
  tenThousandths,
} from '#features/card-fees/rules.ts';
import { addDays } from '#lib/dates.ts';
import { percentOf } from '#lib/money.ts';

const rule = (change: Partial<CardFeeRule>): CardFeeRule => ({
  jurisdiction: 'US',
  kind: 'network_cap',
  modes: ['surcharge'],
  brand: null,
  title: 'A rule',
  figure: null,
  says: '',
  severity: 'block',
  source: '',
  ...change,
});
const rules: CardFeeRule[] = [
  rule({ brand: 'visa', figure: '3' }),
  rule({ brand: 'mastercard', figure: '4' }),
  rule({ figure: '3' }),
  rule({ kind: 'cost_cap' }),
  rule({ kind: 'acquirer_notice', figure: '30' }),
  rule({ kind: 'words', modes: ['surcharge', 'dual_pricing', 'convenience_fee'], severity: 'inform' }),
  rule({ jurisdiction: 'US-CO', kind: 'place_cap', figure: '2' }),
  rule({ jurisdiction: 'US-CT', kind: 'barred' }),
];
const policy: CardFeePolicy = {
  id: 'cfp_1',
  version: 1,
  mode: 'surcharge',
  percent: '3',
  flatAmount: 0n,
  mostAmount: null,
  currency: 'USD',
  costPercent: '3.2',
  acquirerNotifiedOn: '2026-01-01',
  region: 'US-TX',
  channel: 'online',
  effectiveFrom: '2026-02-01',
};
const charge: PricedCharge = {
  kind: 'card',
  funding: 'credit',
  brand: 'visa',
  base: 10_000n,
  currency: 'USD',
  channel: 'online',
  planned: 0n,
  today: '2026-03-01',
};
const priced = (change: Partial<PricedCharge> = {}, of: Partial<CardFeePolicy> = {}) =>
  priceCardFee({ ...policy, ...of }, rules, { ...charge, ...change });
const why = (change: Partial<PricedCharge> = {}, of: Partial<CardFeePolicy> = {}) => {
  const price = priced(change, of);
  return 'why' in price ? price.why : `${price.kind} ${price.amount}`;
};

test('surcharge: credit 3 %, debit 0, prepaid 0, unknown BIN 0, ACH 0, PayPal 0, plan 0, blocked state 0', () => {
  assert.deepEqual(priced(), { amount: 300n, kind: 'surcharge', percent: '3' });
  assert.equal(why({ funding: 'debit' }), 'not_credit');
  assert.equal(why({ funding: 'prepaid' }), 'not_credit');
  assert.equal(why({ funding: 'unknown' }), 'funding_unknown');
  for (const kind of ['bank_account', 'paypal', 'check', 'cash', 'wire', 'other'] as const)
    assert.equal(why({ kind }), 'not_a_card');
  assert.equal(why({ planned: 10_000n }), 'payment_plan');
  assert.equal(why({ planned: 4_000n }), 'surcharge 180');
  assert.equal(why({}, { region: 'US-CT' }), 'barred_place');
  assert.equal(why({ payerRegion: 'US-CT' }), 'barred_place', 'nor where only the payer is there');
  assert.equal(why({}, { region: 'DE' }), 'no_rules', 'nor where no rules are on file');
});

test('it is never more than the cost of acceptance, nor than a cap of the place or the network', () => {
  assert.equal(why({}, { costPercent: '1.75' }), 'surcharge 175');
  assert.equal(why({ payerRegion: 'US-CO' }), 'surcharge 200');
  assert.equal(why({ brand: 'mastercard' }, { percent: '4', costPercent: '4' }), 'surcharge 300');
  assert.equal(why({}, { costPercent: null }), 'no_rules');
});

test('half a cent goes up, but never above the cap', () => {
  assert.equal(why({ base: 150n }, { percent: '1' }), 'surcharge 2');
  // 3 % of 0.50 is 1.5 cents: at the cap itself only one of them.
  assert.equal(why({ base: 50n }), 'surcharge 1');
  assert.equal(why({ base: 10n }), 'too_small');
});

test('a surcharge begins when the acquirer has known of it for thirty days', () => {
  assert.equal(why({ today: '2026-01-30' }), 'notice_running');
  assert.equal(why({ today: '2026-01-31' }), 'surcharge 300');
  assert.equal(why({}, { acquirerNotifiedOn: null }), 'notice_running');
});

test('dual pricing is the same for every card, and exactly what the organization is to have is left', () => {
  const dual = { mode: 'dual_pricing', percent: '3.5', acquirerNotifiedOn: null, costPercent: null } as const;
  for (const funding of ['credit', 'debit', 'prepaid', 'unknown'] as const)
    assert.equal(why({ funding }, dual), 'dual_pricing 363');
  assert.equal(why({}, { ...dual, region: 'US-CT' }), 'dual_pricing 363');
  assert.equal(why({ kind: 'bank_account' }, dual), 'not_a_card');
  assert.equal(10_363n - percentOf(10_363n, '3.5'), 10_000n);
});

test('a convenience fee is flat and for the other channel only', () => {
  const flat = { mode: 'convenience_fee', flatAmount: 250n, channel: 'staff' } as const;
  assert.equal(why({ channel: 'staff' }, flat), 'convenience_fee 250');
  assert.equal(why({ channel: 'staff', base: 1n }, flat), 'convenience_fee 250');
  assert.equal(why({ channel: 'online' }, flat), 'other_channel');
  assert.equal(why({ channel: 'standing' }, flat), 'other_channel');
});

test('of what is charged exactly the target is left, whatever the amount, the percentage and the fixed part', () => {
  const percents = fc
    .integer({ min: 0, max: 30_000 })
    .map((n) => `${Math.floor(n / 1000)}.${String(n % 1000).padStart(3, '0')}`);
  // Minor units of currencies with no, two and three decimals are all just integers.
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 9_000_000_000n }),
      percents,
      fc.bigInt({ min: 0n, max: 5_000n }),
      (target, percent, fixed) => {
        const price = grossUp({ target, percent, fixed });
        assert.equal(price - percentOf(price, percent) - fixed, target);
        assert.ok(price === 0n || price - 1n - percentOf(price - 1n, percent) - fixed < target, 'the least');
      },
    ),
    { numRuns: 3_000 },
  );
});

test('promise 10: whatever the card, the place and the day, no surcharge that is not allowed', () => {
  const percent = fc
    .integer({ min: 0, max: 99_999 })
    .map((n) => `${Math.floor(n / 10_000)}.${String(n % 10_000).padStart(4, '0')}`);
  const place = fc.constantFrom('US-TX', 'US-TX', 'US-TX', 'US-CO', 'US-CT', 'DE');
  let fees = 0;
  fc.assert(
    fc.property(
      fc.record({
        funding: fc.constantFrom('credit', 'credit', 'credit', 'debit', 'prepaid', 'unknown'),
        brand: fc.constantFrom('visa', 'mastercard', 'amex', ''),
        kind: fc.constantFrom('card', 'card', 'card', 'bank_account', 'paypal'),
        base: fc.bigInt({ min: 1n, max: 10_000_000n }),
        payerRegion: fc.option(place, { nil: undefined }),
        planned: fc.bigInt({ min: 0n, max: 1_000_000n }),
        days: fc.integer({ min: -40, max: 60 }),
      }),
      fc.record({ percent, costPercent: fc.option(percent), region: place }),
      ({ days, ...card }, of) => {
        const today = addDays('2026-01-31', days);
        const price = priced({ ...card, today } as Partial<PricedCharge>, of);
        if ('why' in price) return;
        fees += 1;
        const base = card.base - card.planned;
        assert.ok(card.kind === 'card' && card.funding === 'credit' && card.planned < card.base && days >= 0);
        assert.ok(![of.region, card.payerRegion].includes('US-CT') && of.region !== 'DE');
        const caps = [
          '3',
          of.costPercent ?? '0',
          [of.region, card.payerRegion].includes('US-CO') ? '2' : '3',
        ];
        for (const cap of caps) assert.ok(price.amount * 1_000_000n <= base * tenThousandths(cap));
        assert.ok(price.amount <= percentOf(base, of.percent));
      },
    ),
    { numRuns: 5_000 },
  );
  assert.ok(fees > 100, `only ${fees} had a fee`);
});

test('the newest version that is effective holds; a cap of another brand does not', () => {
  const versions = [
    { version: 1, effectiveFrom: '2026-01-01' },
    { version: 2, effectiveFrom: '2026-06-01' },
    { version: 3, effectiveFrom: '2026-03-01' },
  ];
  const on = (day: string) => policyOn(versions, day)?.version;
  assert.deepEqual([on('2025-12-31'), on('2026-02-01'), on('2026-07-01')], [undefined, 1, 3]);
  const onlyBrands = rulesFor(policy, rules).filter(
    ({ brand, kind }) => brand !== null || kind === 'cost_cap',
  );
  assert.equal(capOf({ costPercent: '5' }, onlyBrands, 'mastercard'), '4');
});
