import { isGatewayKind, type PaymentKind, type PaymentState } from '#features/payments/rules.ts';

export type RefundState = 'pending' | 'unknown' | 'submitted' | 'settled' | 'failed';

/** As with payments: into the books, nothing more to give back, or out of the books again. */
export type RefundEffect = 'none' | 'post' | 'release' | 'reverse';

const moves: Record<RefundState, Partial<Record<RefundState, RefundEffect>>> = {
  pending: { unknown: 'none', submitted: 'post', settled: 'post', failed: 'release' },
  unknown: { submitted: 'post', settled: 'post', failed: 'release' },
  submitted: { settled: 'none', failed: 'reverse' },
  // A bank may send a refund back weeks after it arrived.
  settled: { failed: 'reverse' },
  failed: {},
};

/** The one authority on how a refund moves (money.md 4). Undefined: this news changes nothing. */
export const decideRefundMove = (from: RefundState, to: RefundState): RefundEffect | undefined =>
  moves[from][to];

const minute_s = 60;
const day_s = 86_400;

/** When to ask next, on the timetable of charges; undefined: a person must look, or nothing can change. */
export function nextRefundLookupAfter_s(state: RefundState, lookups: number): number | undefined {
  if (state === 'failed') return undefined;
  if (state === 'submitted' || state === 'settled') return lookups < 30 ? day_s : undefined;
  return [minute_s, 5 * minute_s, 60 * minute_s, day_s, day_s, day_s, day_s, day_s][lookups];
}

/** A payment as its row says: both the console and the commands decide from it what may be given back. */
export type PaymentToGiveBack = {
  kind: PaymentKind;
  state: PaymentState;
  amount: bigint;
  refunded: bigint;
  /** The gateway has captured it: it refunds from now on and voids no more. */
  refundAtOnce: boolean;
  voidRequestedAt: Date | null;
  voidRefusedAt: Date | null;
  /** A chargeback of it is open or lost: its money is with the payer’s bank. */
  isDisputed?: boolean;
};

export type GiveBack = {
  /** The one button that is offered. */
  offer: 'void' | 'refund' | undefined;
  /** Recorded by hand and mistyped: it may be taken out of the books as long as nothing was given back. */
  mayStrike: boolean;
  reason: string;
};

const nothing = (reason: string): GiveBack => ({ offer: undefined, mayStrike: false, reason });

/**
 * Only what has not left for settlement can be voided: a card while approved, a bank debit while submitted.
 */
const isVoidable = ({
  kind,
  state,
  refundAtOnce,
}: Pick<PaymentToGiveBack, 'kind' | 'state' | 'refundAtOnce'>) =>
  !refundAtOnce &&
  ((kind === 'card' && state === 'approved') || (kind === 'bank_account' && state === 'submitted'));

/** Somebody asked for a void, and neither has it happened nor has the gateway said no. */
export const isVoidAsked = (
  payment: Pick<PaymentToGiveBack, 'kind' | 'state' | 'refundAtOnce' | 'voidRequestedAt' | 'voidRefusedAt'>,
): boolean => payment.voidRequestedAt !== null && payment.voidRefusedAt === null && isVoidable(payment);

/** Exactly one of void and refund, or neither, with the reason in words. */
export function decideGiveBack(payment: PaymentToGiveBack): GiveBack {
  const { kind, state } = payment;
  if (state === 'declined') return nothing('Nothing was charged, so there is nothing to give back.');
  if (state === 'voided') return nothing('This payment is void: its money was never taken.');
  if (state === 'returned') return nothing('The bank has taken this money back already.');
  if (state === 'pending' || state === 'unknown')
    return nothing(
      'The gateway’s answer is awaited. Once it is known, the payment can be voided or refunded.',
    );
  if (isVoidAsked(payment))
    return nothing('A void was asked for. Until the gateway has answered, nothing else can be done.');
  if (isVoidable(payment) && payment.voidRefusedAt !== null)
    return nothing('Your gateway no longer voids this payment. Once it has settled, it can be refunded.');
  if (isVoidable(payment)) {
    return {
      offer: 'void',
      mayStrike: false,
      reason: 'It has not left for settlement: a void takes the whole payment back at once, without fees.',
    };
  }
  if (!payment.refundAtOnce && (state === 'approved' || state === 'settling'))
    return nothing('The payment is being settled. Once it is, it can be refunded.');
  if (state === 'submitted' && kind === 'paypal')
    return nothing('PayPal holds this payment back. Once it is settled, it can be refunded.');
  if (state !== 'settled' && !payment.refundAtOnce)
    return nothing(
      'The bank debit is under way and can no longer be stopped. Once it has settled, it can be refunded.',
    );
  if (payment.isDisputed)
    return nothing('A chargeback took this money back already. A refund would pay it a second time.');
  if (payment.refunded >= payment.amount) return nothing('All of this payment was given back.');
  return {
    offer: 'refund',
    mayStrike: !isGatewayKind(kind) && payment.refunded === 0n,
    reason:
      state !== 'settled'
        ? 'Your gateway has captured it already: a refund sends the money back the way it came, in 3–5 business days.'
        : isGatewayKind(kind)
          ? 'It has settled: a refund sends the money back the way it came, in 3–5 business days.'
          : 'It was received by hand, so it is given back by hand; Owed records it.',
  };
}
