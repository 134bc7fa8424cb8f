import { lateDays } from '#features/schedules/agreement-rules.ts';
import type { PauseReason } from '#features/schedules/pause-rules.ts';
import { type Place, type Progress, placeAt, type Series } from '#features/schedules/rules.ts';
import type { Unusable } from '#features/standing-charges/rules.ts';
import { type CalendarDate, daysBetween } from '#lib/dates.ts';

export type Retry = { day: CalendarDate; on: CalendarDate };

export type PaymentDay = {
  /** Dates on which nobody worked: not made up, and no occurrence. */
  missed: CalendarDate[];
  /** The one date that is charged now. */
  charge: CalendarDate | undefined;
  /** Where the schedule stands if that charge is taken on, and if it is refused. */
  made: Progress;
  refused: Progress;
};

/** More dates than this are worked in several goes. */
const mostDates = 366;

/**
 * What a payment schedule does on a day. Of several dates that have come only the newest is charged, and that
 * only within the days that the payer agreed to: two debits at once would surprise whoever pays. A failed
 * date is tried again unless the next one has come.
 */
export function decidePaymentDay(
  series: Series,
  at: Progress & { retry: Retry | undefined },
  today: CalendarDate,
): PaymentDay {
  const due: Place[] = [];
  let place = at.next;
  while (place && place.on <= today && due.length < mostDates) {
    due.push(place);
    place = placeAt(series, place.index + 1, at.taken);
  }
  const newest = due.at(-1);
  if (!newest) return decideRetry(at, today);
  const isLast = !place || place.on > today;
  const isInTime = isLast && daysBetween(newest.on, today) <= lateDays;
  const after = (taken: number): Progress => ({ taken, next: placeAt(series, newest.index + 1, taken) });
  return {
    missed: due.slice(0, isInTime ? -1 : undefined).map(({ on }) => on),
    charge: isInTime ? newest.on : undefined,
    made: after(at.taken + 1),
    refused: after(at.taken),
  };
}

function decideRetry(at: Progress & { retry: Retry | undefined }, today: CalendarDate): PaymentDay {
  const { retry, taken, next } = at;
  const isInTime = retry !== undefined && retry.on <= today && daysBetween(retry.on, today) <= lateDays;
  return {
    missed: [],
    charge: isInTime ? retry.day : undefined,
    made: { taken: taken + 1, next },
    refused: { taken, next },
  };
}

/** A second try that would not come before the next date is left out: that date is the try. */
export const keepsRetry = (on: CalendarDate, next: Place | undefined): boolean => !next || on < next.on;

/** Refused so often in a row by what no waiting cures, a schedule is paused. */
export const mostHardDeclines = 3;

/** Declines after which the method itself is of no use: nothing is asked of it again. */
const deadMethods = new Set([
  'expired_card',
  'lost_or_stolen',
  'method_gone',
  'bad_account',
  'blocked_method',
]);

export function pauseAfterFailure(failed: {
  declineCode: string | null;
  hardInARow: number;
}): PauseReason | undefined {
  if (failed.declineCode !== null && deadMethods.has(failed.declineCode)) return 'method';
  return failed.hardInARow >= mostHardDeclines ? 'declined' : undefined;
}

export const pauseOfUnusable = (unusable: Unusable): PauseReason =>
  unusable === 'kind_barred' ? 'kind_barred' : 'method';

export type OpenInvoice = { id: string; payable: bigint };

/** A payment put against the oldest invoices first; what is left is unapplied cash. */
export function applyToOldest(amount: bigint, invoices: readonly OpenInvoice[]) {
  let left = amount;
  return invoices.flatMap(({ id: invoiceId, payable }) => {
    const part = left < payable ? left : payable;
    left -= part;
    return part > 0n ? [{ invoiceId, amount: part }] : [];
  });
}
