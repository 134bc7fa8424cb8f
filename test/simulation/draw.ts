import type { ChargeRequest } from '#features/payments/payment-gateway.ts';
import type { Random } from '#lib/random.ts';
import { type CallPlan, type Charge, goneWrong, paths, type Word } from './model-gateway.ts';
import { feesOwed } from './reference-late-fees.ts';
import {
  figuresOf,
  type ModelApplication,
  type ModelInvoice,
  type ModelPayment,
  type Pay,
  type Revise,
  stateOf,
  type Void,
  type World,
} from './reference-model.ts';
import { type Gateway, type GiveBackVoid, type RefundAct, refundFigures } from './reference-refunds.ts';

export const customersOfWorld = 2;
export const invoicesAtStart = 4;

export const totals = [1n, 100n, 999n, 12_345n, 1_000_000n, 9_000_000_000n] as const;

/**
 * A payment as people make them: mostly right, sometimes too much, twice, for others' invoices or with an
 * old key.
 */
export function drawPay(
  world: World,
  charges: ReadonlyMap<string, Charge>,
  random: Random,
  { key, on }: { key: string; on: string },
): Pay {
  const moved = world.payments.filter(({ asked, applications }) => asked !== applications);
  const earlier = moved.length > 0 && random.chance(0.5) ? moved : world.payments;
  const old = random.chance(0.15) && earlier.length > 0 ? random.pick(earlier) : undefined;
  if (old && random.chance(0.6)) {
    const { way, amount, customer, method, asked: applications } = old;
    const what = way === 'hand' ? 'pay' : 'charge';
    return { do: what, key: old.key, customer, amount, way, method, on, applications, store: false };
  }
  const customer = random.int(0, customersOfWorld - 1);
  const own = world.invoices.flatMap((invoice, at) =>
    invoice.customer === customer || random.chance(0.03) ? [at] : [],
  );
  const applications = drawParts(world, charges, random, own);
  const first = applications[0];
  if (first && random.chance(0.03)) applications.push(first);
  const applied = applications.reduce((sum, { amount }) => sum + amount, 0n);
  const over = random.chance(0.25) ? BigInt(random.int(1, 500)) : random.chance(0.05) ? -1n : 0n;
  const amount = applied + over > 0n ? applied + over : 1n;
  const way = random.pick(['hand', 'card', 'card', 'bank_account', 'bank_account'] as const);
  const stored = world.methods.flatMap((method, at) => (method.customer === customer ? [at] : []));
  return {
    do: way === 'hand' ? 'pay' : 'charge',
    key: old?.key ?? key,
    customer,
    amount,
    way,
    applications: shuffled(applications, random),
    store: random.chance(0.3),
    method: way === 'bank_account' && random.chance(0.6) ? random.pick(stored) : undefined,
    on,
  };
}

/** Amounts for some of these invoices: what is payable, about. */
export function drawParts(
  world: World,
  charges: ReadonlyMap<string, Charge>,
  random: Random,
  own: readonly number[],
): ModelApplication[] {
  return own.flatMap((invoice) => {
    if (!random.chance(0.5)) return [];
    const { due, reserved } = figuresOf(world, charges, invoice);
    // Some pay what they bought, and leave the late fees.
    const fees = feesOwed(world.invoices[invoice] as ModelInvoice);
    const isWithout = fees > 0n && random.chance(0.25);
    const amount = isWithout ? due - reserved - fees : amountNear(due - reserved, random);
    return amount > 0n ? [{ invoice, amount }] : [];
  });
}

/** All of it mostly; else a part, or one unit too many. */
export function amountNear(payable: bigint, random: Random): bigint {
  const chance = random.next();
  if (payable <= 0n) return chance < 0.2 ? 1n : 0n;
  if (chance < 0.55) return payable;
  if (chance < 0.9) return (payable * BigInt(random.int(1, 99))) / 100n;
  return payable + 1n;
}

export function drawVoid(world: World, random: Random): Void {
  // One that stands on credit alone as well: it must stay.
  const credited = world.memos.flatMap(({ applied }) => applied.map(({ invoice }) => invoice));
  const isOf = credited.length > 0 && random.chance(0.5);
  return { do: 'void', invoice: isOf ? random.pick(credited) : random.int(0, world.invoices.length - 1) };
}

