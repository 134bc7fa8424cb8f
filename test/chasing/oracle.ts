import { plusDays } from './clock.ts';
import type { ChasedWorld, PlainCustomer, PlainInvoice, PlainStep } from './world.ts';

/** Who reads what a customer is told: it, or the parent that it bills with, as far up as that goes. */
export function readerOf(world: ChasedWorld, customer: number): number {
  const { parent, billsWithParent } = customerAt(world, customer);
  return billsWithParent && parent !== undefined ? readerOf(world, parent) : customer;
}

export const customerAt = ({ customers }: ChasedWorld, at: number): PlainCustomer =>
  customers[at] as PlainCustomer;

/** A customer, its children, and theirs; or of those only such as bill with their parent. */
export const family = (world: ChasedWorld, of: number, onlyBilled: boolean): number[] => [
  of,
  ...world.customers.flatMap((each, at) =>
    each.parent === of && (each.billsWithParent || !onlyBilled) ? family(world, at, onlyBilled) : [],
  ),
];

/**
 * What is to be said of an invoice on a day, worked out the slow way: write down every day of every step,
 * cross out what is not true today or has been said, and take the last. It shares no line with what it is
 * held against.
 */
export function newestStep(
  steps: readonly PlainStep[],
  invoice: PlainInvoice,
  today: string,
): { date: string; step: PlainStep } | undefined {
  const days: { date: string; step: PlainStep }[] = [];
  for (const step of steps) {
    if (step.type === 'upcoming_payment' && today > invoice.due) continue;
    const last = step.until === null ? undefined : plusDays(invoice.due, step.until);
    if (last !== undefined && today > last) continue;
    let date = plusDays(invoice.due, step.offset);
    while (date <= today) {
      const isTrue = step.type !== 'upcoming_payment' || date < invoice.due;
      if (isTrue) days.push({ date, step });
      if (step.every === null) break;
      date = plusDays(date, step.every);
    }
  }
  days.sort((a, b) => (a.date === b.date ? a.step.offset - b.step.offset : a.date < b.date ? -1 : 1));
  const newest = days.at(-1);
  return !newest || (invoice.lastOn !== undefined && invoice.lastOn >= newest.date) ? undefined : newest;
}

/** Is something to be paid that is not on its way? */
export const isPayable = ({ open, pending }: PlainInvoice): boolean => open > 0n && !pending;

/** Does a promise, a dispute or a payment plan let it rest? */
export const isResting = ({ promise, dispute, plan }: PlainInvoice, today: string): boolean =>
  plan !== undefined ||
  (promise !== undefined && promise.on >= today) ||
  (dispute !== undefined && (dispute.until === null || dispute.until > today));

/** Neither who owes nor who reads is deactivated, or that does not matter here. */
export const isReached = (world: ChasedWorld, customer: number): boolean =>
  world.rule.toInactive ||
  (customerAt(world, customer).isActive && customerAt(world, readerOf(world, customer)).isActive);

/** A promise whose whole day has passed is broken, unless what would keep it is on its way. */
export function breakPromise(world: ChasedWorld, invoice: PlainInvoice, today: string): void {
  if (!invoice.promise || invoice.promise.on >= today || invoice.pending) return;
  world.promises.broken += 1;
  invoice.promise = undefined;
}

/** The desk's part of a day: promises that were not kept, and disputes whose rest is over. */
export function workDesk(world: ChasedWorld, today: string): void {
  for (const invoice of world.invoices) {
    breakPromise(world, invoice, today);
    const { dispute, open } = invoice;
    if (dispute && dispute.until !== null && dispute.until <= today && open > 0n)
      world.woken.add(`dispute ${dispute.id} ${dispute.until}`);
  }
}
