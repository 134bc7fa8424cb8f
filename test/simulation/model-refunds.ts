import type {
  GatewayRefunds,
  RefundOutcome,
  RefundRequest,
  VoidOutcome,
} from '#features/payments/payment-gateway.ts';
import type { Charge, Wires } from './model-gateway.ts';

export type RefundWord = 'submitted' | 'settled' | 'failed';

/** What really happens to one refund: its states in order, and how far it has come. */
export type GatewayRefund = {
  refundId: string;
  paymentId: string;
  amount: bigint;
  path: readonly RefundWord[];
  at: number;
};

/** Hangs on the amount alone, so that it is the same whichever job sends it, and on every replay. */
export function pathOfRefund(amount: bigint): readonly RefundWord[] {
  switch (amount % 9n) {
    case 4n:
      return ['failed'];
    case 5n:
      return ['submitted', 'failed'];
    case 6n:
      return ['submitted', 'settled', 'failed'];
    case 7n:
      return ['settled'];
    default:
      return ['submitted', 'settled'];
  }
}

export function refundOutcomeAt(
  refund: GatewayRefund,
  at: number,
): Exclude<RefundOutcome, { outcome: 'absent' }> {
  const outcome = refund.path[at] as RefundWord;
  const reference = `re_${refund.refundId}`;
  return outcome === 'failed'
    ? { outcome, reference, code: 'account_closed', message: 'The account is closed.' }
    : { outcome, reference };
}

export const wordOf = (charge: Charge | undefined) => charge?.path[charge.at];

/** The gateway's own books of what went back: it refunds no more than it took, and knows each id once. */
export function refundDesk(charges: ReadonlyMap<string, Charge>, faults: string[]) {
  const refunds = new Map<string, GatewayRefund>();
  const asked = new Map<string, { sent: number; absent: number }>();
  const countOf = (refundId: string) => {
    const count = asked.get(refundId) ?? { sent: 0, absent: 0 };
    asked.set(refundId, count);
    return count;
  };

  function book(request: RefundRequest): GatewayRefund {
    const known = refunds.get(request.refundId);
    if (known) {
      if (known.amount !== request.amount)
        faults.push(`${request.refundId} was sent again with another amount`);
      return known;
    }
    const charge = charges.get(request.paymentId);
    const word = wordOf(charge);
    if (word !== 'settled' && word !== 'returned')
      faults.push(`${request.refundId} is of a payment that is ${word}`);
    const given = [...refunds.values()]
      .filter((each) => each.paymentId === request.paymentId && each.path.at(each.at) !== 'failed')
      .reduce((sum, { amount }) => sum + amount, request.amount);
    if (given > (charge?.amount ?? 0n)) faults.push(`${request.refundId} gives back more than was charged`);
    const refund: GatewayRefund = {
      refundId: request.refundId,
      paymentId: request.paymentId,
      amount: request.amount,
      path: word === 'returned' ? ['failed'] : pathOfRefund(request.amount),
      at: 0,
    };
    refunds.set(request.refundId, refund);
    return refund;
  }

  /** Only what has not left for settlement; its way ends here then. */
  function voidCharge(paymentId: string): VoidOutcome {
    const charge = charges.get(paymentId);
    const word = wordOf(charge);
    const reference = `ch_${paymentId}`;
    if (charge && (word === 'approved' || (word === 'submitted' && charge.kind === 'bank_account'))) {
      charge.path = [...charge.path.slice(0, charge.at + 1), 'voided'];
      charge.at += 1;
    } else if (word !== 'voided')
      return { outcome: 'refused', code: 'not_voidable', message: `It is ${word}.` };
    return { outcome: 'voided', reference };
  }

  /** As one journey reaches it: over its own good or bad line. */
  function line(wires: Wires, onVoid: (isRefused: boolean) => void): GatewayRefunds {
    return {
      refund(request) {
        const count = countOf(request.refundId);
        count.sent += 1;
        if (count.sent > 1 + count.absent)
          faults.push(`${request.refundId} was sent again without having been absent`);
        return wires.send(request.refundId, () => refundOutcomeAt(book(request), 0));
      },
      lookup: ({ refundId }) =>
        wires.ask<RefundOutcome>(refundId, () => {
          const known = refunds.get(refundId);
          if (!known) countOf(refundId).absent += 1;
          return known ? refundOutcomeAt(known, known.at) : { outcome: 'absent' };
        }),
      async void({ paymentId }) {
        const said = await wires.send<VoidOutcome>(paymentId, () => voidCharge(paymentId));
        onVoid(said.outcome === 'refused');
        return said;
      },
    };
  }

  return { refunds, line, timesSent: (refundId: string) => countOf(refundId).sent };
}
