import {
  isLevel,
  type Meter,
  type MeterPrice,
  meters,
  meterWords,
  stepsOf,
  type Usage,
} from '#features/billing/price-rules.ts';
import { lineAmount } from '#features/invoices/line-rules.ts';
import { addDays, addMonths, type CalendarDate, daysBetween, formatDate } from '#lib/dates.ts';
import { currencyDigits, divideRounded, least, sum, toDecimal } from '#lib/money.ts';

export type Plan = {
  name: string;
  every: 'month' | 'year';
  price: bigint;
  trialDays: number;
  meters: readonly MeterPrice[];
};

/** From its first day to the day before `endsOn`; `base` was billed ahead. */
export type Period = { startsOn: CalendarDate; endsOn: CalendarDate; base: bigint; isTrial: boolean };

/** The end of the period that begins on a day, by the rhythm of the day on which it all began. */
export function periodEnd(
  anchorOn: CalendarDate,
  every: Plan['every'],
  startsOn: CalendarDate,
): CalendarDate {
  const months = every === 'year' ? 12 : 1;
  const [fromYear = 0, fromMonth = 0] = anchorOn.split('-').map(Number);
  const [toYear = 0, toMonth = 0] = startsOn.split('-').map(Number);
  const passed = Math.max(0, Math.floor(((toYear - fromYear) * 12 + toMonth - fromMonth) / months) - 1);
  for (let count = passed; ; count += 1) {
    const end = addMonths(anchorOn, count * months);
    if (end > startsOn) return end;
  }
}

/** The first period of a new subscription: its trial, if it has one. */
export const firstPeriod = (plan: Plan, today: CalendarDate, hasTrial: boolean): Period =>
  hasTrial && plan.trialDays > 0
    ? { startsOn: today, endsOn: addDays(today, plan.trialDays), base: 0n, isTrial: true }
    : { startsOn: today, endsOn: periodEnd(today, plan.every, today), base: plan.price, isTrial: false };

const lengthOf = ({ startsOn, endsOn }: Period): bigint => BigInt(daysBetween(startsOn, endsOn));
const usedOf = ({ startsOn, endsOn }: Period, on: CalendarDate): bigint =>
  BigInt(daysBetween(startsOn, on < endsOn ? on : endsOn));

/** What comes back of what was billed ahead, for the days that are left. */
export const unusedOf = (period: Period, on: CalendarDate): bigint =>
  divideRounded(period.base * (lengthOf(period) - usedOf(period, on)), lengthOf(period));

/** A shortened period includes its share, rounded up: in doubt for the subscriber. */
export function includedOf(included: number, period: Period, on: CalendarDate): bigint {
  const [days, used] = [lengthOf(period), usedOf(period, on)];
  return (BigInt(included) * used + days - 1n) / days;
}

/**
 * Taxed as the plan whose line it is: the one of the period that ends, or of the one that begins. Credit is
 * money that was paid, with its tax, and is not taxed again; what was given net of tax is taxed as what
 * begins.
 */
export type BillLine = {
  description: string;
  quantity: string;
  unitPrice: string;
  amount: bigint;
  of: 'ends' | 'begins' | 'credit';
};

/** The end of a period, on its day or before, and what follows. */
export type Turn = {
  plan: Pick<Plan, 'name' | 'meters'>;
  period: Period;
  on: CalendarDate;
  usage: Usage;
  /** Missing: nothing follows. */
  next?: { plan: Pick<Plan, 'name'>; period: Period };
  /** What an earlier bill was too small to take. */
  credit: bigint;
  /** The same from before credit had its tax in it. */
  netCredit: bigint;
  currency: string;
  locale: string;
};

export type Bill = { lines: BillLine[]; carried: bigint; netCarried: bigint; total: bigint };

/**
 * What the invoice of a turn says: the use of the period that ends, what comes back of it, the base of the
 * one that begins, and credit of before. Where more comes back than is to be paid, the rest is carried on.
 * `tax` is that of all lines but credit, below zero where more of it comes back.
 */
export function billOf(turn: Turn, tax = 0n): Bill {
  const { period, on, plan, next, currency } = turn;
  const flat = (description: string, amount: bigint, of: BillLine['of'] = 'begins'): BillLine[] =>
    amount === 0n ? [] : [{ description, quantity: '1', unitPrice: toDecimal(amount, currency), amount, of }];
  const lines = [
    ...usageLines(turn),
    ...flat(
      `${plan.name}, days not used, ${spanWords(on, period.endsOn, turn.locale)}`,
      -unusedOf(period, on),
      'ends',
    ),
    ...(next
      ? flat(
          `${next.plan.name}, ${spanWords(next.period.startsOn, next.period.endsOn, turn.locale)}`,
          next.period.base,
        )
      : []),
  ];
  const net = sum(lines.map(({ amount }) => amount));
  const netTaken = net <= 0n ? 0n : least(net, turn.netCredit);
  const due = net - netTaken + tax;
  const taken = due <= 0n ? 0n : due < turn.credit ? due : turn.credit;
  const carried = turn.credit - taken + (due < 0n ? -due : 0n);
  return {
    lines: [
      ...lines,
      ...flat('Credit from before taxes', -netTaken),
      ...flat('Credit from before', -taken, 'credit'),
      ...flat('Carried to the next invoice', due < 0n ? -due : 0n, 'credit'),
    ],
    carried,
    netCarried: turn.netCredit - netTaken,
    total: due < 0n ? 0n : due - taken,
  };
}

function usageLines({ plan, period, on, usage, currency, locale }: Turn): BillLine[] {
  if (period.isTrial) return [];
  const span = spanWords(period.startsOn, on, locale);
  return plan.meters.flatMap(({ meter, included, tiers }) => {
    // What is there at once is priced by the day, so that all of what is included is there on each.
    const own = isLevel(meter) ? BigInt(included) : includedOf(included, period, on);
    return stepsOf(usage[meter] ?? 0n, own, tiers).flatMap(({ quantity, price, from }) => {
      const full = lineAmount({ quantity: String(quantity), unitPrice: price }, currencyDigits(currency));
      const amount = isLevel(meter) ? divideRounded(full * usedOf(period, on), lengthOf(period)) : full;
      const description = [
        `${meterWords[meter].many}, ${span}`,
        ...(own > 0n ? [`beyond ${own} included`] : []),
        ...(from > 0n ? [`after the first ${from}`] : []),
      ].join(', ');
      const line = { description, quantity: String(quantity), unitPrice: price, amount, of: 'ends' as const };
      return amount === 0n ? [] : [line];
    });
  });
}

/** First and last day of days up to `end`, which is the first one after them. */
const spanWords = (start: CalendarDate, end: CalendarDate, locale: string): string =>
  `${formatDate(start, locale)} to ${formatDate(end > start ? addDays(end, -1) : start, locale)}`;

/** The use of days together: what came is added up, of what is there at once the most counts. */
export function togetherOf(days: readonly { meter: Meter; quantity: bigint }[]): Usage {
  const usage: Partial<Record<Meter, bigint>> = {};
  for (const meter of meters) {
    const own = days.filter((day) => day.meter === meter).map(({ quantity }) => quantity);
    if (own.length === 0) continue;
    usage[meter] = isLevel(meter) ? own.reduce((most, each) => (each > most ? each : most), 0n) : sum(own);
  }
  return usage;
}
