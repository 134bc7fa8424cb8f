import { feesAt, type PlainFees } from './acts-fees.ts';
import type { PaymentRow } from './audit.ts';
import type { World } from './world.ts';

type Fail = (what: string) => never;

const barred = ['US-CT', 'US-MA', 'US-PR', 'US-ME', 'US-OK'];
/** In hundredths of a percent: 3 of the networks together, 2 of Colorado. */
const capOf = (place: string | undefined): bigint => (place === 'US-CO' ? 200n : 300n);
const bpsOf = (percent: string): bigint => BigInt(Math.round(Number(percent) * 100));

/** Promise 10, by law and networks alone: what no charge may ever have cost on top, whoever asked for it. */
export function auditFees(world: World, charges: readonly PaymentRow[], fail: Fail): number {
  const priced = charges.filter(({ fee }) => fee > 0n);
  for (const charge of priced) auditFee(world, charge, fail);
  return priced.length;
}

function auditFee(world: World, charge: PaymentRow, fail: Fail): undefined {
  const method = world.methods.find(({ id }) => id === charge.paymentMethodId);
  const customer = world.customers.find(({ id }) => id === charge.customerId);
  const base = charge.amount - charge.fee;
  const what = `${charge.source} charged a fee of ${charge.fee} on ${base} (${method?.token}, ${method?.funding})`;
  const fees = feesAt(world, charge.requestedAt);
  if (!fees || fees.mode === 'off' || fees.mode === 'bank_discount')
    return fail(`${what}, and cards cost nothing`);
  if (method?.kind !== 'card') fail(`${what}, which is no card`);
  if (charge.source.startsWith('plan_')) fail(`${what}, which a payment plan pays`);
  if (charge.feeKind !== fees.mode) fail(`${what} as ${charge.feeKind}, and the company has ${fees.mode}`);
  if (fees.mode !== 'surcharge') return;
  if (method?.funding !== 'credit') fail(`${what}, which is no credit card`);
  const theirs = customer?.region && `US-${customer.region}`;
  for (const place of [theirs, fees.region]) {
    if (place && barred.includes(place)) fail(`${what} in ${place}, where surcharges are barred`);
    auditCap(base, charge.fee, { fees, place, what }, fail);
  }
}

function auditCap(
  base: bigint,
  fee: bigint,
  { fees, place, what }: { fees: PlainFees; place: string | undefined; what: string },
  fail: Fail,
): void {
  const limits = [capOf(place), bpsOf(fees.cost), bpsOf(fees.percent)];
  const lowest = limits.reduce((least, each) => (each < least ? each : least));
  const isPolicy = lowest === bpsOf(fees.percent) && lowest < capOf(place) && lowest < bpsOf(fees.cost);
  // What the company wants may be rounded; what the law allows may not be passed by a cent.
  const most = isPolicy ? (base * lowest + 5_000n) / 10_000n : (base * lowest) / 10_000n;
  if (fee > most)
    fail(`${what}: at most ${most}, ${lowest} hundredths of a percent${place ? ` in ${place}` : ''}`);
}
