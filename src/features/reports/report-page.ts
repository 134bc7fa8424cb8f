import type { z } from 'zod';
import type { Tx } from '#db/db.ts';
import type { zReportPage } from '#features/reports/business/api.ts';
import { readAsked, readReport } from '#features/reports/read-report.ts';
import { addUp, type Cell, type Report, type ReportRow, type Totals } from '#features/reports/report.ts';
import type { Asked } from '#features/reports/report-files.ts';

type Page = z.output<typeof zReportPage>;

/** What a person looks through; who wants more narrows the filter or takes a file. */
const mostShown = 200;
const mostBars = 13;

export const presentReport = ({ key, title, answers, group, fields }: Report) => ({
  key,
  title,
  answers,
  group,
  fields: [...fields] as Page['fields'],
});

const plain = (cells: Cell[]) => cells.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell));

export async function makeReportPage(tx: Tx, { report, desk, filter }: Asked): Promise<Page> {
  const columns = report.columns(filter);
  const sums = addUp(columns);
  const kept: ReportRow[] = [];
  let count = 0;
  const notes = (await report.notes?.(desk, filter, tx)) ?? [];
  for await (const rows of readReport(tx, report, desk, filter)) {
    for (const row of rows) sums.add(row);
    kept.push(...rows.slice(0, mostShown - kept.length));
    count += rows.length;
  }
  const totals = sums.totals();
  return {
    ...presentReport(report),
    object: 'report_page',
    today: desk.today,
    asked: await readAsked(tx, { report, desk, filter }),
    filter: Object.fromEntries(
      Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    columns: columns.map(({ sum, ...column }) => ({ ...column, sum: sum ?? false })),
    rows: kept.map((row) => ({ ...row, cells: plain(row.cells) })),
    count,
    totals: totals.map((total) => ({ ...total, cells: plain(total.cells) })),
    chart: chartOf({ report, desk, filter }, kept, totals),
    notes,
  };
}

/** Bars of one currency: two would share no scale. */
function chartOf({ report, filter }: Asked, rows: ReportRow[], totals: Totals): Page['chart'] {
  const chart = report.chart?.(filter);
  const columns = report.columns(filter);
  const at = (key: string): number => columns.findIndex((column) => column.key === key);
  const [only, ...others] = totals;
  if (!chart || !only || others.length > 0) return null;
  if (chart.kind === 'totals') {
    const bars = chart.values.map((key) => ({
      label: columns[at(key)]?.title ?? key,
      value: Number(only.cells[at(key)] ?? 0),
    }));
    return { currency: only.currency, bars };
  }
  const bars = rows.slice(0, mostBars).map(({ cells }) => ({
    label: String(cells[at(chart.label)] ?? ''),
    value: Number(cells[at(chart.value)] ?? 0),
  }));
  return bars.length > 1 ? { currency: only.currency, bars } : null;
}
