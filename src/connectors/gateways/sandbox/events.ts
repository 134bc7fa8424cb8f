import type { Mover, News } from './moves.ts';

/** What a webhook tells of a move: whose it is and where it stands, never an amount. */
export function eventOf({ mover, status }: Pick<News, 'mover' | 'status'>, created: Date): object {
  return {
    // The same move always has the same id, so that a receiver can drop what it has seen.
    id: `evt_${mover.id}_${status}`,
    type: `${mover.object}.${status}`,
    created: created.toISOString(),
    data: { ...subjectOf(mover), status },
  };
}

function subjectOf(mover: Mover): object {
  switch (mover.object) {
    case 'charge':
      return { charge_id: mover.id, payment_id: mover.paymentId };
    case 'refund':
      return { refund_id: mover.refundId, payment_id: mover.paymentId };
    case 'dispute':
      return { dispute_id: mover.id, payment_id: mover.charge.paymentId };
    case 'payout':
      return { payout_id: mover.id };
  }
}
