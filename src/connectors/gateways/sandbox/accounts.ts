import type { ChargeStatus, Reason } from './charge-life.ts';
import type { DisputeStatus } from './dispute-life.ts';
import { applyFact, type Clock, type Fact } from './facts.ts';
import type { Fault } from './faults.ts';
import type { Mover, Moving } from './moves.ts';
import type { BalanceLine } from './payout-lines.ts';
import type { Payout } from './payouts.ts';
import type { Instrument } from './read-instrument.ts';
import type { RefundStatus } from './refund-life.ts';

export type Charge = {
  id: string;
  paymentId: string;
  amount: number;
  currency: string;
  description: string;
  customerId: string;
  created_ms: number;
  /** Of the request's body: the same key with another body is refused. */
  fingerprint: string;
  instrument?: Instrument;
  /** The token the payer asked to be made while paying. */
  storedToken?: string;
  /** The token it was charged from, where a notice of the bank may correct it. */
  fromToken?: string;
  decline?: Reason;
};

export type Refund = {
  id: string;
  refundId: string;
  paymentId: string;
  amount: number;
  currency: string;
  created_ms: number;
  fingerprint: string;
};

export type OneTimeToken = { instrument: Instrument; expires_ms: number; used: boolean };
export type StoredMethod = {
  token: string;
  instrument: Instrument;
  removed: boolean;
  /** What a bank's notice of change makes of it, and when the notice comes. */
  correction?: { instrument: Instrument; from_ms: number };
};
export type BookedCharge = Charge &
  Moving<ChargeStatus> & {
    object: 'charge';
    place: number;
    /** Lookups that will still be told "processing". */
    hiddenLookups: number;
    refunds: BookedRefund[];
    dispute?: BookedDispute;
    lines: readonly BalanceLine[];
  };
export type BookedRefund = Refund & Moving<RefundStatus> & { object: 'refund'; failure?: Reason };
export type BookedDispute = Moving<DisputeStatus> & {
  object: 'dispute';
  id: string;
  charge: BookedCharge;
  amount: number;
  due_ms: number;
  /** Of the evidence that was sent. */
  fingerprint?: string;
};

export type Account = {
  key: string;
  clock?: Clock;
  tokens: Map<string, OneTimeToken>;
  methods: Map<string, StoredMethod>;
  methodsById: Map<string, StoredMethod>;
  charges: Map<string, BookedCharge>;
  list: BookedCharge[];
  refunds: Map<string, BookedRefund>;
  disputes: Map<string, BookedDispute>;
  payouts: Map<string, Payout>;
  moving: Set<Mover>;
  /** Nothing moves before this instant. */
  nextMove_ms: number;
  endpoint?: { url: string; webhookSecret: string };
  faults: Fault[];
};

export type Accounts = {
  /** The account of this key, made now if need be; undefined when there are too many that hold something. */
  room(key: string): Account | undefined;
  apply(fact: Fact): void;
  all(): Iterable<Account>;
};

const accounts_max = 20_000;
const isEmpty = ({ list, tokens, methods, endpoint, faults }: Account): boolean =>
  list.length + tokens.size + methods.size + faults.length === 0 && endpoint === undefined;

/** The memory of the gateway. Facts of today and facts read back after a crash come in by the same door. */
export function newAccounts(): Accounts {
  const accounts = new Map<string, Account>();
  const of = (key: string): Account => {
    const known = accounts.get(key);
    if (known) return known;
    const account: Account = {
      key,
      tokens: new Map(),
      methods: new Map(),
      methodsById: new Map(),
      charges: new Map(),
      list: [],
      refunds: new Map(),
      disputes: new Map(),
      payouts: new Map(),
      moving: new Set(),
      nextMove_ms: Number.POSITIVE_INFINITY,
      faults: [],
    };
    accounts.set(key, account);
    return account;
  };
  const room = (key: string): Account | undefined => {
    if (accounts.has(key) || accounts.size < accounts_max) return of(key);
    for (const account of accounts.values()) if (isEmpty(account)) accounts.delete(account.key);
    return accounts.size < accounts_max ? of(key) : undefined;
  };
  return { room, apply: (fact) => applyFact(of(fact.a), fact), all: () => accounts.values() };
}

/**
 * The account's now. Requests that name an instant move it forward, never back; between them it runs as the
 * machine's does. An account that never named one lives in real time.
 */
export function accountNow(account: Account, named_ms: number | undefined, real_ms: number): number {
  if (named_ms === undefined) {
    return account.clock ? account.clock.named_ms + Math.max(0, real_ms - account.clock.heard_ms) : real_ms;
  }
  const latest_ms = Math.max(account.clock?.named_ms ?? named_ms, named_ms);
  account.clock = { named_ms: latest_ms, heard_ms: real_ms };
  return latest_ms;
}
