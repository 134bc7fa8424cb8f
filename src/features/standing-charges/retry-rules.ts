import type { MayRetry, SubmissionLimit } from '#features/bank-rules/rules.ts';
import type { DeclineCode } from '#features/payments/payment-gateway.ts';
import { addDays, type CalendarDate, daysBetween } from '#lib/dates.ts';

/** What an organization wants: none, unless it says otherwise. */
export type RetryPolicy = { retries: number; afterDays: number };

/** A rule of a card network as its row has it, in force on the day. */
export type CardRetryLimit = {
  brand: string;
  /** Null: these codes are never tried again. */
  limitValue: number | null;
  windowDays: number | null;
  declineCodes: readonly string[];
};
export type RetryLimits = { cards: readonly CardRetryLimit[]; debits: SubmissionLimit };

/** Why a charge did not go through. */
export type ChargeFailure =
  | { kind: 'declined'; code: DeclineCode; brand: string }
  /** A debit that came back; null where no rule knows its code. */
  | { kind: 'returned'; mayRetry: MayRetry | null };

export type FailedTry = {
  failure: ChargeFailure;
  /** The days of all tries of this charge, the first one first, this one last. */
  tries: readonly CalendarDate[];
  /** The days on which this card was declined, for whatever charge, this one included. */
  cardTries: readonly CalendarDate[];
};

export const whyNoRetries = ['hard_decline', 'no_retries', 'tried_enough', 'network_limit'] as const;
export type WhyNoRetry = (typeof whyNoRetries)[number];
export type NextTry = { again: true; on: CalendarDate } | { again: false; why: WhyNoRetry };

/** What may be otherwise on another day. All that is not of this list will not become right by waiting. */
const softDeclines: ReadonlySet<DeclineCode> = new Set<DeclineCode>([
  'insufficient_funds',
  'limit_exceeded',
  'do_not_honor',
  'gateway_error',
  'declined',
]);

/** A limit that is full today has room again once its oldest tries are out of its window. */
const mostWait_days = 60;

/**
 * Whether and when a charge that nobody pressed a button for is tried again: by the kind of its failure, by
 * what the organization wants, and never beyond what card networks and the rules of bank debits allow.
 */
export function nextTry(
  failed: FailedTry,
  by: { policy: RetryPolicy; limits: RetryLimits; today: CalendarDate },
): NextTry {
  const { failure, tries } = failed;
  const { policy, limits } = by;
  if (isHard(failure, limits)) return { again: false, why: 'hard_decline' };
  if (policy.retries === 0) return { again: false, why: 'no_retries' };
  if (tries.length > policy.retries) return { again: false, why: 'tried_enough' };
  const earliest = addDays(by.today, policy.afterDays);
  const on =
    failure.kind === 'returned'
      ? debitDay(tries, limits.debits, earliest)
      : cardDay(failed, cardLimits(failure.brand, limits), earliest);
  return on ? { again: true, on } : { again: false, why: 'network_limit' };
}

function isHard(failure: ChargeFailure, limits: RetryLimits): boolean {
  if (failure.kind === 'returned') return failure.mayRetry !== 'twice_within_180_days';
  if (!softDeclines.has(failure.code)) return true;
  return cardLimits(failure.brand, limits).some(
    ({ limitValue, declineCodes }) => limitValue === null && declineCodes.includes(failure.code),
  );
}

const cardLimits = (brand: string, { cards }: RetryLimits): readonly CardRetryLimit[] =>
  cards.filter((each) => each.brand === brand.toLowerCase());

/** The limit counts submissions, the first one too. */
function debitDay(
  tries: readonly CalendarDate[],
  limit: SubmissionLimit,
  earliest: CalendarDate,
): CalendarDate | undefined {
  const first = tries[0] ?? earliest;
  const isAllowed = tries.length < limit.limitValue && daysBetween(first, earliest) <= limit.windowDays;
  return isAllowed ? earliest : undefined;
}

/** The first day from the earliest on at which the card is below each of its limits. */
function cardDay(
  { cardTries }: FailedTry,
  limits: readonly CardRetryLimit[],
  earliest: CalendarDate,
): CalendarDate | undefined {
  for (let wait = 0; wait <= mostWait_days; wait += 1) {
    const day = addDays(earliest, wait);
    const isFull = limits.some(
      ({ limitValue, windowDays }) =>
        limitValue !== null &&
        windowDays !== null &&
        cardTries.filter((tried) => daysBetween(tried, day) <= windowDays).length >= limitValue,
    );
    if (!isFull) return day;
  }
  return undefined;
}
