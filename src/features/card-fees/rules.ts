import type { CalendarDate } from '#lib/dates.ts';
import { addDays } from '#lib/dates.ts';
import { divideRounded, least, percentAtMost, percentOf } from '#lib/money.ts';

export const cardFeeModes = ['off', 'surcharge', 'dual_pricing', 'convenience_fee', 'bank_discount'] as const;
export type CardFeeMode = (typeof cardFeeModes)[number];
export type CardFeeKind = Exclude<CardFeeMode, 'off'>;
export const fundings = ['credit', 'debit', 'prepaid', 'unknown'] as const;
/** What stands behind a card. */
export type Funding = (typeof fundings)[number];
export const feeChannels = ['online', 'staff'] as const;
export type FeeChannel = (typeof feeChannels)[number];

/** A row of card_fee_rules. */
export type CardFeeRule = {
  jurisdiction: string;
  kind:
    | 'network_cap'
    | 'place_cap'
    | 'cost_cap'
    | 'barred'
    | 'acquirer_notice'
    | 'card_kinds'
    | 'display'
    | 'formality'
    | 'words';
  modes: readonly string[];
  brand: string | null;
  title: string;
  figure: string | null;
  says: string;
  severity: 'block' | 'warn' | 'inform';
  source: string;
};

/** A row of card_fee_policies. */
export type CardFeePolicy = {
  id: string;
  version: number;
  mode: CardFeeMode;
  /** A decimal string: `2.5` is 2.5 %. */
  percent: string;
  flatAmount: bigint;
  /** The most that a discount takes off one payment; null: no most. */
  mostAmount: bigint | null;
  currency: string;
  costPercent: string | null;
  acquirerNotifiedOn: CalendarDate | null;
  region: string | null;
  channel: FeeChannel;
  effectiveFrom: CalendarDate;
};

export type PricedCharge = {
  kind: 'card' | 'bank_account' | 'paypal' | 'check' | 'cash' | 'wire' | 'other';
  funding: Funding;
  brand: string;
  /** What is paid without the fee. */
  base: bigint;
  currency: string;
  channel: FeeChannel | 'standing';
  /** Where the payer is, such as US-CO; undefined: not known. */
  payerRegion?: string | undefined;
  /** The part of it that goes to invoices of a payment plan, which have no fee. */
  planned: bigint;
  /** The part of it that goes to no invoice: nothing is taken off there. */
  ahead?: bigint | undefined;
  today: CalendarDate;
};

export const noCardFees = [
  'off',
  'not_a_card',
  'not_a_bank_account',
  'no_invoice',
  'payment_plan',
  'other_channel',
  'not_agreed',
  'notice_running',
  'barred_place',
  'no_rules',
  'not_credit',
  'funding_unknown',
  'other_currency',
  'too_small',
] as const;
/** Why a charge has no card fee. */
export type NoCardFee = (typeof noCardFees)[number];

export type CardFeePrice =
  | { amount: bigint; kind: CardFeeKind; percent: string | null }
  | { amount: 0n; why: NoCardFee };

const none = (why: NoCardFee): CardFeePrice => ({ amount: 0n, why });

/**
 * What a charge costs on top (product: surcharge, dual pricing, convenience fee), or what is taken off it: a
 * discount is a fee below zero. When in doubt, nothing (money.md, promise 10).
 */
export function priceCardFee(
  policy: CardFeePolicy | undefined,
  rules: readonly CardFeeRule[],
  { planned, ...whole }: PricedCharge,
): CardFeePrice {
  const charge = { ...whole, base: whole.base - planned };
  if (!policy || policy.mode === 'off') return none('off');
  if (policy.mode === 'bank_discount') {
    if (charge.kind !== 'bank_account') return none('not_a_bank_account');
  } else if (charge.kind !== 'card') return none('not_a_card');
  if (planned > 0n && charge.base <= 0n) return none('payment_plan');
  if (charge.currency !== policy.currency) return none('other_currency');
  const standing = standsInTheWay(policy, rules, charge);
  if (standing) return none(standing);
  switch (policy.mode) {
    case 'surcharge':
      return surcharge(policy, rulesFor(policy, rules, charge.payerRegion), charge);
    case 'dual_pricing': {
      const { percent, flatAmount: fixed } = policy;
      const amount = grossUp({ target: charge.base, percent, fixed }) - charge.base;
      return amount > 0n ? { amount, kind: 'dual_pricing', percent } : none('too_small');
    }
    case 'convenience_fee': {
      if (charge.channel !== policy.channel) return none('other_channel');
      const { flatAmount: amount } = policy;
      return amount > 0n ? { amount, kind: 'convenience_fee', percent: null } : none('too_small');
    }
    case 'bank_discount':
      return discount(policy, charge);
  }
}

/** A rule of a country holds in its states too. */
export const isWithinPlace = (jurisdiction: string, place: string | null | undefined): boolean =>
  Boolean(place) && (place === jurisdiction || (place ?? '').startsWith(`${jurisdiction}-`));

/** The rules of this kind of fee at the organization's place, and at the payer's: both hold. */
export const rulesFor = (
  policy: Pick<CardFeePolicy, 'mode' | 'region'>,
  rules: readonly CardFeeRule[],
  payerRegion?: string,
): CardFeeRule[] =>
  rules.filter(
    ({ modes, jurisdiction }) =>
      modes.includes(policy.mode) &&
      (isWithinPlace(jurisdiction, policy.region) || isWithinPlace(jurisdiction, payerRegion)),
  );

