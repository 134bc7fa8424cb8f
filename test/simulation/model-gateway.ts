import type {
  ChargeRequest,
  GatewayOutcome,
  MethodDetails,
  PaymentGateway,
  RefundOutcome,
  VoidOutcome,
} from '#features/payments/payment-gateway.ts';

import type { Random } from '#lib/random.ts';
import type { GatewayDispute } from './model-disputes.ts';
import { payoutDesk } from './model-payouts.ts';
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
  /** With which the bank sends it back, should it do so. */
  returnCode: string;
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

/**
 * How one call to the gateway goes. `late` calls wait until somebody lets them go on; the others that go
 * wrong tell the caller that nothing is known: with nothing done (refused for the moment, or lost on its way
 * there), all done, or done only after the caller has given up.
 */
export const goneWrong = {
  never_arrives: 'nothing',
  status_429: 'nothing',
  status_503: 'nothing',
  answer_lost: 'done',
  status_500_after: 'done',
  after_deadline: 'later',
} as const;
export type CallPlan = {
  charge: 'answers' | 'arrives_late' | 'answers_late' | keyof typeof goneWrong;
  lookup: 'answers' | 'fails' | 'answers_late';
  /** A debit must not leave: its account is barred. */
  isBarred?: boolean;
};

/** A call that is under way: the caller waits. Whoever drops it plays a process that died while it waited. */
export type Waiting = { paymentId: string; goOn: () => void };

/** One journey's sight of the gateway: what it was told is what it has to record. */
export type Line = PaymentGateway & {
  told: { id: string; outcome: Told }[];
  voids: { asked: number; refused: boolean };
  parked(): Promise<Waiting>;
};
export type Told = GatewayOutcome | RefundOutcome | VoidOutcome;

/** What every call of a line goes through. */
export type Wires = {
  /** Run the effect as the plan has it, and say what the caller is told. */
  send<Outcome extends Told>(id: string, effect: () => Outcome): Promise<Outcome | typeof lost>;
  ask<Outcome extends Told>(id: string, look: () => Outcome): Promise<Outcome | typeof lost>;
};
const lost = { outcome: 'unknown', reason: 'no answer' } as const;

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
    return { outcome: word, reference, returnCode: charge.returnCode, message: 'It came back' };
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
  const disputes = new Map<string, GatewayDispute>();
  const faults: string[] = [];
  /** Calls whose callers have given up, and that arrive all the same. */
  const inFlight: (() => void)[] = [];
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
    // `bank_account returnLate R02`: the token tells what becomes of a charge.
    const returnCode = request.source.token.split(' ')[2] ?? 'R01';
    const { paymentId, amount } = request;
    const kind = path.some((word) => word === 'submitted') ? 'bank_account' : 'card';
    const isStored = request.source.kind === 'one_time' && request.source.store && path[0] !== 'declined';
    const charge: Charge = { paymentId, amount, kind, isStored, path, returnCode, at: 0 };
    charges.set(paymentId, charge);
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
    const tell = <Outcome extends Told>(id: string, outcome: Outcome): Outcome => {
      self.told.push({ id, outcome });
      return outcome;
    };
    const wires: Wires = {
      async send(id, effect) {
        if (plan.charge === 'arrives_late') await wait(id);
        if (plan.charge in goneWrong) {
          const what = goneWrong[plan.charge as keyof typeof goneWrong];
          if (what === 'done') effect();
          if (what === 'later') inFlight.push(effect);
          return tell(id, lost);
        }
        const answer = effect();
        if (plan.charge === 'answers_late') await wait(id);
        return tell(id, answer);
      },
      async ask(id, look) {
        if (plan.lookup === 'fails') return tell(id, lost);
        const answer = look();
        if (plan.lookup === 'answers_late') await wait(id);
        return tell(id, answer);
      },
    };
    const self: Line = {
      told: [],
      voids: { asked: 0, refused: false },
      parked: () => next.promise,
      charge(request) {
        const count = countOf(request.paymentId);
        count.sent += 1;
        if (count.sent > 1 + count.absent)
          faults.push(`${request.paymentId} was sent again without having been absent`);
        if (plan.isBarred) faults.push(`${request.paymentId} debits an account that is barred`);
        return wires.send(request.paymentId, () => outcomeAt(book(request), 0));
      },
      lookup: ({ paymentId }) => wires.ask(paymentId, () => lookup(paymentId)),
      readWebhook: async () => undefined,
      refunds: desk.line(wires, (isRefused) => {
        self.voids.asked += 1;
        self.voids.refused ||= isRefused;
      }),
    };
    return self;
  }

  return {
    charges,
    refunds: desk.refunds,
    disputes,
    desk,
    payouts: payoutDesk({ charges, refunds: desk.refunds, disputes }),
    faults,
    line,
    /** Calls that nobody waits for any more reach the gateway. */
    land(): void {
      for (const arrive of inFlight.splice(0)) arrive();
    },
    /** Days pass there as well, and nobody is told. */
    moveOn(random: Random): void {
      for (const each of [...charges.values(), ...desk.refunds.values()])
        if (random.chance(0.4)) each.at = Math.min(each.path.length - 1, each.at + 1);
    },
    timesSent: (paymentId: string) => countOf(paymentId).sent,
  };
}
export type ModelGateway = ReturnType<typeof modelGateway>;
