import { addDays, addMonths, type CalendarDate, daysBetween } from '#lib/dates.ts';
import { divideRounded, sum } from '#lib/money.ts';

/** How far back what was billed is looked at for the DSO. */
export const dsoDays = 90;
/** How far ahead what falls due is expected. */
export const expectedDays = 30;
/** Counts of what needs a person stop here: beyond, nobody needs the exact number. */
export const mostCounted = 100;
/** From here on a bar is a month, not a day. */
const mostBars = 62;
export const mostDays = 731;

export type DateSpan = { from: CalendarDate; to: CalendarDate };
export type Day = { date: CalendarDate; amount: bigint };
export type Bar = DateSpan & { amount: bigint };

/** What is asked for, or the last 30 days. */
export const spanOf = (
  asked: { from?: string | undefined; to?: string | undefined },
  today: string,
): DateSpan => {
  const to = asked.to ?? today;
  return { from: asked.from ?? addDays(to, -29), to };
};

/** The problem with a span, in the words of whoever asked. */
export const problemWithSpan = ({ from, to }: DateSpan): string | undefined => {
  if (from > to) return `The first day, ${from}, is after the last, ${to}. Give an earlier first day.`;
  return daysBetween(from, to) >= mostDays ? `Ask for at most ${mostDays} days at once.` : undefined;
};

/** As many days, just before. */
export const spanBefore = ({ from, to }: DateSpan): DateSpan => ({
  from: addDays(from, -daysBetween(from, to) - 1),
  to: addDays(from, -1),
});

/** A bar a day, or a month where days would be too many; the first and last month may be cut. */
export function barsOf(span: DateSpan, days: readonly Day[]): Bar[] {
  const bars: Bar[] = [];
  const byDay = daysBetween(span.from, span.to) < mostBars;
  for (let from = span.from; from <= span.to; ) {
    const last = byDay ? from : addDays(addMonths(`${from.slice(0, 7)}-01`, 1), -1);
    bars.push({ from, to: last < span.to ? last : span.to, amount: 0n });
    from = addDays(last, 1);
  }
  for (const { date, amount } of days) {
    const bar = bars.find(({ from, to }) => from <= date && date <= to);
    if (bar) bar.amount += amount;
  }
  return bars;
}

/**
 * Days sales outstanding, in tenths of a day: what is open, over what was billed in the last 90 days, times
 * 90. Nothing to say where nothing was billed.
 */
export const dsoTenths = (open: bigint, billed: bigint): number | null =>
  billed > 0n ? Number(divideRounded(open * BigInt(dsoDays * 10), billed)) : null;

/** A share in basis points; nothing to say of nothing. */
export const shareBps = (part: bigint, whole: bigint): number | null =>
  whole > 0n ? Number(divideRounded(part * 10_000n, whole)) : null;

export const totalOf = (days: readonly { amount: bigint }[]): bigint => sum(days.map(({ amount }) => amount));

/** The first steps of an organization, in the order they are best done. */
export const firstSteps = [
  'profile',
  'logo',
  'sender',
  'gateway',
  'customer_defaults',
  'invoice_defaults',
  'customers',
  'reminders',
  'test_invoice',
  'go_live',
] as const;
export type FirstStep = (typeof firstSteps)[number];