/** What keeps the fee from every card there: of the organization, or of where the payer is. */
export function standsInTheWay(
  policy: CardFeePolicy,
  rules: readonly CardFeeRule[],
  { payerRegion, today }: { payerRegion?: string | undefined; today: CalendarDate },
): NoCardFee | undefined {
  const ownRules = rulesFor(policy, rules);
  // Of a place of which nothing is known nobody can say that a fee is allowed.
  if (ownRules.length === 0) return 'no_rules';
  const blocks = rulesFor(policy, rules, payerRegion).filter(({ severity }) => severity === 'block');
  if (blocks.some(({ kind }) => kind === 'barred')) return 'barred_place';
  const from = noticeOver(policy, blocks);
  return from === undefined || today < from ? 'notice_running' : undefined;
}

/** The first day after the acquirer's notice has run; undefined: none was given. */
export function noticeOver(
  policy: Pick<CardFeePolicy, 'acquirerNotifiedOn' | 'effectiveFrom'>,
  rules: readonly CardFeeRule[],
): CalendarDate | undefined {
  const days = rules
    .filter(({ kind, severity }) => kind === 'acquirer_notice' && severity === 'block')
    .map(({ figure }) => Number(figure));
  if (days.length === 0) return policy.effectiveFrom;
  return policy.acquirerNotifiedOn ? addDays(policy.acquirerNotifiedOn, Math.max(...days)) : undefined;
}

/** Rounded down, so that it is never more than was announced; what stays is charged. */
function discount(
  { percent, mostAmount }: CardFeePolicy,
  { base, ahead = 0n }: Omit<PricedCharge, 'planned'>,
): CardFeePrice {
  if (base - ahead <= 0n) return none('no_invoice');
  const share = percentAtMost(base - ahead, percent);
  const amount = mostAmount === null ? share : least(share, mostAmount);
  return amount > 0n ? { amount: -amount, kind: 'bank_discount', percent } : none('too_small');
}

function surcharge(
  policy: CardFeePolicy,
  rules: readonly CardFeeRule[],
  charge: Omit<PricedCharge, 'planned'>,
): CardFeePrice {
  if (charge.funding === 'unknown') return none('funding_unknown');
  if (charge.funding !== 'credit') return none('not_credit');
  const cap = capOf(policy, rules, charge.brand);
  if (cap === undefined) return none('no_rules');
  const percent = lesser(policy.percent, cap);
  // Rounded like every fee, but never above the cap by rounding.
  const amount = least(percentOf(charge.base, percent), percentAtMost(charge.base, cap));
  return amount > 0n ? { amount, kind: 'surcharge', percent } : none('too_small');
}

/** The lowest of what networks, places and the cost of acceptance allow; undefined: nothing is known. */
export function capOf(
  { costPercent }: Pick<CardFeePolicy, 'costPercent'>,
  rules: readonly CardFeeRule[],
  brand?: string,
): string | undefined {
  const blocks = rules.filter(({ severity }) => severity === 'block');
  const caps = blocks.flatMap(({ kind, figure, brand: of }) =>
    (kind === 'network_cap' || kind === 'place_cap') && figure !== null && (of === null || of === brand)
      ? [figure]
      : [],
  );
  const boundByCost = blocks.some(({ kind }) => kind === 'cost_cap');
  if (boundByCost) {
    if (costPercent === null) return undefined;
    caps.push(costPercent);
  }
  return caps.length === 0 ? undefined : caps.reduce(lesser);
}

/** A percentage in ten-thousandths of a percent. */
export function tenThousandths(percent: string): bigint {
  const [whole = '0', fraction = ''] = percent.split('.');
  return BigInt(`${whole}${fraction.slice(0, 4).padEnd(4, '0')}`);
}

/** Whether what was agreed to covers a fee of this kind and percentage: never more than was told. */
export const coversFee = (
  agreed: { kind: string; percent: string },
  fee: { kind: string; percent: string | null },
): boolean =>
  agreed.kind === fee.kind &&
  fee.percent !== null &&
  tenThousandths(fee.percent) <= tenThousandths(agreed.percent);

const lesser = (a: string, b: string): string => (tenThousandths(b) < tenThousandths(a) ? b : a);

const all = 1_000_000n;

/**
 * The least X of which exactly the target is left once `percent` of it, rounded like a processor does, and
 * `fixed` are taken off. There is always one: from X to X + 1 what is left grows by 0 or 1.
 */
export function grossUp(ask: { target: bigint; percent: string; fixed: bigint }): bigint {
  const share = tenThousandths(ask.percent);
  if (share >= all) throw new Error('all of it and more cannot be passed on');
  const left = (price: bigint): bigint => price - percentOf(price, ask.percent) - ask.fixed;
  let price = divideRounded((ask.target + ask.fixed) * all, all - share);
  while (left(price) < ask.target) price += 1n;
  while (price > 0n && left(price - 1n) >= ask.target) price -= 1n;
  return price;
}

/** The version that holds on a day: the newest of those that are effective by then. */
export const policyOn = <Policy extends Pick<CardFeePolicy, 'version' | 'effectiveFrom'>>(
  policies: readonly Policy[],
  today: CalendarDate,
): Policy | undefined =>
  policies
    .filter(({ effectiveFrom }) => effectiveFrom <= today)
    .reduce<Policy | undefined>(
      (newest, each) => (!newest || each.version > newest.version ? each : newest),
      undefined,
    );
