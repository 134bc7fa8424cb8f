import type { NewEvent } from '#db/events.ts';
import type {
  BankChange,
  ChargeKind,
  GatewayOutcome,
  MethodDetails,
  PaymentSource,
} from '#features/payments/payment-gateway.ts';
import {
  type Application,
  decideMove,
  type Effect,
  nextLookupAfter_s,
  type PaymentState,
  stateOf,
} from '#features/payments/rules.ts';
import { secondsLater } from '#lib/dates.ts';

export type LockedPayment = {
  id: string;
  customerId: string;
  kind: ChargeKind;
  state: PaymentState;
  amount: bigint;
  fee: bigint;
  feeKind: string | null;
  /** What refunds have taken out of fee and unapplied cash; and all that was refunded. */
  givenBack: { fee: bigint; unapplied: bigint };
  refunded: bigint;
  currency: string;
  lookups: number;
  gatewayAccountId: string;
  gatewaySource: PaymentSource | null;
  paymentMethodId: string | null;
  portalUserId: string | null;
  userId: string | null;
  gatewayReference: string | null;
  nextLookupAt: Date | null;
  applications: Application[];
};

export type DecidedMove = {
  payment: LockedPayment;
  /** As the gateway says: a caller may have called a bank account's token a card. */
  kind: ChargeKind;
  state: PaymentState;
  changed: boolean;
  effect: Effect;
  isKnown: boolean;
  lookups: number;
  nextLookupAt: Date | null;
  appliedDelta: bigint;
  reference?: string | undefined;
  method?: MethodDetails | undefined;
  declineCode?: string | undefined;
  declineMessage?: string | undefined;
  returnCode?: string | undefined;
  /** In the vendor's own words: why it was refused, or why nobody knows yet. */
  vendor?: { code: string | null; message: string } | undefined;
  /** Given back by a refund from now on, and voided no more. */
  refundAtOnce: boolean;
  /** The bank's notice, also with news that moves nothing. */
  change?: BankChange | undefined;
};

type Known = Exclude<GatewayOutcome, { outcome: 'absent' }>;

/**
 * What one piece of news makes of one locked payment. News that the table of moves does not know changes
 * nothing.
 */
export function decideOutcome(payment: LockedPayment, outcome: Known, now: Date): DecidedMove {
  const to = stateOf(outcome);
  const kind = kindOf(payment, outcome);
  const move = to === payment.state ? undefined : decideMove(kind, payment.state, to);
  const state = move?.to ?? payment.state;
  const effect = move?.effect ?? 'none';
  const applied = payment.applications.reduce((total, { amount }) => total + amount, 0n);
  return {
    payment,
    kind,
    state,
    effect,
    ...nextLookup({ ...payment, kind }, move?.to, now),
    changed: move !== undefined,
    isKnown: state !== 'pending' && state !== 'unknown',
    appliedDelta: effect === 'post' ? applied : effect === 'reverse' ? -applied : 0n,
    reference: 'reference' in outcome ? outcome.reference : undefined,
    method: 'method' in outcome ? outcome.method : undefined,
    refundAtOnce: 'refundAtOnce' in outcome && outcome.refundAtOnce === true,
    ...(outcome.outcome === 'declined' ? { declineCode: outcome.code, declineMessage: outcome.message } : {}),
    ...(outcome.outcome === 'returned' ? { returnCode: outcome.returnCode } : {}),
    ...(move || state === 'unknown' ? { vendor: vendorSaid(outcome) } : {}),
    ...('change' in outcome && kind === 'bank_account' ? { change: outcome.change } : {}),
  };
}

function vendorSaid(outcome: Known): DecidedMove['vendor'] {
  if (outcome.outcome === 'unknown') return { code: null, message: outcome.reason };
  return 'vendor' in outcome ? outcome.vendor : undefined;
}

/** Whoever asked may have named the wrong kind; until the charge is known, the gateway's word corrects it. */
function kindOf(payment: LockedPayment, outcome: Known): ChargeKind {
  if (payment.state !== 'pending' && payment.state !== 'unknown') return payment.kind;
  // Only a bank returns a debit; the gateway names no method with it.
  if (outcome.outcome === 'returned') return 'bank_account';
  return ('method' in outcome ? outcome.method?.kind : undefined) ?? payment.kind;
}

/**
 * Each state has a timetable of its own, which counts the askings that were due: a webhook before the time,
 * or a doubled job, neither uses it up nor puts the next asking off.
 */
function nextLookup(
  payment: LockedPayment,
  to: PaymentState | undefined,
  now: Date,
): Pick<DecidedMove, 'lookups' | 'nextLookupAt'> {
  const { kind, lookups, nextLookupAt } = payment;
  if (!to && (nextLookupAt === null || now < nextLookupAt)) return { lookups, nextLookupAt };
  const asked = to ? 0 : lookups + 1;
  const after_s = nextLookupAfter_s(kind, to ?? payment.state, asked);
  return { lookups: asked, nextLookupAt: after_s === undefined ? null : secondsLater(now, after_s) };
}

/** The facts that a move leaves behind: of the payment, and of each invoice it paid or stopped paying. */
export function eventsOfMove(move: DecidedMove): NewEvent[] {
  const { payment, state, effect } = move;
  const about = { customerId: payment.customerId };
  const money = { amount: payment.amount, currency: payment.currency, kind: move.kind };
  if (!move.changed) {
    // Nobody will ask the gateway again, and the money is still in doubt: a person has to.
    const abandoned =
      move.nextLookupAt === null &&
      payment.nextLookupAt !== null &&
      (state === 'unknown' || state === 'pending');
    return abandoned
      ? [{ ...about, type: 'payment.needs_attention', subjectId: payment.id, data: money }]
      : [];
  }
  const invoiceEvent =
    effect === 'post'
      ? 'invoice.payment_applied'
      : effect === 'reverse'
        ? 'invoice.payment_unapplied'
        : undefined;
  return [
    {
      ...about,
      type: `payment.${state}`,
      subjectId: payment.id,
      data: {
        ...money,
        ...(move.declineCode ? { decline_code: move.declineCode, decline_message: move.declineMessage } : {}),
        ...(move.returnCode ? { return_code: move.returnCode } : {}),
        ...(payment.refunded > 0n ? { refunded: payment.refunded } : {}),
      },
    },
    // The bank took back what was given back already: only a person can get it from the customer.
    ...(state === 'returned' && payment.refunded > 0n
      ? [
          {
            ...about,
            type: 'refund.needs_attention',
            subjectId: payment.id,
            data: { amount: payment.refunded, currency: payment.currency, state: 'payment_returned' },
          },
        ]
      : []),
    ...(invoiceEvent
      ? payment.applications.map(
          (a): NewEvent => ({
            ...about,
            type: invoiceEvent,
            subjectId: a.invoiceId,
            data: {
              payment_id: payment.id,
              amount: a.amount,
              currency: payment.currency,
              kind: move.kind,
              state,
            },
          }),
        )
      : []),
  ];
}
