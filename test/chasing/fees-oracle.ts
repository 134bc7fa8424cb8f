import { plusDays } from './clock.ts';
import { customerAt } from './oracle.ts';
import type { ChasedWorld, PlainInvoice } from './world.ts';

const amount = 2_500n;
const every = 10;
/** Whoever was due before has other terms. */
const firstDue = '2026-01-01';

const later = (a: string, b: string): string => (a > b ? a : b);

/**
 * The late fees that have come by a day, each on its own day of the rhythm: a promise, until its day has
 * passed, a dispute and a payment plan, until they end, let the days go that fall into them; a payment on its
 * way lets them wait; a customer that is gone, or nothing left but fees, uses them up.
 */
export function workFees(world: ChasedWorld, today: string): void {
  const { terms } = world;
  if (!terms) return;
  for (const invoice of world.invoices) {
    if (invoice.due < firstDue) continue;
    const first = plusDays(invoice.due, terms.grace + 1);
    for (;;) {
      const { feesDone } = invoice;
      const undone = feesDone === undefined ? first : later(first, plusDays(feesDone, every));
      if (undone > today || invoice.open === 0n) break;
      if (!customerAt(world, invoice.customer).isActive) passDays(invoice, undone, today);
      else if (isCovered(invoice, today) || invoice.pending) break;
      else if (invoice.open <= invoice.fees) passDays(invoice, undone, today);
      else postNext(invoice, { ...terms, undone, today });
    }
  }
}

function passDays(invoice: PlainInvoice, undone: string, today: string): void {
  let done = undone;
  while (plusDays(done, every) <= today) done = plusDays(done, every);
  invoice.feesDone = done;
}

type Next = { since: string; isApart: boolean; undone: string; today: string };

function postNext(invoice: PlainInvoice, { since, isApart, undone, today }: Next): void {
  let on = undone;
  while (on < since || on < invoice.issuedOn || isCovered(invoice, on)) on = plusDays(on, every);
  invoice.feesDone = on > today ? plusDays(on, -every) : on;
  if (on > today) return;
  invoice.feeDays.push(on);
  if (isApart) return;
  invoice.open += amount;
  invoice.fees += amount;
}

const isCovered = ({ rests }: PlainInvoice, day: string): boolean =>
  rests.some(({ from, until }) => from <= day && (until === undefined || day < until));

/** It rests no longer than until a day. */
export function endRest(invoice: PlainInvoice, why: PlainInvoice['rests'][number]['why'], day: string): void {
  const rest = invoice.rests.findLast((each) => each.why === why);
  if (rest && (rest.until === undefined || rest.until > day)) rest.until = day;
}
