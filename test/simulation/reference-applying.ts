import {
  judgeParts,
  type ModelApplication,
  type ModelPayment,
  placeOf,
  type World,
} from './reference-model.ts';
import { type Gateway, leftOf, refundedOn } from './reference-refunds.ts';

/** Unapplied cash put against invoices, and a payment taken off an invoice. */
export type Applying = { do: 'apply'; payment: string; applications: readonly ModelApplication[] };
export type Unapplying = { do: 'unapply'; payment: string; invoice: number };

const find = (world: World, sought: string): ModelPayment =>
  world.payments.find(({ key }) => key === sought) as ModelPayment;

export function actApply(world: World, gateway: Gateway, act: Applying): string {
  const payment = find(world, act.payment);
  // Neither what is on its way nor what has ended; and not what may be void in a moment.
  if (placeOf(payment, gateway.charges) !== 'applied' || payment.voidWish === 'asked') return 'state_refused';
  const left = leftOf(world, gateway, payment).unapplied;
  if (left <= 0n) return 'amount_too_large';
  const asked = act.applications.reduce((sum, { amount }) => sum + amount, 0n);
  const result = judgeParts(world, gateway.charges, { ...act, customer: payment.customer, amount: asked });
  if (result !== 'new') return result;
  if (asked > left) return 'amount_too_large';
  payment.applications = merged([...payment.applications, ...act.applications]);
  return 'new';
}

/** What stands on one invoice counts as one, in the place of its first part. */
function merged(parts: readonly ModelApplication[]): ModelApplication[] {
  const sums = new Map<number, bigint>();
  for (const { invoice, amount } of parts) sums.set(invoice, (sums.get(invoice) ?? 0n) + amount);
  return [...sums].map(([invoice, amount]) => ({ invoice, amount }));
}

export function actUnapply(world: World, gateway: Gateway, act: Unapplying): string {
  const payment = find(world, act.payment);
  if (placeOf(payment, gateway.charges) !== 'applied') return 'state_refused';
  if (!payment.applications.some(({ invoice }) => invoice === act.invoice)) return 'not_found';
  // What was given back of it is with the payer.
  if (refundedOn(world, gateway, payment, act.invoice) > 0n) return 'state_refused';
  payment.applications = payment.applications.filter(({ invoice }) => invoice !== act.invoice);
  return 'new';
}
