import type { NewEvent } from '#db/events.ts';
import type { PostedRefund } from '#features/ledger/refund-rules.ts';
import type { RefundOutcome } from '#features/payments/payment-gateway.ts';
import {
  decideRefundMove,
  nextRefundLookupAfter_s,
  type RefundEffect,
  type RefundState,
} from '#features/refunds/rules.ts';
import { secondsLater } from '#lib/dates.ts';

export type KnownRefundOutcome = Exclude<RefundOutcome, { outcome: 'absent' }>;

export type LockedRefund = Omit<PostedRefund, 'entryDate'> & {
  paymentId: string;
  state: RefundState;
  gatewayReference: string | null;
  lookups: number;
  nextLookupAt: Date | null;
};

export type DecidedRefund = {
  refund: LockedRefund;
  state: RefundState;
  changed: boolean;
  effect: RefundEffect;
  lookups: number;
  nextLookupAt: Date | null;
  reference: string | undefined;
  failure: { code: string; message: string } | undefined;
};

/** What one piece of news makes of one locked refund; news that the table of moves does not know, nothing. */
export function decideRefundOutcome(
  refund: LockedRefund,
  outcome: KnownRefundOutcome,
  now: Date,
): DecidedRefund {
  const effect =
    outcome.outcome === refund.state ? undefined : decideRefundMove(refund.state, outcome.outcome);
  const changed = effect !== undefined;
  const state = changed ? outcome.outcome : refund.state;
  return {
    refund,
    state,
    changed,
    effect: effect ?? 'none',
    ...nextLookup(refund, changed ? state : undefined, now),
    reference: 'reference' in outcome ? outcome.reference : undefined,
    failure:
      changed && outcome.outcome === 'failed' ? { code: outcome.code, message: outcome.message } : undefined,
  };
}

/** Each state has its own timetable; only an asking that was due uses it up (as with payments). */
function nextLookup(
  refund: LockedRefund,
  to: RefundState | undefined,
  now: Date,
): Pick<DecidedRefund, 'lookups' | 'nextLookupAt'> {
  const { lookups, nextLookupAt } = refund;
  if (!to && (nextLookupAt === null || now < nextLookupAt)) return { lookups, nextLookupAt };
  const asked = to ? 0 : lookups + 1;
  const after_s = nextRefundLookupAfter_s(to ?? refund.state, asked);
  return { lookups: asked, nextLookupAt: after_s === undefined ? null : secondsLater(now, after_s) };
}

/** The facts that a move leaves behind; they stand with the payment, whose timeline tells of its refunds. */
export function eventsOfRefundMove(move: DecidedRefund): NewEvent[] {
  const { refund, state } = move;
  const about = { subjectId: refund.paymentId, customerId: refund.customerId };
  const data = { refund_id: refund.id, amount: refund.amount, currency: refund.currency };
  if (move.changed)
    return [
      {
        ...about,
        type: `refund.${state}`,
        data: {
          ...data,
          ...(move.failure ? { failure_code: move.failure.code, failure_message: move.failure.message } : {}),
        },
      },
    ];
  // Nobody will ask any more, and it is not known whether the money arrived: a person has to look.
  const abandoned = refund.nextLookupAt !== null && move.nextLookupAt === null && state !== 'settled';
  return abandoned ? [{ ...about, type: 'refund.needs_attention', data: { ...data, state } }] : [];
}
