import type { Charge, Known, Word } from './model-gateway.ts';
import { type Applying, actApply, actUnapply, type Unapplying } from './reference-applying.ts';
import { actCredit, type CreditAct, creditedOf, type ModelMemo } from './reference-credits.ts';
import { actDispute, type DisputeAct, type ModelDispute } from './reference-disputes.ts';
import { actLateFee, feesOwed, type LateFeeAct, type ModelLateFee } from './reference-late-fees.ts';
import { actRemoveMethod, type ModelMethod, mayDebit, type RemoveMethod } from './reference-methods.ts';
import {
  actRefund,
  actVoidPayment,
  type Gateway,
  type GiveBackVoid,
  type ModelRefund,
  type RefundAct,
} from './reference-refunds.ts';

/**
 * What the books must say, worked out again in plain arithmetic: it shares no rule, no SQL and no table of
 * moves with the code it judges. Each customer's world is small enough to be tried in every order.
 */
export type ModelInvoice = {
  total: bigint;
  customer: number;
  isVoid: boolean;
  fees: ModelLateFee[];
  /** The last day of its late fees that is done with. */
  lateOn: string | null;
};
export type ModelApplication = { invoice: number; amount: bigint };
export type ModelPayment = {
  key: string;
  customer: number;
  amount: bigint;
  /** As they were asked for, and as they stand. */
  asked: readonly ModelApplication[];
  applications: readonly ModelApplication[];
  /** `hand` is in the books at once; the others as the gateway's news says. */
  way: 'hand' | 'card' | 'bank_account';
  /** Of the world's stored accounts, and the day of its first submission. */
  method: number | undefined;
  submittedOn: string | undefined;
  askedOn: string;
  id: string;
  /** How far along the charge's path the books have heard; -1 before anything is known. */
  heard: number;
  heardDoubt: boolean;
  /** Recorded by hand, and taken back as a mistake. */
  isVoid: boolean;
  /** What has become of the last wish to void it. */
  voidWish: 'none' | 'asked' | 'refused';
  /** A debit of an account that was blocked before it left. */
  isDropped: boolean;
};
export type World = {
  invoices: ModelInvoice[];
  payments: ModelPayment[];
  refunds: ModelRefund[];
  memos: ModelMemo[];
  disputes: ModelDispute[];
  methods: ModelMethod[];
};

export type Pay = {
  do: 'pay' | 'charge';
  key: string;
  customer: number;
  amount: bigint;
  way: 'hand' | 'card' | 'bank_account';
  applications: readonly ModelApplication[];
  store: boolean;
  method?: number | undefined;
  /** The organization's day. */
  on: string;
};
export type Void = { do: 'void'; invoice: number };
export type Revise = { do: 'revise'; invoice: number; total: bigint };
export type Act =
  | Pay
  | Void
  | Revise
  | RefundAct
  | GiveBackVoid
  | CreditAct
  | Applying
  | Unapplying
  | DisputeAct
  | LateFeeAct
  | RemoveMethod;
/** `new`, `again`, or the code of the refusal. */
export type Result = string;

const posts: Record<'card' | 'bank_account', readonly Word[]> = {
  card: ['approved', 'settling', 'settled'],
  bank_account: ['settled'],
};
const ends: readonly Word[] = ['declined', 'voided', 'returned'];

export type Place = 'reserved' | 'applied' | 'ended';
export function placeOf(payment: ModelPayment, charges: ReadonlyMap<string, Charge>): Place {
  if (payment.way === 'hand') return payment.isVoid ? 'ended' : 'applied';
  if (payment.isDropped) return 'ended';
  const word = charges.get(payment.id)?.path[payment.heard];
  if (!word) return 'reserved';
  return posts[payment.way].includes(word) ? 'applied' : ends.includes(word) ? 'ended' : 'reserved';
}

export function stateOf(payment: ModelPayment, charges: ReadonlyMap<string, Charge>): string {
  if (payment.way === 'hand') return payment.isVoid ? 'voided' : 'settled';
  if (payment.isDropped) return 'declined';
  return charges.get(payment.id)?.path[payment.heard] ?? (payment.heardDoubt ? 'unknown' : 'pending');
}

/**
 * The books hear of a charge. Its path only goes forward, so whatever the order, the furthest news counts.
 */
export function hear(payment: ModelPayment, news: Known, charge: Charge | undefined): void {
  if (news.outcome === 'unknown') {
    if (payment.heard < 0) payment.heardDoubt = true;
    return;
  }
  payment.heard = Math.max(payment.heard, charge?.path.indexOf(news.outcome as Word) ?? -1);
}

export type InvoiceFigures = { applied: bigint; reserved: bigint; credited: bigint; due: bigint };
export function figuresOf(world: World, charges: ReadonlyMap<string, Charge>, at: number): InvoiceFigures {
  const credited = creditedOf(world, at);
  const invoice = world.invoices[at];
  const owed = invoice && !invoice.isVoid ? invoice.total + feesOwed(invoice) : 0n;
  const figures = { applied: 0n, reserved: 0n, credited, due: owed - credited };
  for (const payment of world.payments) {
    const place = placeOf(payment, charges);
    for (const { invoice, amount } of payment.applications) {
      if (invoice !== at || place === 'ended') continue;
      figures[place] += amount;
      if (place === 'applied') figures.due -= amount;
    }
  }
  return figures;
}

