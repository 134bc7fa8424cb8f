import { addDays, type CalendarDate, daysBetween } from '#lib/dates.ts';
import { least, maxAmount, percentAtMost } from '#lib/money.ts';

export const lateFeeAmountTypes = ['flat', 'percent', 'greater', 'both'] as const;
export type LateFeeAmountType = (typeof lateFeeAmountTypes)[number];

/** Where a late fee stands; `receipt` is on its invoice here, and a sales receipt in connected books. */
export const lateFeeBookings = ['on_invoice', 'own_invoice', 'receipt'] as const;
export type LateFeeBooking = (typeof lateFeeBookings)[number];

/** What a late fee is and when it falls due. */
export type LateFeeTerms = {
  amountType: LateFeeAmountType;
  currency: string;
  flatAmount: bigint;
  /** A decimal string: `1.5` is 1.5 %. */
  percent: string;
  /** Whether the percentage is taken of earlier late fees too. */
  compounds: boolean;
  /** Whole days after the due date without a fee. */
  graceDays: number;
  /** Null: once. */
  everyDays: number | null;
  maxFees: number | null;
  /** Of all fees of an invoice together; the percentage is of its total. */
  capAmount: bigint | null;
  capPercent: string | null;
  minimumBalance: bigint;
  booking: LateFeeBooking;
};

/** `chargesSince`: what fell due before that day was agreed with nobody. */
export type LateFeePolicy = LateFeeTerms & { chargesSince: CalendarDate };

/** Days on which late fees rest: from the first, up to and without the second; null: still resting. */
export type LateFeeRest = {
  from: CalendarDate;
  until: CalendarDate | null;
  reason: 'disputed' | 'promised' | 'on_plan' | 'was_covered';
};

/** An invoice as its late fees see it. */
export type LateFeeFacts = {
  dueDate: CalendarDate;
  currency: string;
  total: bigint;
  balanceDue: bigint;
  reserved: bigint;
  fees: bigint;
  /** Late fees of it that are invoices of their own, and what is still to be paid of those. */
  feesApart: bigint;
  feesApartDue: bigint;
  /** It is itself over a late fee. */
  isLateFee: boolean;
  /** Issued, not void, something due. */
  isOpen: boolean;
  issuedOn: CalendarDate;
  isOff: boolean;
  isCustomerOff: boolean;
  rests: readonly LateFeeRest[];
  /** The last day that is done with, and how many fees were posted or waived by then. */
  lastOn: CalendarDate | null;
  taken: number;
};

export type NoLateFee =
  | 'not_owed'
  | 'is_late_fee'
  | 'no_policy'
  | 'invoice_off'
  | 'customer_off'
  | 'disputed'
  | 'promised'
  | 'on_plan'
  | 'was_covered'
  | 'payment_pending'
  | 'maximum_reached'
  | 'cap_reached'
  | 'below_minimum'
  | 'only_fees_left'
  | 'too_small'
  | 'other_currency';

export type LateFee = { on: CalendarDate; amount: bigint; sequence: number; booking: LateFeeBooking };

/**
 * The next late fee of an invoice as it stands: its own day, which may have passed already if nobody
 * worked, its amount on today's balance, and its number. Or why there is none (docs/decisions/0013).
 */
export function nextLateFee(
  facts: LateFeeFacts,
  policy: LateFeePolicy | undefined,
  today: CalendarDate,
): LateFee | { none: NoLateFee } {
  if (!facts.isOpen) return { none: 'not_owed' };
  if (facts.isLateFee) return { none: 'is_late_fee' };
  if (!policy) return { none: 'no_policy' };
  if (facts.isOff) return { none: 'invoice_off' };
  if (facts.isCustomerOff) return { none: 'customer_off' };
  if (isAllTaken(facts, policy)) return { none: 'maximum_reached' };
  const resting = facts.rests.find((rest) => covers(rest, today));
  if (resting) return { none: resting.reason };
  const amount = lateFeeAmount(facts, policy);
  if (typeof amount === 'object') return amount;
  const on = nextDay(facts, policy);
  return typeof on === 'object' ? on : { on, amount, sequence: facts.taken + 1, booking: policy.booking };
}

