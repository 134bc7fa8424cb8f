import type { Charge } from './model-gateway.ts';
import { type ModelPayment, type Pay, stateOf, type World } from './reference-model.ts';

/** A bank account on file. Blocked by return codes; needing a signature, it is never debited. */
export type ModelMethod = {
  customer: number;
  id: string;
  state: 'active' | 'needs_authorization' | 'removed' | 'blocked';
  blockedAt_ms: number;
};
export type RemoveMethod = { do: 'remove method'; method: number };

/** The codes after which an account may be debited again; any other ends it. */
const mayFollow = new Set(['R01', 'R09']);
const triesAllowed = 3;
const triesWithin_days = 180;
const day_ms = 86_400_000;

const underWay = new Set(['pending', 'unknown', 'submitted', 'accepted', 'collected']);
export const codeOf = (charge: Charge | undefined): string => charge?.returnCode ?? 'R01';

/** The debits of one account for one invoice since one of them was paid. */
function seriesOf(
  world: World,
  charges: ReadonlyMap<string, Charge>,
  of: { method: number; invoice: number },
): ModelPayment[] {
  const debits = world.payments.filter(
    (payment) =>
      payment.method === of.method &&
      payment.asked.some(({ invoice }) => invoice === of.invoice) &&
      !['declined', 'voided'].includes(stateOf(payment, charges)),
  );
  const paid = debits.findLastIndex((payment) => stateOf(payment, charges) === 'settled');
  return debits.slice(paid + 1);
}

/** Promise 8: an active account, and no more than three tries in 180 days of what came back. */
export function mayDebit(world: World, charges: ReadonlyMap<string, Charge>, pay: Pay): boolean {
  const { method } = pay;
  if (method === undefined) return true;
  if (world.methods[method]?.state !== 'active') return false;
  return pay.applications.every(({ invoice }) => {
    const series = seriesOf(world, charges, { method, invoice });
    const [first] = series;
    const returned = series.filter((payment) => stateOf(payment, charges) === 'returned');
    if (!first || returned.length === 0) return true;
    if (!returned.every(({ id }) => mayFollow.has(codeOf(charges.get(id))))) return false;
    const age_ms = Date.parse(pay.on) - Date.parse(first.submittedOn ?? first.askedOn);
    return series.length < triesAllowed && age_ms <= triesWithin_days * day_ms;
  });
}

/** The books heard of a return: its code may end the account. */
export function blockAfter(
  world: World,
  charges: ReadonlyMap<string, Charge>,
  payment: ModelPayment,
  now: Date,
): void {
  const method = payment.method === undefined ? undefined : world.methods[payment.method];
  if (method?.state !== 'active' || stateOf(payment, charges) !== 'returned') return;
  if (mayFollow.has(codeOf(charges.get(payment.id)))) return;
  method.state = 'blocked';
  method.blockedAt_ms = now.getTime();
}

export function actRemoveMethod(
  world: World,
  charges: ReadonlyMap<string, Charge>,
  act: RemoveMethod,
): string {
  const method = world.methods[act.method];
  if (!method || method.state === 'removed') return 'new';
  const isUsed = world.payments.some(
    (payment) => payment.method === act.method && underWay.has(stateOf(payment, charges)),
  );
  if (isUsed) return 'state_refused';
  method.state = 'removed';
  return 'new';
}
