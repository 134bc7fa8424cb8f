import { aging } from '#features/reports/business/aging.ts';
import { forecast } from '#features/reports/business/forecast.ts';
import { payments, sales, tax, unappliedCash } from '#features/reports/business/money.ts';
import { activity, customers, emailReminders } from '#features/reports/business/people.ts';
import { utilization } from '#features/reports/business/utilization.ts';
import type { Report } from '#features/reports/report.ts';
import { notFound } from '#lib/errors.ts';

/** Every report of the business: the only list. */
export const catalogue: readonly Report[] = [
  aging,
  unappliedCash,
  forecast,
  sales,
  payments,
  tax,
  customers,
  utilization,
  emailReminders,
  activity,
];

export function reportOf(key: string): Report {
  const report = catalogue.find((each) => each.key === key);
  if (!report) throw notFound('report', key);
  return report;
}
