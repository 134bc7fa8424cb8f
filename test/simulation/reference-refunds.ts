import type { GatewayDispute } from './model-disputes.ts';
import type { Charge } from './model-gateway.ts';
import type { GatewayRefund, RefundWord } from './model-refunds.ts';
import { isDisputed } from './reference-disputes.ts';
import { type ModelPayment, placeOf, stateOf, unappliedOf, type World } from './reference-model.ts';

export type ModelRefund = {
  key: string;
  payment: string;
  /** As it was asked for. */
  ask: RefundAct['ask'];
  amount: bigint;
  unapplied: bigint;
  lines: { invoice: number; amount: bigint }[];
  byHand: boolean;
  id: string;
  heard: number;
  heardDoubt: boolean;
  /** It was on its way to the gateway before its payment ended. */
  hasLeft: boolean;
  /** Its payment ended before it left. */
  isDropped: boolean;
};

export type RefundAct = {
  do: 'refund';
  key: string;
  payment: string;
  ask: {
    principal?: bigint;
    split?: { unapplied: bigint; lines: readonly { invoice: number; amount: bigint }[] };
  };
};
export type GiveBackVoid = { do: 'void payment'; payment: string };

type Refunds = ReadonlyMap<string, GatewayRefund>;
export type Gateway = {
  charges: ReadonlyMap<string, Charge>;
  refunds: Refunds;
  disputes: ReadonlyMap<string, GatewayDispute>;
};

export function stateOfRefund(refund: ModelRefund, refunds: Refunds): RefundWord | 'pending' | 'unknown' {
  if (refund.byHand) return 'settled';
  if (refund.isDropped) return 'failed';
  return refunds.get(refund.id)?.path[refund.heard] ?? (refund.heardDoubt ? 'unknown' : 'pending');
}

const standing = (world: World, refunds: Refunds, payment: string): ModelRefund[] =>
  world.refunds.filter((each) => each.payment === payment && stateOfRefund(each, refunds) !== 'failed');
const total = (parts: readonly { amount: bigint }[]): bigint =>
  parts.reduce((sum, { amount }) => sum + amount, 0n);

export type RefundFigures = { refunded: bigint; unappliedRefunded: bigint; booked: bigint; fromCash: bigint };
/** What stands against a payment, and how much of that is in the books. */
export function refundFigures(world: World, refunds: Refunds, payment: string): RefundFigures {
  const all = standing(world, refunds, payment);
  const booked = all.filter((each) => ['submitted', 'settled'].includes(stateOfRefund(each, refunds)));
  const cash = (list: readonly ModelRefund[]) => list.reduce((sum, { unapplied }) => sum + unapplied, 0n);
  return {
    refunded: total(all),
    unappliedRefunded: cash(all),
    booked: total(booked),
    fromCash: cash(booked),
  };
}

/** What refunds that have not failed took out of what a payment brought to one invoice. */
export const refundedOn = (
  world: World,
  { refunds }: Pick<Gateway, 'refunds'>,
  { key }: ModelPayment,
  at: number,
): bigint =>
  total(standing(world, refunds, key).flatMap(({ lines }) => lines.filter(({ invoice }) => invoice === at)));

export function heardOfRefund(refund: ModelRefund, outcome: string, known: GatewayRefund | undefined): void {
  if (refund.isDropped) return;
  if (outcome === 'unknown') {
    if (refund.heard < 0) refund.heardDoubt = true;
    return;
  }
  refund.heard = Math.max(refund.heard, known?.path.indexOf(outcome as RefundWord) ?? -1);
}

const told = ({ principal, split }: RefundAct['ask']): string =>
  [
    principal,
    split?.unapplied,
    ...(split?.lines ?? []).map(({ invoice, amount }) => `${invoice} ${amount}`).sort(),
  ].join();

/** What is left of a payment to give back: of its unapplied cash, and of each application. */
export function leftOf(
  world: World,
  { charges, refunds }: Pick<Gateway, 'charges' | 'refunds'>,
  payment: ModelPayment,
) {
  const given = standing(world, refunds, payment.key);
  return {
    unapplied: unappliedOf(payment, charges) - given.reduce((sum, each) => sum + each.unapplied, 0n),
    lines: payment.applications.map(({ invoice, amount }) => ({
      invoice,
      amount: amount - total(given.flatMap(({ lines }) => lines.filter((line) => line.invoice === invoice))),
    })),
  };
}

export function actRefund(world: World, gateway: Gateway, act: RefundAct): string {
  const earlier = world.refunds.find(({ key }) => key === act.key);
  if (earlier)
    return earlier.payment === act.payment && told(earlier.ask) === told(act.ask)
      ? 'again'
      : 'idempotency_key_reused';
  const payment = world.payments.find(({ key }) => key === act.payment) as ModelPayment;
  const { refunded } = refundFigures(world, gateway.refunds, act.payment);
  if (stateOf(payment, gateway.charges) !== 'settled' || refunded === payment.amount) return 'state_refused';
  // The payer's bank took it back already: a refund would pay it a second time.
  if (isDisputed(world, gateway, payment)) return 'state_refused';
  const left = leftOf(world, gateway, payment);
  const most = left.unapplied + total(left.lines);
  const { split } = act.ask;
  const principal = split ? split.unapplied + total(split.lines) : (act.ask.principal ?? most);
  if (principal <= 0n) return 'invalid_request';
  if (principal > most) return 'amount_too_large';
  if (split) {
    if (split.unapplied > left.unapplied) return 'amount_too_large';
    for (const { invoice, amount } of split.lines) {
      const line = left.lines.find((each) => each.invoice === invoice);
      if (!line) return 'not_found';
      if (amount > line.amount) return 'amount_too_large';
    }
  }
  const parts = split ?? greedy(left, principal);
  world.refunds.push({
    key: act.key,
    payment: act.payment,
    ask: act.ask,
    amount: principal,
    unapplied: parts.unapplied,
    lines: [...parts.lines],
    byHand: payment.way === 'hand',
    id: '',
    heard: -1,
    heardDoubt: false,
    hasLeft: false,
    isDropped: false,
  });
  return 'new';
}

function greedy(left: ReturnType<typeof leftOf>, principal: bigint) {
  let rest = principal;
  const take = (most: bigint): bigint => {
    const part = rest < most ? rest : most;
    rest -= part;
    return part;
  };
  const unapplied = take(left.unapplied);
  const lines = left.lines
    .map(({ invoice, amount }) => ({ invoice, amount: take(amount) }))
    .filter(({ amount }) => amount > 0n);
  return { unapplied, lines };
}

/** By hand it is void at once; otherwise only asked for, and the gateway decides. */
export function actVoidPayment(world: World, gateway: Gateway, act: GiveBackVoid): string {
  const payment = world.payments.find(({ key }) => key === act.payment) as ModelPayment;
  const state = stateOf(payment, gateway.charges);
  if (payment.way === 'hand') {
    if (payment.isVoid || refundFigures(world, gateway.refunds, payment.key).refunded > 0n)
      return 'state_refused';
    payment.isVoid = true;
    return 'new';
  }
  if (state !== (payment.way === 'card' ? 'approved' : 'submitted')) return 'state_refused';
  payment.voidWish = 'asked';
  return 'new';
}

export const stands = (payment: ModelPayment, charges: ReadonlyMap<string, Charge>): boolean =>
  placeOf(payment, charges) !== 'ended';
