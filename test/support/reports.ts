import { reportOf } from '#features/reports/catalogue.ts';
import { readFilter } from '#features/reports/filter-fields.ts';
import { readDesk } from '#features/reports/read-report.ts';
import { makeReportPage } from '#features/reports/report-page.ts';
import type { Books } from './given.ts';

/** A report of these books as its page shows it, as of their day. */
export const reportPage = (books: Books, key: string, asked: Record<string, string> = {}) =>
  books.tx(async (tx) => {
    const report = reportOf(key);
    const desk = await readDesk(tx, books.organizationId, { now: books.now });
    return makeReportPage(tx, { report, desk, filter: readFilter(report.fields, asked) });
  });

export const reportCells = async (...asked: Parameters<typeof reportPage>) =>
  (await reportPage(...asked)).rows.map((row) => row.cells);
