import { localDate } from '../chasing/clock.ts';
import { feesAt, type PlainFees } from './acts-fees.ts';
import type { PaymentRow } from './audit.ts';
import type { AutopaySight } from './oracle-autopay.ts';
import type { World } from './world.ts';

type Fail = (what: string) => never;
type Seen = { world: World; charges: readonly PaymentRow[]; notices: AutopaySight['notices'] };

const bpsOf = (percent: string): bigint => BigInt(Math.round(Number(percent) * 100));
const baseOf = ({ amount, fee }: PaymentRow): bigint => amount - fee;

/** A discount is for paying an invoice by bank, as announced: by a notice, or by the first try of a debit. */
export function auditDiscounts(seen: Seen, fail: Fail): number {
  const { world, charges } = seen;
  for (const charge of charges) {
    const what = `${charge.source} took ${-charge.fee} off ${baseOf(charge)}`;
    if (charge.source === 'autopay' && charge.kind === 'bank_account') auditDebit(seen, charge, what, fail);
    if (charge.fee >= 0n) continue;
    if (charge.kind !== 'bank_account' || charge.feeKind !== 'bank_discount')
      fail(`${what} of a ${charge.kind} as ${charge.feeKind}`);
    if (charge.source === 'schedule' || charge.source.startsWith('plan_'))
      fail(`${what}, of which an agreement names the amount`);
    const applied = charge.invoices.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
    if (applied !== baseOf(charge)) fail(`${what} and put ${applied} against invoices`);
    const today = discountBy(feesAt(world, charge.requestedAt), baseOf(charge));
    if (charge.source !== 'autopay' && -charge.fee !== today) fail(`${what}: it is ${today}`);
  }
  return charges.filter(({ fee }) => fee < 0n).length;
}

function auditDebit(seen: Seen, charge: PaymentRow, what: string, fail: Fail): undefined {
  const first = tryBefore(seen, charge);
  if (first && baseOf(first) === baseOf(charge)) {
    if (charge.amount !== first.amount) fail(`${what}, and the try before was of ${first.amount}`);
    return;
  }
  const today = discountBy(feesAt(seen.world, charge.requestedAt), baseOf(charge));
  const announced = announcedTo(seen, charge).map((fees) => discountBy(fees, baseOf(charge)));
  if (-charge.fee < today) fail(`${what}: it is ${today}`);
  if (![today, ...announced].includes(-charge.fee)) fail(`${what}, which nobody announced`);
}

/** The charge of the same account that this one repeats. */
const tryBefore = ({ charges }: Seen, charge: PaymentRow): PaymentRow | undefined => {
  const before = charges.findLast(
    (each) =>
      each.source === 'autopay' &&
      each.requestedAt < charge.requestedAt &&
      each.invoices.some(({ id }) => id === charge.invoices[0]?.id),
  );
  return before?.paymentMethodId === charge.paymentMethodId ? before : undefined;
};

/** What the company gave off on the days on which the payer was told, of this charge or of its first try. */
function announcedTo(seen: Seen, charge: PaymentRow): (PlainFees | undefined)[] {
  const { world, notices } = seen;
  const first = tryBefore(seen, charge);
  const told = notices.filter(
    ({ invoiceId, authorizationId }) =>
      authorizationId === charge.authorizationId && charge.invoices.some(({ id }) => id === invoiceId),
  );
  return [
    ...told.flatMap(({ toldOn }) => feesOn(world, toldOn)),
    ...(first ? [feesAt(world, first.requestedAt), ...announcedTo(seen, first)] : []),
  ];
}

/** All that was in force at some time of a day. */
function feesOn({ fees, times }: World, day: string): PlainFees[] {
  const dayOf = ({ from }: PlainFees): string => localDate(times.zone, from);
  const before = fees.findLast((each) => dayOf(each) < day);
  return [...(before ? [before] : []), ...fees.filter((each) => dayOf(each) === day)];
}

function discountBy(fees: PlainFees | undefined, base: bigint): bigint {
  if (fees?.mode !== 'bank_discount') return 0n;
  const share = (base * bpsOf(fees.percent)) / 10_000n;
  return fees.most !== null && fees.most < share ? fees.most : share;
}
