import { addDays } from '#lib/dates.ts';

/** A step as the oracle knows it: numbers and a word. */
export type PlainStep = {
  type: 'upcoming_payment' | 'payment_due' | 'payment_past_due';
  offset: number;
  every: number | null;
  until: number | null;
};

export type PlainInvoice = {
  id: string;
  customer: number;
  due: string;
  open: bigint;
  pending: string | undefined;
  isOff: boolean;
  dispute: { until: string | null } | undefined;
  promised: string | undefined;
  /** The last day on which something was said of it. */
  lastOn: string | undefined;
};

export type PlainCustomer = { id: string; isOff: boolean; isActive: boolean };

/**
 * What is to be said of an invoice on a day, worked out the slow way: write down every day of every step,
 * cross out what is not true today or has been said, and take the last. It shares no line with what it is
 * held against.
 */
export function toSay(
  steps: readonly PlainStep[],
  invoice: PlainInvoice,
  customer: PlainCustomer,
  today: string,
): { date: string; offset: number } | undefined {
  const days: { date: string; offset: number }[] = [];
  for (const step of steps) {
    if (step.type === 'upcoming_payment' && today > invoice.due) continue;
    const last = step.until === null ? undefined : addDays(invoice.due, step.until);
    if (last !== undefined && today > last) continue;
    let date = addDays(invoice.due, step.offset);
    while (date <= today) {
      const isTrue = step.type !== 'upcoming_payment' || date < invoice.due;
      if (isTrue) days.push({ date, offset: step.offset });
      if (step.every === null) break;
      date = addDays(date, step.every);
    }
  }
  days.sort((a, b) => (a.date === b.date ? a.offset - b.offset : a.date < b.date ? -1 : 1));
  const newest = days.at(-1);
  if (!newest || (invoice.lastOn !== undefined && invoice.lastOn >= newest.date)) return undefined;
  return rests(invoice, customer, today) ? undefined : newest;
}

function rests(invoice: PlainInvoice, customer: PlainCustomer, today: string): boolean {
  if (invoice.open === 0n || invoice.pending || invoice.isOff || customer.isOff || !customer.isActive)
    return true;
  if (invoice.promised !== undefined && invoice.promised >= today) return true;
  return invoice.dispute !== undefined && (invoice.dispute.until === null || invoice.dispute.until > today);
}
