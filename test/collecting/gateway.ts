import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  ChargeRequest,
  DeclineCode,
  GatewayOutcome,
  MethodDetails,
  PaymentGateway,
} from '#features/payments/payment-gateway.ts';
import { type Random, seeded } from '#lib/random.ts';

type Word = Exclude<GatewayOutcome['outcome'], 'absent' | 'unknown'>;

/** What really becomes of a charge, a word a day, whoever is told of it. */
export type Fate = { path: readonly Word[]; decline?: DeclineCode; returnCode?: string };

/** A charge as the gateway has it in its own books. */
export type Booked = {
  paymentId: string;
  token: string;
  amount: bigint;
  fate: Fate;
  at: number;
  /** The organization's now when it was asked for. */
  on: Date;
};

/** Every call that reached the gateway or was on its way, whatever came of it. */
export type Call = { paymentId: string; token: string; amount: bigint; at: Date };

/** What a bank or a card company knows of a stored token. */
export type Account = { details: MethodDetails; lastDay: string | null };

const lost = { outcome: 'unknown', reason: 'no answer' } as const;
const cardDeclines = [
  ...['insufficient_funds', 'insufficient_funds', 'do_not_honor', 'gateway_error'],
  ...['lost_or_stolen', 'limit_exceeded'],
] as readonly DeclineCode[];
const returnCodes = ['R01', 'R01', 'R01', 'R09', 'R02', 'R07', 'R10'] as const;

function drawFate(random: Random, kind: MethodDetails['kind'], isGood: boolean): Fate {
  if (kind === 'card') {
    if (isGood || random.chance(0.6)) return { path: ['approved', 'settling', 'settled'] };
    return { path: ['declined'], decline: random.pick(cardDeclines) };
  }
  const good = ['submitted', 'accepted', 'collected', 'settled'] as const;
  if (isGood || random.chance(0.55)) return { path: good };
  if (random.chance(0.2)) return { path: ['declined'], decline: 'bad_account' };
  const early = random.chance(0.7);
  return {
    path: early ? ['submitted', 'accepted', 'returned'] : [...good, 'returned'],
    returnCode: random.pick(returnCodes),
  };
}

const numberOf = (text: string): number => {
  let sum = 7;
  for (const each of text) sum = Math.imul(sum, 31) + each.charCodeAt(0);
  return sum >>> 0;
};

/**
 * A gateway with books of its own that keeps its promise, one charge for a payment id, on a line that is
 * bad: calls that never arrive, answers that are lost once it is done, calls that arrive after their caller
 * has given up, slow ones. What a caller must not do is noted in `faults`.
 */
export function fakeGateway(seed: number, today: () => string) {
  const accounts = new Map<string, Account>();
  const charges = new Map<string, Booked>();
  const calls: Call[] = [];
  const faults: string[] = [];
  const inFlight: (() => void)[] = [];
  const turns = new Map<string, number>();
  const gone = new Map<string, { sent: number; absent: number }>();
  const line = { isGood: false };

  /** Chances of the nth of its kind for a token: the same on a replay, however calls race. */
  const chancesOf = (what: string): Random => {
    const turn = turns.get(what) ?? 0;
    turns.set(what, turn + 1);
    return seeded(numberOf(`${seed} ${what} ${turn}`));
  };
  const countOf = (paymentId: string) => {
    const count = gone.get(paymentId) ?? { sent: 0, absent: 0 };
    gone.set(paymentId, count);
    return count;
  };

  function book(request: ChargeRequest): Booked {
    const { paymentId, amount, source } = request;
    const known = charges.get(paymentId);
    if (known) {
      if (known.amount !== amount) faults.push(`${paymentId} was sent again over ${amount}`);
      return known;
    }
    const account = accounts.get(source.token);
    const fate: Fate = !account
      ? { path: ['declined'], decline: 'method_gone' }
      : account.lastDay !== null && account.lastDay < today()
        ? { path: ['declined'], decline: 'expired_card' }
        : drawFate(chancesOf(`fate ${source.token}`), account.details.kind, line.isGood);
    const booked: Booked = { paymentId, token: source.token, amount, fate, at: 0, on: request.at };
    charges.set(paymentId, booked);
    return booked;
  }

  const detailsOf = (token: string): MethodDetails =>
    accounts.get(token)?.details ?? { kind: 'card', brand: 'visa', last4: '0000' };

  function wordOf(charge: Booked): GatewayOutcome {
    const outcome = charge.fate.path[charge.at] as Word;
    const reference = `ch_${charge.paymentId}`;
    const message = 'So says the bank';
    if (outcome === 'declined')
      return { outcome, reference, code: charge.fate.decline ?? 'declined', message };
    if (outcome === 'returned')
      return { outcome, reference, returnCode: charge.fate.returnCode ?? 'R01', message };
    if (outcome === 'voided') return { outcome, reference };
    return { outcome, reference, method: detailsOf(charge.token) };
  }

  async function slowly(random: Random): Promise<void> {
    for (let turn = random.int(0, 6); turn > 0; turn -= 1) await nextTurn();
  }

  const port: PaymentGateway = {
    async charge(request) {
      const { paymentId, amount, source } = request;
      const count = countOf(paymentId);
      count.sent += 1;
      if (count.sent > 1 + count.absent) faults.push(`${paymentId} was sent again without being absent`);
      calls.push({ paymentId, amount, token: source.token, at: request.at });
      const random = chancesOf(`call ${source.token}`);
      await slowly(random);
      const chance = line.isGood ? 1 : random.next();
      if (chance < 0.06) return lost;
      if (chance < 0.12) {
        inFlight.push(() => book(request));
        return lost;
      }
      const charge = book(request);
      if (chance < 0.2) return lost;
      const answer = wordOf(charge);
      await slowly(random);
      return answer;
    },
    async lookup({ paymentId }) {
      const random = chancesOf('lookup');
      await slowly(random);
      if (!line.isGood && random.chance(0.1)) return lost;
      const charge = charges.get(paymentId);
      if (charge) return wordOf(charge);
      countOf(paymentId).absent += 1;
      return { outcome: 'absent' };
    },
    readWebhook: async () => undefined,
    methods: {
      store: async () => {
        throw new Error('nobody stores a method in this world by the gateway');
      },
      remove: async () => undefined,
    },
  };

  return {
    ...{ accounts, charges, calls, faults, port, line },
    factsOf(token: string): { details: MethodDetails; funding: string | undefined } {
      const details = detailsOf(token);
      return { details, funding: details.funding };
    },
    /** Calls that nobody waits for any more arrive. */
    land(): void {
      for (const arrive of inFlight.splice(0)) arrive();
    },
    /** A day passes at the banks, and nobody is told. */
    moveOn(): void {
      for (const each of charges.values()) each.at = Math.min(each.fate.path.length - 1, each.at + 1);
    },
    stateOf: (paymentId: string): Word | undefined => {
      const charge = charges.get(paymentId);
      return charge?.fate.path[charge.at];
    },
  };
}
export type FakeGateway = ReturnType<typeof fakeGateway>;
