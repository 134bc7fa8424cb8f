import type { CarrierNews, CarrierOutcome } from '#features/correspondence/carrier.ts';
import { retryAfter_s } from '#features/correspondence/rules.ts';

export type Carriage = {
  state: 'queued' | 'sent' | 'failed';
  reference: string | null;
  /** Until when the carrier takes it back. */
  cancelableUntil: Date | null;
  error: string | null;
  /** The next try begins with a question. */
  outcomeUnknown: boolean;
  retryAfter_s: number | undefined;
};

const hour_s = 3600;

/** What one try makes of a text message or a letter. */
export function decideCarriage(attempts: number, outcome: CarrierOutcome): Carriage {
  if (outcome.outcome === 'accepted')
    return {
      state: 'sent',
      reference: outcome.reference,
      cancelableUntil: outcome.cancelableUntil ?? null,
      error: null,
      outcomeUnknown: false,
      retryAfter_s: undefined,
    };
  const isUnknown = outcome.outcome === 'unknown';
  const pause_s = outcome.outcome === 'refused' ? undefined : retryAfter_s(attempts);
  const asked_s = outcome.outcome === 'later' ? Math.min(outcome.wait_s ?? 0, 24 * hour_s) : 0;
  const reason = outcome.reason.slice(0, 900);
  return {
    state: pause_s === undefined ? 'failed' : 'queued',
    reference: null,
    cancelableUntil: null,
    error:
      isUnknown && pause_s === undefined
        ? `${reason} It may have gone out: look at the carrier before you send it again.`
        : reason,
    outcomeUnknown: isUnknown,
    retryAfter_s: pause_s === undefined ? undefined : Math.max(pause_s, asked_s),
  };
}

type State = 'queued' | 'sent' | 'failed' | 'delivered' | 'bounced' | 'suppressed';

/**
 * What a carrier's news makes of a message; undefined when it changes nothing. News come late, doubled and
 * out of order: delivered and come back are final, and nothing goes back to sent.
 */
export function decideNews(state: State, news: CarrierNews['state']): State | undefined {
  const next = news === 'returned' ? 'bounced' : news;
  if (state === next || state === 'suppressed' || state === 'bounced') return undefined;
  if (next === 'bounced') return 'bounced';
  if (state === 'delivered') return undefined;
  if (next === 'delivered') return 'delivered';
  if (state === 'failed') return undefined;
  return next === 'failed' || state === 'queued' ? next : undefined;
}