const isAllTaken = (facts: LateFeeFacts, policy: LateFeePolicy): boolean =>
  facts.taken >= Math.min(policy.maxFees ?? Number.POSITIVE_INFINITY, policy.everyDays ? Infinity : 1);

/** A fee on the balance as it is. No cap and no rate is passed by rounding, for both round down. */
export function lateFeeAmount(facts: LateFeeFacts, terms: LateFeeTerms): bigint | { none: NoLateFee } {
  if (facts.currency !== terms.currency) return { none: 'other_currency' };
  // What is under way counts as paid, and what is paid was paid for the goods first: both are kinder.
  const payable = facts.balanceDue - facts.reserved;
  if (payable <= 0n) return { none: 'payment_pending' };
  const base = terms.compounds ? payable + facts.feesApartDue : payable - facts.fees;
  if (base <= 0n) return { none: 'only_fees_left' };
  if (base < terms.minimumBalance) return { none: 'below_minimum' };
  const room = least(capOf(facts.total, terms), maxAmount - facts.total) - facts.fees - facts.feesApart;
  if (room <= 0n) return { none: 'cap_reached' };
  const amount = least(uncapped(base, terms), room);
  return amount > 0n ? amount : { none: 'too_small' };
}

function uncapped(base: bigint, { amountType, flatAmount, percent }: LateFeeTerms): bigint {
  // A rate at the ceiling of a law, rounded half up, would be above it.
  const share = percentAtMost(base, percent);
  switch (amountType) {
    case 'flat':
      return flatAmount;
    case 'percent':
      return share;
    case 'both':
      return flatAmount + share;
    case 'greater':
      return share > flatAmount ? share : flatAmount;
  }
}

function capOf(total: bigint, { capAmount, capPercent }: LateFeeTerms): bigint {
  const share = capPercent === null ? maxAmount : percentAtMost(total, capPercent);
  return least(capAmount ?? maxAmount, share);
}

/** The day after the days of grace: whoever pays on the last of them pays no fee. */
export const firstLateFeeDay = (dueDate: CalendarDate, graceDays: number): CalendarDate =>
  addDays(dueDate, graceDays + 1);

const later = (a: CalendarDate, b: CalendarDate): CalendarDate => (a > b ? a : b);
const covers = (rest: LateFeeRest, day: CalendarDate): boolean =>
  rest.from <= day && (rest.until === null || day < rest.until);

/**
 * The first day of the invoice's own rhythm that is neither done with, nor before anybody could be charged,
 * nor in a rest. A fee that comes once waits for the end of a rest; one that repeats leaves that day out.
 */
function nextDay(facts: LateFeeFacts, policy: LateFeePolicy): CalendarDate | { none: NoLateFee } {
  let day = nextUndone(facts, policy);
  const start = later(policy.chargesSince, facts.issuedOn);
  if (day < start) day = stepTo(day, start, policy.everyDays);
  for (;;) {
    const rest = facts.rests.find((each) => covers(each, day));
    if (!rest) return day;
    if (rest.until === null) return { none: rest.reason };
    day = stepTo(day, rest.until, policy.everyDays);
  }
}

function nextUndone(facts: LateFeeFacts, { graceDays, everyDays }: LateFeePolicy): CalendarDate {
  const first = firstLateFeeDay(facts.dueDate, graceDays);
  return facts.lastOn === null ? first : later(first, addDays(facts.lastOn, everyDays ?? 1));
}

/**
 * The first day of the rhythm through `day` that is not before `from`; a fee that comes once comes right
 * then.
 */
function stepTo(day: CalendarDate, from: CalendarDate, everyDays: number | null): CalendarDate {
  if (everyDays === null) return from;
  return addDays(day, Math.ceil(daysBetween(day, from) / everyDays) * everyDays);
}

/** Reasons that use up the day: it does not come back when they end. A pending payment may come back. */
const usesUp: readonly NoLateFee[] = [
  'invoice_off',
  'customer_off',
  'maximum_reached',
  'cap_reached',
  'below_minimum',
  'only_fees_left',
  'too_small',
];

export type PlannedLateFee = LateFee & { state: 'posted' | 'waived' };
export type LateFeePlan = {
  fees: PlannedLateFee[];
  lastOn: CalendarDate | null;
  skipped: NoLateFee | null;
};