export const unappliedOf = (payment: ModelPayment, charges: ReadonlyMap<string, Charge>): bigint =>
  placeOf(payment, charges) === 'applied'
    ? payment.amount - payment.applications.reduce((sum, { amount }) => sum + amount, 0n)
    : 0n;

const same = (a: Pay, b: ModelPayment): boolean =>
  a.customer === b.customer &&
  a.amount === b.amount &&
  (a.way === 'hand') === (b.way === 'hand') &&
  a.applications.length === b.asked.length &&
  a.applications.every(({ invoice, amount }) =>
    b.asked.some((part) => part.invoice === invoice && part.amount === amount),
  );

function judge(world: World, charges: ReadonlyMap<string, Charge>, pay: Pay): Result {
  const earlier = world.payments.find(({ key }) => key === pay.key);
  if (earlier) return same(pay, earlier) ? 'again' : 'idempotency_key_reused';
  if (!mayDebit(world, charges, pay)) return 'state_refused';
  return judgeParts(world, charges, pay);
}

/** May these amounts of one customer be put against these invoices? */
export function judgeParts(
  world: World,
  charges: ReadonlyMap<string, Charge>,
  of: { customer: number; amount: bigint; applications: readonly ModelApplication[] },
): Result {
  let left = of.amount;
  const seen = new Set<number>();
  for (const { invoice: at, amount } of of.applications) {
    const invoice = world.invoices[at];
    if (!invoice || invoice.customer !== of.customer) return 'not_found';
    if (seen.has(at)) return 'invalid_request';
    seen.add(at);
    if (invoice.isVoid) return 'state_refused';
    const { due, reserved } = figuresOf(world, charges, at);
    if (amount > due - reserved) return 'amount_too_large';
    left -= amount;
  }
  return left < 0n ? 'amount_too_large' : 'new';
}

function revise(world: World, charges: ReadonlyMap<string, Charge>, what: Revise): Result {
  const invoice = world.invoices[what.invoice];
  if (invoice?.total === what.total) return 'again';
  const { applied, reserved, credited } = figuresOf(world, charges, what.invoice);
  if (!invoice || invoice.isVoid || what.total + feesOwed(invoice) < applied + reserved + credited)
    return 'refused';
  invoice.total = what.total;
  return 'new';
}

/** Do one act in this world; what is refused changes nothing. */
export function act(world: World, gateway: Gateway, what: Act): Result {
  const { charges } = gateway;
  switch (what.do) {
    case 'refund':
      return actRefund(world, gateway, what);
    case 'void payment':
      return actVoidPayment(world, gateway, what);
    case 'revise':
      return revise(world, charges, what);
    case 'void':
      return voidInvoice(world, charges, what);
    case 'apply':
      return actApply(world, gateway, what);
    case 'unapply':
      return actUnapply(world, gateway, what);
    case 'dispute':
      return actDispute(world, gateway, what);
    case 'remove method':
      return actRemoveMethod(world, charges, what);
    case 'waive fee':
    case 'remove fee':
      return actLateFee(world, charges, what);
    case 'pay':
    case 'charge':
      return pay(world, charges, what);
    default:
      return actCredit(world, charges, what);
  }
}

function voidInvoice(world: World, charges: ReadonlyMap<string, Charge>, what: Void): Result {
  const invoice = world.invoices[what.invoice];
  const { applied, reserved, credited } = figuresOf(world, charges, what.invoice);
  if (!invoice || invoice.isVoid || applied + reserved + credited > 0n) return 'state_refused';
  invoice.isVoid = true;
  return 'new';
}

function pay(world: World, charges: ReadonlyMap<string, Charge>, what: Pay): Result {
  const result = judge(world, charges, what);
  if (result !== 'new') return result;
  const { key, customer, amount, applications, way, method, on } = what;
  world.payments.push({
    ...{ key, customer, amount, asked: applications, applications, way, method, askedOn: on, id: '' },
    ...{ heard: -1, heardDoubt: false, isVoid: false, voidWish: 'none', isDropped: false },
    submittedOn: undefined,
  });
  return 'new';
}

function orders(count: number): number[][] {
  if (count === 0) return [[]];
  return orders(count - 1).flatMap((order) =>
    Array.from({ length: count }, (_, place) => [...order.slice(0, place), count - 1, ...order.slice(place)]),
  );
}

/** What the order of acts may leave different: totals, and which of two took what. */
const nameOf = ({ invoices, payments, refunds, memos }: World): string =>
  [
    ...invoices.map(({ total, fees }) => [total, ...fees.map(({ state }) => state)].join()),
    ...[...refunds, ...memos.map((memo) => ({ ...memo, lines: memo.applied, unapplied: memo.total }))]
      .map((each) => [each.key, each.unapplied, ...each.lines.map(partOf)].join())
      .sort(),
    ...payments.map((each) => [each.key, ...each.applications.map(partOf)].join()).sort(),
  ].join(' ');
const partOf = ({ invoice, amount }: ModelApplication): string => `${invoice}:${amount}`;

/**
 * Acts that were done at the same moment: the worlds after each order that gives the answers which were
 * really given. None: no order explains them. Several, where the last of two revisions wins: the rows tell
 * which it was.
 */
export function explain(
  world: World,
  gateway: Gateway,
  acts: readonly Act[],
  results: readonly Result[],
): World[] {
  const after = new Map<string, World>();
  for (const order of orders(acts.length)) {
    const tried = structuredClone(world);
    if (!order.every((at) => act(tried, gateway, acts[at] as Act) === results[at])) continue;
    after.set(nameOf(tried), tried);
  }
  return [...after.values()];
}
