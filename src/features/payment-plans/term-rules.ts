import { addDays, addMonths, type CalendarDate, formatDate } from '#lib/dates.ts';
import { formatMoney, percentOf } from '#lib/money.ts';

export const cadences = ['weekly', 'every_two_weeks', 'monthly'] as const;
export type Cadence = (typeof cadences)[number];
export const cadenceWords: Record<Cadence, string> = {
  weekly: 'every week',
  every_two_weeks: 'every two weeks',
  monthly: 'every month',
};

/** What an organization lets its customers ask for. */
export type PlanLimits = {
  minDownPercent: string;
  maxInstallments: number;
  maxMonths: number;
  missedLimit: number;
  risePercent: string;
  moveDays: number;
};

export type PlanTerms = {
  total: bigint;
  downPayment: bigint;
  currency: string;
  cadence: Cadence;
  installments: number;
  firstOn: CalendarDate;
};

export type PlannedInstallment = { number: number; dueOn: CalendarDate; amount: bigint };

/** Counted from the first date, so that the 31st comes back after a short month. */
export function installmentDate(firstOn: CalendarDate, cadence: Cadence, index: number): CalendarDate {
  if (cadence === 'monthly') return addMonths(firstOn, index);
  return addDays(firstOn, index * (cadence === 'weekly' ? 7 : 14));
}

/** Equal installments; the last one is the exact remainder. */
export function planInstallments(terms: PlanTerms): PlannedInstallment[] {
  const rest = terms.total - terms.downPayment;
  const count = BigInt(terms.installments);
  const each = rest / count;
  return Array.from({ length: terms.installments }, (_, index) => ({
    number: index + 1,
    dueOn: installmentDate(terms.firstOn, terms.cadence, index),
    amount: index + 1 < terms.installments ? each : rest - each * (count - 1n),
  }));
}

/** The smallest down payment: the stated share, and at least the smallest coin. */
export const leastDownPayment = (total: bigint, { minDownPercent }: PlanLimits): bigint => {
  const share = percentOf(total, minDownPercent);
  return share > 1n ? share : 1n;
};

/** First dates may be so far away. */
const furthestFirst_months = 2;

type TermField = 'down_payment' | 'installments' | 'first_on';

/** What is wrong with terms, by field, with the remedy; empty when they may be asked for. */
export function refuseTerms(
  terms: PlanTerms,
  limits: PlanLimits,
  at: { today: CalendarDate; locale: string },
): Partial<Record<TermField, string>> {
  const { total, downPayment, currency, installments, firstOn, cadence } = terms;
  const money = (amount: bigint): string => formatMoney(amount, currency, at.locale);
  const errors: Partial<Record<TermField, string>> = {};
  const least = leastDownPayment(total, limits);
  if (downPayment < least)
    errors.down_payment = `The down payment is at least ${money(least)} of ${money(total)}.`;
  else if (downPayment >= total)
    errors.down_payment = `The down payment is less than the whole of ${money(total)}.`;
  if (installments < 1 || installments > limits.maxInstallments)
    errors.installments = `Choose from 1 to ${limits.maxInstallments} installments.`;
  else if (!errors.down_payment && total - downPayment < BigInt(installments))
    errors.installments = 'Choose fewer installments: so small an amount cannot be split so far.';
  const furthest = addMonths(at.today, furthestFirst_months);
  const last = addMonths(at.today, limits.maxMonths);
  if (firstOn <= at.today || firstOn > furthest)
    errors.first_on = `Choose a first date after today, by ${formatDate(furthest, at.locale)}.`;
  else if (!errors.installments && installmentDate(firstOn, cadence, installments - 1) > last)
    errors.installments = `Choose fewer installments or a shorter rhythm: the plan ends by ${formatDate(last, at.locale)}.`;
  return errors;
}