/**
 * All that an invoice owes in late fees up to today: after days without work each missed one, on its own
 * day, in order; the first of them waived where the customer was promised that. And the last day that is
 * done with, so that the same days are not decided again.
 */
export function planLateFees(
  facts: LateFeeFacts,
  policy: LateFeePolicy,
  today: CalendarDate,
  waivesNext = false,
): LateFeePlan {
  const fees: PlannedLateFee[] = [];
  let state = facts;
  for (;;) {
    const next = nextLateFee(state, policy, today);
    if ('none' in next || next.on > today) return { fees, ...passedOver(state, policy, next, today) };
    const isWaived = waivesNext && fees.length === 0;
    fees.push({ ...next, state: isWaived ? 'waived' : 'posted' });
    state = isWaived ? afterWaiver(state, next) : afterFee(state, next);
  }
}

/**
 * The last day done with, now that no more fees are due: days without a fee that do not come back are done
 * with too.
 */
function passedOver(
  facts: LateFeeFacts,
  policy: LateFeePolicy,
  next: LateFee | { none: NoLateFee },
  today: CalendarDate,
): Pick<LateFeePlan, 'lastOn' | 'skipped'> {
  const stays = { lastOn: facts.lastOn, skipped: null };
  const { everyDays } = policy;
  if (everyDays === null) return stays;
  const undone = nextUndone(facts, policy);
  if ('none' in next) {
    if (!usesUp.includes(next.none) || undone > today) return stays;
    const days = Math.floor(daysBetween(undone, today) / everyDays) * everyDays;
    return { lastOn: addDays(undone, days), skipped: next.none };
  }
  const before = addDays(next.on, -everyDays);
  return before >= undone ? { lastOn: before, skipped: null } : stays;
}

export const afterWaiver = (facts: LateFeeFacts, fee: LateFee): LateFeeFacts => ({
  ...facts,
  lastOn: fee.on,
  taken: facts.taken + 1,
});

export const afterFee = (facts: LateFeeFacts, fee: LateFee): LateFeeFacts => ({
  ...afterWaiver(facts, fee),
  ...(fee.booking === 'own_invoice'
    ? { feesApart: facts.feesApart + fee.amount, feesApartDue: facts.feesApartDue + fee.amount }
    : { balanceDue: facts.balanceDue + fee.amount, fees: facts.fees + fee.amount }),
});

export type PolicyVersion = LateFeeTerms & {
  version: number;
  isActive: boolean;
  /** Only invoices due on or after this day. */
  effectiveFrom: CalendarDate;
  madeOn: CalendarDate;
};

/** Invoices due from one day up to and without another, and the policy that they are under. */
export type PolicyRange<Version extends PolicyVersion = PolicyVersion> = {
  dueFrom: CalendarDate;
  dueUntil: CalendarDate | null;
  policy: Version & { chargesSince: CalendarDate };
};

/**
 * Which invoices are under which version: of those since late fees were last switched on, the newest that
 * is effective for the due date. Switched off, none is: and switched on again, what was missed in between
 * is not asked for.
 */
export function rangesInForce<Version extends PolicyVersion>(
  versions: readonly Version[],
): PolicyRange<Version>[] {
  const inOrder = versions.toSorted((a, b) => a.version - b.version);
  const running = inOrder.slice(inOrder.findLastIndex(({ isActive }) => !isActive) + 1);
  const starts = [...new Set(running.map(({ effectiveFrom }) => effectiveFrom))].sort();
  return starts.flatMap((dueFrom, at) => {
    const covering = running.filter(({ effectiveFrom }) => effectiveFrom <= dueFrom);
    const newest = covering.at(-1);
    const chargesSince = covering.map(({ madeOn }) => madeOn).sort()[0];
    if (!newest || chargesSince === undefined) return [];
    return [{ dueFrom, dueUntil: starts[at + 1] ?? null, policy: { ...newest, chargesSince } }];
  });
}

export const policyFor = <Version extends PolicyVersion>(
  ranges: readonly PolicyRange<Version>[],
  dueDate: CalendarDate,
): PolicyRange<Version>['policy'] | undefined => ranges.findLast(({ dueFrom }) => dueFrom <= dueDate)?.policy;
