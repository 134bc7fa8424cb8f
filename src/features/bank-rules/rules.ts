import { type CalendarDate, daysBetween } from '#lib/dates.ts';

export type MayRetry = 'never' | 'after_new_authorization' | 'twice_within_180_days';

/** One debit of a stored account for an invoice, and what became of it. */
export type Submission = {
  submittedOn: CalendarDate;
  outcome: 'settled' | 'under_way' | 'returned';
  code: string | null;
  /** Null: no rule knows the code, and the strictest holds. */
  mayRetry: MayRetry | null;
  /** The payer has agreed to debits of this account again since it came back. */
  authorizedAnew: boolean;
};

export type SubmissionLimit = { limitValue: number; windowDays: number };

export type ResubmissionVerdict = { ok: true } | { ok: false; reason: string };

const elsewhere = 'Use another payment method.';

/**
 * May this account be debited for this invoice once more (money.md, promise 8)? `history` is in order. What
 * settled ends the series: whatever the invoice still needs is a debit of its own, not a second try.
 */
export function decideResubmission(
  history: readonly Submission[],
  limit: SubmissionLimit,
  today: CalendarDate,
): ResubmissionVerdict {
  const series = history.slice(history.findLastIndex(({ outcome }) => outcome === 'settled') + 1);
  const returned = series.filter(({ outcome }) => outcome === 'returned');
  const [first] = series;
  if (!first || returned.length === 0) return { ok: true };
  const barred = returned.find((each) => !mayFollow(each));
  if (barred) return { ok: false, reason: barredWords(barred) };
  const codes = [...new Set(returned.map(({ code }) => code))].join(', ');
  if (series.length >= limit.limitValue)
    return {
      ok: false,
      reason:
        `This bank account has been debited for this invoice ${series.length} times and the money came back ` +
        `(${codes}). The rules of bank debits allow ${limit.limitValue} tries in all. ${elsewhere}`,
    };
  if (daysBetween(first.submittedOn, today) > limit.windowDays)
    return {
      ok: false,
      reason:
        `The first debit of this bank account for this invoice came back (${codes}) and is more than ` +
        `${limit.windowDays} days old, too old to be tried again. ${elsewhere}`,
    };
  return { ok: true };
}

const mayFollow = ({ mayRetry, authorizedAnew }: Submission): boolean =>
  mayRetry === 'twice_within_180_days' || (mayRetry === 'after_new_authorization' && authorizedAnew);

const barredWords = ({ code, mayRetry }: Submission): string =>
  mayRetry === 'after_new_authorization'
    ? `The bank returned a debit of this account for this invoice (${code}). It may be debited again only ` +
      'after the payer has authorized it anew.'
    : `The bank returned a debit of this account for this invoice (${code}), and such a debit is never sent ` +
      `again. ${elsewhere}`;

export type RateLimit = { limitValue: number; nearValue: number };
export type Standing = 'fine' | 'near' | 'over';

/** A share of returns in basis points, rounded up; and how it stands to its limit, without rounding. */
export function decideRate(
  counts: { returned: number; originated: number },
  limit: RateLimit,
): { rateBps: number; standing: Standing } {
  const { returned, originated } = counts;
  if (originated === 0) return { rateBps: 0, standing: 'fine' };
  const share = returned * 10_000;
  return {
    rateBps: Math.ceil(share / originated),
    standing:
      share > limit.limitValue * originated
        ? 'over'
        : share >= limit.nearValue * originated
          ? 'near'
          : 'fine',
  };
}

/** What staff can do about a debit that came back. */
export function returnAdvice(mayRetry: MayRetry | null, limit: SubmissionLimit): string {
  switch (mayRetry) {
    case 'twice_within_180_days':
      return (
        `You may charge the account again: ${limit.limitValue} debits for an invoice in all, within ` +
        `${limit.windowDays} days of the first.`
      );
    case 'after_new_authorization':
      return 'Ask the customer to store the account again and to authorize it anew, or to pay in another way.';
    default:
      return 'Ask the customer for another payment method; this debit may not be sent again.';
  }
}

/** Only what can be shown as the end of an account number is taken over from a bank's notice. */
export const usableLast4 = (last4: string | undefined): string | null =>
  last4 !== undefined && /^\d{2,4}$/.test(last4) ? last4 : null;
