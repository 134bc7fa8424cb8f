import { addDays } from '#lib/dates.ts';
import type { Charge } from './model-gateway.ts';
import { figuresOf, type Result, type World } from './reference-model.ts';

/** A fee of an invoice, by its number; one that is credited was paid and given back as a credit memo. */
export type ModelLateFee = { on: string; state: 'posted' | 'waived' | 'removed' | 'credited' };

export type LateFeeAct =
  | { do: 'waive fee'; invoice: number; sequence: number }
  | { do: 'remove fee'; key: string; invoice: number; sequence: number };

/** The terms of every world: seven units, four days after the due date, every sixty days, eight in all. */
export const modelFee = 7n;
export const everyDays = 60;
const most = 8;
const firstDay = '2026-04-05';

export const feesOwed = ({ fees }: { fees: readonly ModelLateFee[] }): bigint =>
  modelFee * BigInt(fees.filter(({ state }) => state === 'posted' || state === 'credited').length);

const nextDayOf = ({ lateOn }: { lateOn: string | null }): string =>
  lateOn === null ? firstDay : addDays(lateOn, everyDays);

type Standing = 'charged' | 'held' | 'over';
function standingOf(world: World, charges: ReadonlyMap<string, Charge>, at: number): Standing {
  const invoice = world.invoices[at];
  const { due, reserved } = figuresOf(world, charges, at);
  if (!invoice || invoice.isVoid || due - reserved <= 0n) return 'held';
  return due - reserved - feesOwed(invoice) > 0n && invoice.fees.length < most ? 'charged' : 'over';
}

/** A day is worked, perhaps the first in months: every day that has passed by then brings its fee, once. */
export function assess(world: World, charges: ReadonlyMap<string, Charge>, today: string): void {
  world.invoices.forEach((invoice, at) => {
    const standing = standingOf(world, charges, at);
    if (standing === 'held') return;
    for (let day = nextDayOf(invoice); day <= today; day = addDays(day, everyDays)) {
      const isCharged = standing === 'charged' && invoice.fees.length < most;
      if (isCharged) invoice.fees.push({ on: day, state: 'posted' });
      if (isCharged || standing === 'over') invoice.lateOn = day;
    }
  });
}

export function actLateFee(world: World, charges: ReadonlyMap<string, Charge>, act: LateFeeAct): Result {
  const invoice = world.invoices[act.invoice];
  if (!invoice) return 'not_found';
  if (act.do === 'waive fee') {
    const isNext = act.sequence === invoice.fees.length + 1;
    if (!isNext || standingOf(world, charges, act.invoice) !== 'charged') return 'state_refused';
    invoice.lateOn = nextDayOf(invoice);
    invoice.fees.push({ on: invoice.lateOn, state: 'waived' });
    return 'new';
  }
  const fee = invoice.fees[act.sequence - 1];
  if (fee?.state !== 'posted' || invoice.isVoid) return 'state_refused';
  const { due, reserved } = figuresOf(world, charges, act.invoice);
  if (due - reserved >= modelFee) fee.state = 'removed';
  else {
    fee.state = 'credited';
    const { customer } = invoice;
    world.memos.push({ key: act.key, customer, total: modelFee, applied: [], isVoid: false, id: '' });
  }
  return 'new';
}
