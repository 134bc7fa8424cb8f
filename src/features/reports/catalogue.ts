import { aging } from '#features/reports/business/aging.ts';
import type { Report } from '#features/reports/report.ts';
import { notFound } from '#lib/errors.ts';

/** Every report of the business: the only list. */
export const catalogue: readonly Report[] = [aging];

export function reportOf(key: string): Report {
  const report = catalogue.find((each) => each.key === key);
  if (!report) throw notFound('report', key);
  return report;
}