/** To another total: any, or just what is paid and under way, or a unit less. */
export function drawRevision(world: World, charges: ReadonlyMap<string, Charge>, random: Random): Revise {
  const invoice = random.int(0, world.invoices.length - 1);
  const { applied, reserved } = figuresOf(world, charges, invoice);
  const against = applied + reserved;
  const near = [
    against,
    against + 1n,
    against > 0n ? against - 1n : 0n,
    world.invoices[invoice]?.total ?? 0n,
  ];
  return { do: 'revise', invoice, total: random.pick(random.chance(0.5) ? totals : near) };
}

const badPlans = [
  ...(Object.keys(goneWrong) as (keyof typeof goneWrong)[]),
  'arrives_late',
  'arrives_late',
  'answers_late',
  'answers_late',
] as const;

export function drawPlan(random: Random): CallPlan {
  const chance = random.next();
  const bad = random.pick(badPlans);
  const second = random.next();
  return {
    charge: chance < 0.45 ? 'answers' : bad,
    lookup: second < 0.7 ? 'answers' : second < 0.85 ? 'fails' : 'answers_late',
  };
}

/** The fate of a charge hangs on its payment alone: the same whichever job sends it, and on every replay. */
export function drawFate(request: ChargeRequest): readonly Word[] {
  // The token is the fate's name: `card decline`.
  const [kind = 'card', fate = 'approve'] = request.source.token.split(' ') as [
    'card' | 'bank_account',
    string,
  ];
  return (paths[kind] as Record<string, readonly Word[]>)[fate] ?? paths.card.approve;
}

const cardFates = ['approve', 'approve', 'approve', 'decline', 'void'] as const;
const debitFates = [
  ...['settle', 'settle', 'decline', 'void', 'returnEarly', 'returnAtOnce', 'returnLate', 'returnLate'],
] as const;
// Mostly want of money, which may be tried again; the others end the account, also one that no rule knows.
const codes = ['R01', 'R01', 'R01', 'R09', 'R02', 'R10', 'R99'] as const;

export function drawToken(way: 'card' | 'bank_account', random: Random, isStored: boolean): string {
  if (way === 'card') return `card ${random.pick(cardFates)}`;
  const isBad = isStored && random.chance(0.4);
  const fate = isBad ? random.pick(['returnEarly', 'returnAtOnce', 'returnLate']) : random.pick(debitFates);
  return `bank_account ${fate} ${random.pick(codes)}`;
}

export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const list = [...items];
  for (let at = list.length - 1; at > 0; at -= 1) {
    const other = random.int(0, at);
    [list[at], list[other]] = [list[other] as T, list[at] as T];
  }
  return list;
}

/** A refund as people ask for one: all, a part, a unit too many, a split of their own, or an old key again. */
export function drawRefund(
  world: World,
  gateway: Gateway,
  random: Random,
  key: string,
): RefundAct | undefined {
  const old = random.chance(0.15) && world.refunds.length > 0 ? random.pick(world.refunds) : undefined;
  if (old && random.chance(0.6)) return { do: 'refund', key: old.key, payment: old.payment, ask: old.ask };
  const settled = world.payments.filter((each) => stateOf(each, gateway.charges) === 'settled');
  if (settled.length === 0 && random.chance(0.8)) return undefined;
  const debits = settled.filter(({ way }) => way === 'bank_account');
  const often = debits.length > 0 && random.chance(0.5) ? debits : settled;
  const from = often.length > 0 && random.chance(0.9) ? often : world.payments;
  if (from.length === 0) return undefined;
  const payment = random.pick(from);
  const { refunded } = refundFigures(world, gateway.refunds, payment.key);
  return {
    do: 'refund',
    key: old?.key ?? `r${key}`,
    payment: payment.key,
    ask: drawAsk(payment, payment.amount - refunded, random),
  };
}

function drawAsk(payment: ModelPayment, left: bigint, random: Random): RefundAct['ask'] {
  const chance = random.next();
  if (chance < 0.3) return {};
  if (chance < 0.75 || payment.applications.length === 0) {
    const principal = amountNear(left, random);
    return { principal: principal > 0n ? principal : 1n };
  }
  const lines = shuffled(payment.applications, random)
    .map(({ invoice, amount }) => ({ invoice, amount: amountNear(amount, random) }))
    .filter(({ amount }) => amount > 0n);
  return { split: { unapplied: random.chance(0.3) ? 1n : 0n, lines } };
}

export function drawVoidPayment(world: World, gateway: Gateway, random: Random): GiveBackVoid | undefined {
  const early = world.payments.filter((payment) =>
    ['approved', 'submitted'].includes(stateOf(payment, gateway.charges)),
  );
  const from = early.length > 0 && random.chance(0.7) ? early : world.payments;
  return from.length > 0 ? { do: 'void payment', payment: random.pick(from).key } : undefined;
}
