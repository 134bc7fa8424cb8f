import { feeDay, type PlainInvoice, type PlainWorld } from './oracle.ts';

/** What has become of a promise after whatever was paid; one that is broken is somebody’s task. */
export function judgePromise(invoice: PlainInvoice, today: string): string[] {
  const { promise, paid, open, pending } = invoice;
  if (!promise) return [];
  const isKept = open === 0n || paid - promise.paidBefore >= promise.amount;
  if (!isKept && (pending !== undefined || today <= promise.day)) return [];
  invoice.promise = undefined;
  endRest(invoice, today, 'promise');
  return isKept ? [] : [`promise ${promise.id}`];
}

/** A dispute about an invoice that is paid is over. */
export function endMoot(invoice: PlainInvoice, today: string): void {
  if (invoice.open > 0n || !invoice.dispute) return;
  invoice.dispute = undefined;
  endRest(invoice, today, 'dispute');
}

type Of = PlainInvoice['rests'][number]['of'];
export const beginRest = (invoice: PlainInvoice, today: string, of: Of): number =>
  invoice.rests.push({ of, from: today, until: undefined });
export function endRest(invoice: PlainInvoice, today: string, of: Of): void {
  const rest = invoice.rests.find((each) => each.of === of && each.until === undefined);
  if (rest) rest.until = today;
}

/** The tasks of a day: each broken promise, and each dispute whose rest is over, noticed once. */
export function notice(world: PlainWorld, today: string): string[] {
  const tasks = world.noticed.splice(0);
  for (const invoice of world.invoices) {
    tasks.push(...judgePromise(invoice, today));
    const { dispute } = invoice;
    if (!dispute || dispute.isWoken || dispute.until === null || dispute.until > today) continue;
    dispute.isWoken = true;
    tasks.push(`dispute ${dispute.id} ${dispute.until}`);
  }
  return tasks;
}

/** The late fees of a day that come once: each on its own day, also where nobody worked on it. */
export function charge(world: PlainWorld, today: string): string[] {
  return world.invoices.flatMap((invoice) => {
    const day = feeDay(world, invoice, today);
    if (day === undefined || day > today) return [];
    invoice.isCharged = true;
    return [`${invoice.id} ${day}`];
  });
}
