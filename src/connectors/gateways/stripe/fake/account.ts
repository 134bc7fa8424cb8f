import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';
import type { Behaviour } from './test-methods.ts';

/**
 * Everything the fake keeps, as it is before anything is expanded. Stripe's own types say what it must have.
 */
export type Thing =
  | Stripe.PaymentIntent
  | Stripe.Charge
  | Stripe.BalanceTransaction
  | Stripe.Refund
  | Stripe.Dispute
  | Stripe.Payout
  | Stripe.Customer
  | Stripe.SetupIntent
  | Stripe.PaymentMethod
  | Stripe.ConfirmationToken
  | Stripe.File;
export type ThingName = Thing['object'];
export type Of<Name extends ThingName> = Extract<Thing, { object: Name }>;

export type Fault =
  | 'dropBeforeCommit'
  | 'dropAfterCommit'
  | 'errorAfterCommit'
  | 'unavailableOnce'
  | 'rateLimitedOnce'
  | 'slow';

export type Kept = { asked: string; at_ms: number; reply?: { status: number; text: string } };
export type SentEvent = { id: string; type: string; created: number; data: { object: unknown } };
export type Endpoint = {
  url: string;
  secret: string;
  events: readonly string[];
  twice?: boolean;
  backwards?: boolean;
};

/** One account at the fake, with a clock of its own. */
export type Account = {
  id: string;
  name: string;
  secretKey: string;
  publishableKey: string;
  /** What a restricted key may not do: `rak_payout_read` and the like. */
  denied: Set<string>;
  now_ms: number;
  things: Map<string, Thing>;
  tasks: { at_ms: number; run(): void }[];
  keys: Map<string, Kept>;
  behaviours: Map<string, Behaviour>;
  /** Methods that paid once without a customer: they never pay again. */
  spent: Set<string>;
  /** Which payout took a balance transaction along. */
  paidOutBy: Map<string, string>;
  faults: Fault[];
  events: SentEvent[];
  endpoint?: Endpoint;
};

export const day_s = 86_400;
export const now_s = (account: Account): number => Math.floor(account.now_ms / 1000);

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const newStripeId = (prefix: string): string =>
  `${prefix}_${[...randomBytes(24)].map((byte) => letters.charAt(byte % letters.length)).join('')}`;

export function newAccount(options: { start: Date; name?: string }): Account {
  const secret = randomBytes(16).toString('hex');
  return {
    id: newStripeId('acct'),
    name: options.name ?? 'Fake & Sons',
    secretKey: `sk_test_${secret}`,
    publishableKey: `pk_test_${randomBytes(16).toString('hex')}`,
    denied: new Set(),
    now_ms: options.start.getTime(),
    things: new Map(),
    tasks: [],
    keys: new Map(),
    behaviours: new Map(),
    spent: new Set(),
    paidOutBy: new Map(),
    faults: [],
    events: [],
  };
}

export function later(account: Account, seconds: number, run: () => void): void {
  account.tasks.push({ at_ms: account.now_ms + seconds * 1000, run });
}

/** Lets time pass: what falls due happens on its day, in order. */
export function passTo(account: Account, at: Date): void {
  const until_ms = at.getTime();
  for (;;) {
    account.tasks.sort((a, b) => a.at_ms - b.at_ms);
    const [next] = account.tasks;
    if (!next || next.at_ms > until_ms) break;
    account.tasks.shift();
    account.now_ms = Math.max(account.now_ms, next.at_ms);
    next.run();
  }
  account.now_ms = Math.max(account.now_ms, until_ms);
}

const isA = <Name extends ThingName>(thing: Thing | undefined, name: Name): thing is Of<Name> =>
  thing?.object === name;

export function find<Name extends ThingName>(account: Account, name: Name, id: string): Of<Name> | undefined {
  const thing = account.things.get(id);
  return isA(thing, name) ? thing : undefined;
}

/** Of one kind, newest first, as Stripe lists them. */
export const allOf = <Name extends ThingName>(account: Account, name: Name): Of<Name>[] =>
  [...account.things.values()].filter((thing): thing is Of<Name> => isA(thing, name)).reverse();

export function keep<T extends Thing>(account: Account, thing: T): T {
  account.things.set(thing.id, thing);
  return thing;
}
