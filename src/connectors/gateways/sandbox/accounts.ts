import { type ChargeStatus, type Move, movesDone, movesOf, type Reason } from './charge-life.ts';
import type { Fault } from './faults.ts';
import type { Instrument } from './read-instrument.ts';

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
  storedToken?: string;
  decline?: Reason;
};

/** One fact: what the journal holds, and the only way the memory below changes. `a` is the account. */
export type Fact =
  | { k: 'token'; a: string; token: string; instrument: Instrument; expires_ms: number }
  | { k: 'charge'; a: string; charge: Charge; usedToken?: string; clock?: Clock }
  | { k: 'method'; a: string; token: string; methodId?: string; instrument: Instrument; usedToken?: string }
  | { k: 'removed'; a: string; token: string }
  | { k: 'looked_up'; a: string; paymentId: string }
  | { k: 'endpoint'; a: string; url: string; webhookSecret: string }
  | { k: 'clock'; a: string; clock: Clock };

export type OneTimeToken = { instrument: Instrument; expires_ms: number; used: boolean };
export type StoredMethod = { token: string; instrument: Instrument; removed: boolean };
export type BookedCharge = Charge & {
  place: number;
  moves: readonly Move[];
  /** Moves that were told of by webhook. The first one is told by whoever made the charge. */
  announced: number;
  /** Lookups that will still be told "processing". */
  hiddenLookups: number;
};

/** The furthest instant a request has named, and the machine's own time when it did. */
type Clock = { named_ms: number; heard_ms: number };

export type Account = {
  key: string;
  clock?: Clock;
  tokens: Map<string, OneTimeToken>;
  methods: Map<string, StoredMethod>;
  methodsById: Map<string, StoredMethod>;
  charges: Map<string, BookedCharge>;
  list: BookedCharge[];
  moving: Set<BookedCharge>;
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

function applyFact(account: Account, fact: Fact): void {
  if ('usedToken' in fact && fact.usedToken !== undefined) {
    const token = account.tokens.get(fact.usedToken);
    if (token) token.used = true;
  }
  switch (fact.k) {
    case 'token':
      account.tokens.set(fact.token, {
        instrument: fact.instrument,
        expires_ms: fact.expires_ms,
        used: false,
      });
      return;
    case 'charge':
      bookCharge(account, fact.charge);
      if (fact.clock) account.clock = fact.clock;
      return;
    case 'method': {
      const method = { token: fact.token, instrument: fact.instrument, removed: false };
      account.methods.set(fact.token, method);
      if (fact.methodId !== undefined) account.methodsById.set(fact.methodId, method);
      return;
    }
    case 'removed': {
      const method = account.methods.get(fact.token);
      if (method) method.removed = true;
      return;
    }
    case 'looked_up': {
      const charge = account.charges.get(fact.paymentId);
      if (charge) charge.hiddenLookups -= 1;
      return;
    }
    case 'endpoint':
      account.endpoint = { url: fact.url, webhookSecret: fact.webhookSecret };
      return;
    case 'clock':
      account.clock = fact.clock;
  }
}

function bookCharge(account: Account, charge: Charge): void {
  const moves = movesOf(charge.instrument, charge.decline !== undefined, charge.created_ms);
  const hidden = charge.instrument?.behaviour === 'unknown_until_looked_up_twice' && !charge.decline;
  const booked: BookedCharge = {
    ...charge,
    place: account.list.length,
    moves,
    announced: 1,
    hiddenLookups: hidden ? 2 : 0,
  };
  account.charges.set(charge.paymentId, booked);
  account.list.push(booked);
  const coming = moves[1];
  if (!coming) return;
  account.moving.add(booked);
  account.nextMove_ms = Math.min(account.nextMove_ms, coming.at_ms);
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

export type Announcement = { charge: BookedCharge; status: ChargeStatus; at_ms: number };

/** The moves that have happened by `now_ms` and that nobody was told of yet, in order of time. */
export function takeMoves(account: Account, now_ms: number): Announcement[] {
  if (now_ms < account.nextMove_ms) return [];
  const news: Announcement[] = [];
  let next_ms = Number.POSITIVE_INFINITY;
  for (const charge of account.moving) {
    const done = Math.max(charge.announced, movesDone(charge.moves, now_ms));
    for (const move of charge.moves.slice(charge.announced, done)) news.push({ charge, ...move });
    charge.announced = done;
    const coming = charge.moves[charge.announced];
    if (coming) next_ms = Math.min(next_ms, coming.at_ms);
    else account.moving.delete(charge);
  }
  account.nextMove_ms = next_ms;
  return news.sort((a, b) => a.at_ms - b.at_ms);
}
