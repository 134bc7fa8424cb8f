import type {
  ChargeRequest,
  GatewayOutcome,
  MethodDetails,
  PaymentGateway,
  RefundOutcome,
  VoidOutcome,
} from '#features/payments/payment-gateway.ts';

import { refundDesk } from './model-refunds.ts';

export type Word =
  | 'approved'
  | 'settling'
  | 'settled'
  | 'declined'
  | 'voided'
  | 'submitted'
  | 'accepted'
  | 'collected'
  | 'returned';
export type Known = Exclude<GatewayOutcome, { outcome: 'absent' }>;

/** What really happens to one charge: its states in order, and how far it has come. Nothing else is true. */
export type Charge = {
  paymentId: string;
  amount: bigint;
  kind: 'card' | 'bank_account';
  isStored: boolean;
  path: readonly Word[];
  at: number;
};

export const paths = {
  card: { approve: ['approved', 'settling', 'settled'], decline: ['declined'], void: ['approved', 'voided'] },
  bank_account: {
    settle: ['submitted', 'accepted', 'collected', 'settled'],
    decline: ['declined'],
    void: ['submitted', 'voided'],
    returnEarly: ['submitted', 'accepted', 'returned'],
    returnAtOnce: ['submitted', 'returned'],
    returnLate: ['submitted', 'accepted', 'collected', 'settled', 'returned'],
  },
} as const satisfies Record<string, Record<string, readonly Word[]>>;

/** How one call to the gateway goes. `late` calls wait until somebody lets them go on. */
export type CallPlan = {
  charge: 'answers' | 'never_arrives' | 'answer_lost' | 'arrives_late' | 'answers_late';
  lookup: 'answers' | 'fails' | 'answers_late';
};

/** A call that is under way: the caller waits. Whoever drops it plays a process that died while it waited. */
export type Waiting = { paymentId: string; goOn: () => void };

/** One journey's sight of the gateway: what it was told last is what it has to record. */
export type Line = PaymentGateway & { told: Told | undefined; parked(): Promise<Waiting> };
export type Told = GatewayOutcome | RefundOutcome | VoidOutcome;

const method = (kind: Charge['kind'], storedToken?: string): MethodDetails => ({
  kind,
  brand: kind === 'card' ? 'visa' : 'First Bank',
  last4: '4242',
  ...(storedToken ? { storedToken } : {}),
});

export function outcomeAt(charge: Charge, at: number): Known {
  const word = charge.path[at] as Word;
  const reference = `ch_${charge.paymentId}`;
  if (word === 'declined')
    return { outcome: word, reference, code: 'insufficient_funds', message: 'Insufficient funds.' };
  if (word === 'returned')
    return { outcome: word, reference, returnCode: 'R01', message: 'Insufficient funds' };
  if (word === 'voided') return { outcome: word, reference };
  return {
    outcome: word,
    reference,
    method: method(charge.kind, charge.isStored ? `sm_${charge.paymentId}` : undefined),
  };
}

/**
 * A gateway in memory that keeps its promise, one charge for a payment id, while its line is as bad as a
 * test wishes. What a caller must not do is noted in `faults`.
 */
export function modelGateway(fate: (request: ChargeRequest) => readonly Word[]) {
  const charges = new Map<string, Charge>();
  const faults: string[] = [];
  const desk = refundDesk(charges, faults);
  const asked = new Map<string, { sent: number; absent: number }>();
  const countOf = (paymentId: string) => {
    const count = asked.get(paymentId) ?? { sent: 0, absent: 0 };
    asked.set(paymentId, count);
    return count;
  };

  function book(request: ChargeRequest): Charge {
    const known = charges.get(request.paymentId);
    if (known) {
      if (known.amount !== request.amount)
        faults.push(`${request.paymentId} was sent again with another amount`);
      return known;
    }
    const path = fate(request);
    const kind = path.some((word) => word === 'submitted') ? 'bank_account' : 'card';
    const isStored = request.source.kind === 'one_time' && request.source.store && path[0] !== 'declined';
    const charge: Charge = {
      paymentId: request.paymentId,
      amount: request.amount,
      kind,
      isStored,
      path,
      at: 0,
    };
    charges.set(request.paymentId, charge);
    return charge;
  }

  function lookup(paymentId: string): GatewayOutcome {
    const charge = charges.get(paymentId);
    if (charge) return outcomeAt(charge, charge.at);
    countOf(paymentId).absent += 1;
    return { outcome: 'absent' };
  }

  function line(plan: CallPlan): Line {
    let next = Promise.withResolvers<Waiting>();
    const wait = (paymentId: string) =>
      new Promise<void>((goOn) => {
        const now = next;
        next = Promise.withResolvers<Waiting>();
        now.resolve({ paymentId, goOn });
      });
    const tell = <Outcome extends Told>(outcome: Outcome): Outcome => {
      self.told = outcome;
      return outcome;
    };
    const lost = { outcome: 'unknown', reason: 'no answer' } as const;
    const self: Line = {
      told: undefined,
      parked: () => next.promise,
      async charge(request) {
        const count = countOf(request.paymentId);
        count.sent += 1;
        if (count.sent > 1 + count.absent)
          faults.push(`${request.paymentId} was sent again without having been absent`);
        if (plan.charge === 'never_arrives') return tell(lost);
        if (plan.charge === 'arrives_late') await wait(request.paymentId);
        const charge = book(request);
        if (plan.charge === 'answer_lost') return tell(lost);
        const answer = outcomeAt(charge, 0);
        if (plan.charge === 'answers_late') await wait(request.paymentId);
        return tell(answer);
      },
      async lookup({ paymentId }) {
        if (plan.lookup === 'fails') return tell(lost);
        const answer = lookup(paymentId);
        if (plan.lookup === 'answers_late') await wait(paymentId);
        return tell(answer);
      },
      readWebhook: async () => undefined,
      refunds: desk.line(plan, { wait, tell }),
    };
    return self;
  }

  return {
    charges,
    refunds: desk.refunds,
    desk,
    faults,
    line,
    timesSent: (paymentId: string) => countOf(paymentId).sent,
  };
}
export type ModelGateway = ReturnType<typeof modelGateway>;
