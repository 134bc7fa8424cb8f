import type { BookedCharge } from './accounts.ts';
import type { Reason } from './charge-life.ts';
import { type Move, movesDone, statusAt } from './moves.ts';
import type { Behaviour } from './test-numbers.ts';

export type RefundStatus = 'submitted' | 'settled' | 'failed';

const day_ms = 86_400_000;
const taken_days = 2;

/** A refund leaves at once and is with the payer two days later, or is known not to have arrived. */
export const refundMoves = (from_ms: number, fails: boolean): Move<RefundStatus>[] => [
  { status: 'submitted', at_ms: from_ms },
  { status: fails ? 'failed' : 'settled', at_ms: from_ms + taken_days * day_ms },
];

export const refundFailure = (behaviour: Behaviour): Reason | undefined =>
  behaviour === 'refund_fails'
    ? { code: 'account_closed', message: 'The card was closed; the bank sent the refund back.' }
    : undefined;

/** What may still be given back of a settled charge at `now_ms`. */
export function leftOf(charge: BookedCharge, now_ms: number): number {
  const kept = charge.refunds.filter((refund) => statusAt(refund, now_ms) !== 'failed');
  return charge.amount - kept.reduce((total, refund) => total + refund.amount, 0);
}

/** Why a charge gives nothing back; undefined when it does. */
export function refundRefusal(charge: BookedCharge, amount: number, now_ms: number): Reason | undefined {
  const status = statusAt(charge, now_ms);
  if (status === 'declined' || status === 'voided' || status === 'returned')
    return { code: 'not_refundable', message: `The charge was ${status}: there is nothing to give back.` };
  if (status !== 'settled')
    return { code: 'too_early', message: 'The charge has not settled yet. Void it, or refund it later.' };
  const { dispute } = charge;
  if (dispute && movesDone(dispute.moves, now_ms) > 0 && statusAt(dispute, now_ms) !== 'won')
    return { code: 'disputed', message: 'The charge is disputed: its money went back that way.' };
  if (amount > leftOf(charge, now_ms))
    return { code: 'amount_too_large', message: 'This is more than is left of the charge.' };
  return undefined;
}
