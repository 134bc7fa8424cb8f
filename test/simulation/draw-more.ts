import type { Random } from '#lib/random.ts';
import { amountNear, customersOfWorld, drawParts, totals } from './draw.ts';
import { disputePaths } from './model-disputes.ts';
import type { ModelGateway } from './model-gateway.ts';
import { usedOf } from './reference-credits.ts';
import {
  type Act,
  figuresOf,
  type ModelApplication,
  placeOf,
  stateOf,
  type World,
} from './reference-model.ts';
import { leftOf } from './reference-refunds.ts';

const ownInvoices = (world: World, customer: number, random: Random): number[] =>
  world.invoices.flatMap((invoice, at) => (invoice.customer === customer || random.chance(0.05) ? [at] : []));

/** Some of what is open, mostly within what there is to give. */
function partsWithin(
  world: World,
  gateway: ModelGateway,
  random: Random,
  from: { customer: number; left: bigint },
): ModelApplication[] {
  const parts = drawParts(world, gateway.charges, random, ownInvoices(world, from.customer, random));
  if (random.chance(0.15)) return parts;
  let { left } = from;
  return parts.flatMap(({ invoice, amount }) => {
    const part = amount < left ? amount : left;
    left -= part;
    return part > 0n ? [{ invoice, amount: part }] : [];
  });
}

/** A credit memo written, used, taken off again or void. */
export function drawCredit(
  world: World,
  gateway: ModelGateway,
  random: Random,
  key: string,
): Act | undefined {
  const chance = random.next();
  if (world.memos.length === 0 || chance < 0.3) {
    const customer = random.int(0, customersOfWorld - 1);
    return { do: 'credit', key: `c${key}`, customer, total: random.pick(totals) };
  }
  const memo = random.pick(world.memos);
  if (chance < 0.4) return { do: 'void credit', memo: memo.key };
  const [first] = memo.applied;
  if (chance < (first ? 0.6 : 0.44))
    return { do: 'unapply credit', memo: memo.key, invoice: first?.invoice ?? random.int(0, 3) };
  const applications = partsWithin(world, gateway, random, { ...memo, left: memo.total - usedOf(memo) });
  return applications.length > 0 ? { do: 'apply credit', memo: memo.key, applications } : undefined;
}

/** Unapplied cash put against invoices, or a payment taken off one. */
export function drawApplying(world: World, gateway: ModelGateway, random: Random): Act | undefined {
  const isIn = world.payments.filter((payment) => placeOf(payment, gateway.charges) === 'applied');
  const from = isIn.length > 0 && random.chance(0.9) ? isIn : world.payments;
  if (from.length === 0) return undefined;
  const withCash = from.filter((payment) => leftOf(world, gateway, payment).unapplied > 0n);
  const inDanger = withCash.filter(({ voidWish }) => voidWish === 'asked');
  if (withCash.length > 0 && random.chance(0.6)) {
    const payment = random.pick(inDanger.length > 0 && random.chance(0.7) ? inDanger : withCash);
    const left = leftOf(world, gateway, payment).unapplied;
    const applications = partsWithin(world, gateway, random, { ...payment, left });
    if (applications.length > 0) return { do: 'apply', payment: payment.key, applications };
  }
  const payment = random.pick(from);
  const invoice =
    payment.applications.length > 0 && random.chance(0.9)
      ? random.pick(payment.applications).invoice
      : random.int(0, world.invoices.length - 1);
  return { do: 'unapply', payment: payment.key, invoice };
}

/** A card payment that has settled at the gateway is disputed there, or its dispute goes on; the books are told. */
export function drawDispute(world: World, gateway: ModelGateway, random: Random): Act | undefined {
  const disputable = world.payments.filter(
    ({ id, way }) => way !== 'hand' && gateway.charges.get(id)?.kind === 'card' && isSettled(gateway, id),
  );
  if (disputable.length === 0) return undefined;
  const payment = random.pick(disputable);
  const known = gateway.disputes.get(payment.id);
  if (known && random.chance(0.7)) known.at = Math.min(known.path.length - 1, known.at + 1);
  const amount = amountNear(payment.amount, random);
  const dispute = known ?? {
    reference: `dp_${payment.id}`,
    paymentId: payment.id,
    amount: amount > 0n && amount <= payment.amount ? amount : payment.amount,
    path: random.pick(disputePaths),
    at: 0,
  };
  gateway.disputes.set(payment.id, dispute);
  const state = dispute.path[random.int(0, dispute.at)];
  return state && { do: 'dispute', payment: payment.key, state };
}

const isSettled = ({ charges }: ModelGateway, id: string): boolean => {
  const charge = charges.get(id);
  return charge?.path[charge.at] === 'settled';
};

/** One in use as well: it must stay. */
export function drawRemoval(world: World, random: Random): Act {
  const used = world.payments.flatMap(({ method }) => method ?? []);
  return {
    do: 'remove method',
    method:
      used.length > 0 && random.chance(0.7) ? random.pick(used) : random.int(0, world.methods.length - 1),
  };
}

/** An account whose debit came back is tried again for the same invoice, in parts: soon once too often. */
export function drawTry(
  world: World,
  { charges }: ModelGateway,
  random: Random,
  { key, on }: { key: string; on: string },
): Act | undefined {
  const back = world.payments.filter(
    (payment) => payment.method !== undefined && stateOf(payment, charges) === 'returned',
  );
  const [first] = back.length > 0 ? random.pick(back).asked : [];
  const last = back.findLast(({ asked }) => asked[0] === first);
  if (!first || !last) return undefined;
  const { due, reserved } = figuresOf(world, charges, first.invoice);
  const amount = (due - reserved) / 4n;
  if (amount <= 0n) return undefined;
  const applications = [{ invoice: first.invoice, amount }];
  const { customer, method } = last;
  return { do: 'charge', key, customer, amount, way: 'bank_account', method, on, applications, store: false };
}
