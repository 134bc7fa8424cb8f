import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeXlsxStream } from 'hucre/xlsx';
import type { Actor, Database, Tx } from '#db/db.ts';
import { readSeller, sheetOf } from '#features/invoices/document-of-invoice.ts';
import { reportPdf } from '#features/invoices/pdf/report-pdf.ts';
import type { Filter } from '#features/reports/filter-fields.ts';
import { readAsked, readReport } from '#features/reports/read-report.ts';
import {
  addUp,
  type Cell,
  type CellKind,
  type Desk,
  type Report,
  type ReportRow,
} from '#features/reports/report.ts';
import { csvLine, guardFormula } from '#lib/csv-line.ts';
import { daysBetween, formatDate } from '#lib/dates.ts';
import { formatMoney, toDecimal } from '#lib/money.ts';

export const formats = ['csv', 'xlsx', 'pdf'] as const;
export type Format = (typeof formats)[number];
export const contentTypes: Record<Format, string> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
};

export type Asked = { report: Report; desk: Desk; filter: Filter };

export const fileNameOf = ({ report, desk }: Asked, format: Format): string =>
  `${report.key}-${desk.today}.${format}`;

/**
 * A report as a file, made while it is read: the transaction ends with the last byte, or when the reader
 * leaves.
 */
export function reportFile(db: Database, actor: Actor, asked: Asked, format: Format): Readable {
  const out = new PassThrough();
  db.transaction(actor, (tx) => pipeline(Readable.from(bytesOf(tx, asked, format)), out)).catch(
    (error: Error) => out.destroy(error),
  );
  return out;
}

function bytesOf(tx: Tx, asked: Asked, format: Format): AsyncIterable<string | Uint8Array> {
  if (format === 'csv') return csvOf(tx, asked);
  return format === 'xlsx' ? writeXlsxStream(cellsOf(tx, asked), sheetFor(asked)) : pdfOf(tx, asked);
}

const hasMoney = ({ report, filter }: Asked): boolean =>
  report.columns(filter).some(({ kind }) => kind === 'money');

const plain = (cell: Cell, kind: CellKind, currency: string | null): string => {
  if (cell === null) return '';
  return kind === 'money' && currency && typeof cell !== 'string'
    ? toDecimal(BigInt(cell), currency)
    : String(cell);
};

/** The mark by which spreadsheets know UTF-8. */
const mark = '\ufeff';

async function* csvOf(tx: Tx, asked: Asked): AsyncGenerator<string> {
  const { report, desk, filter } = asked;
  const columns = report.columns(filter);
  const currencies = hasMoney(asked);
  yield mark + csvLine([...columns.map(({ title }) => title), ...(currencies ? ['Currency'] : [])]);
  for await (const rows of readReport(tx, report, desk, filter))
    yield rows
      .map(({ cells, currency }) =>
        csvLine([
          ...cells.map((cell, at) => guardFormula(plain(cell, columns[at]?.kind ?? 'text', currency))),
          ...(currencies ? [currency ?? ''] : []),
        ]),
      )
      .join('');
}

const numberFormats: Partial<Record<CellKind, string>> = {
  money: '#,##0.00',
  date: 'yyyy-mm-dd',
  count: '#,##0',
  days: '#,##0',
  percent: '0.0',
};

const sheetFor = (asked: Asked) => ({
  name: asked.report.title.slice(0, 31),
  freezePane: { rows: 1 },
  columns: [
    ...asked.report.columns(asked.filter).map(({ title, kind }) => ({
      header: title,
      width: kind === 'text' ? 32 : 15,
      ...(numberFormats[kind] ? { numFmt: numberFormats[kind] } : {}),
    })),
    ...(hasMoney(asked) ? [{ header: 'Currency', width: 10 }] : []),
  ],
});

/** Numbers and dates as spreadsheets count them: a date is the days since the end of 1899. */
async function* cellsOf(tx: Tx, asked: Asked): AsyncGenerator<(string | number | null)[]> {
  const { report, desk, filter } = asked;
  const columns = report.columns(filter);
  const value = (cell: Cell, kind: CellKind | undefined, currency: string | null) => {
    if (cell === null) return null;
    if (kind === 'money') return Number(plain(cell, kind, currency));
    if (kind === 'date') return daysBetween('1899-12-30', String(cell));
    return kind === 'text' ? String(cell) : Number(cell);
  };
  const currencies = hasMoney(asked);
  for await (const rows of readReport(tx, report, desk, filter))
    for (const { cells, currency } of rows)
      yield [
        ...cells.map((cell, at) => value(cell, columns[at]?.kind, currency)),
        ...(currencies ? [currency] : []),
      ];
}

/** On paper nobody reads more; the other files have every row. */
export const mostOnPaper = 1000;

async function* pdfOf(tx: Tx, asked: Asked): AsyncGenerator<Uint8Array> {
  const { report, desk, filter } = asked;
  const columns = report.columns(filter);
  const sums = addUp(columns);
  const kept: ReportRow[] = [];
  let count = 0;
  const seller = await readSeller(tx, desk.organizationId);
  const notes = (await report.notes?.(desk, filter, tx)) ?? [];
  for await (const rows of readReport(tx, report, desk, filter)) {
    for (const row of rows) sums.add(row);
    kept.push(...rows.slice(0, mostOnPaper - kept.length));
    count += rows.length;
  }
  const show = (cell: Cell, kind: CellKind | undefined, currency: string | null): string =>
    shown(cell, kind ?? 'text', currency ?? desk.currency, desk.locale);
  const line = ({ cells, currency }: Pick<ReportRow, 'cells' | 'currency'>): string[] =>
    cells.map((cell, at) => show(cell, columns[at]?.kind, currency));
  const totals = sums.totals();
  yield await reportPdf({
    ...sheetOf(seller),
    currency: desk.currency,
    title: report.title,
    asked: await readAsked(tx, { report, desk, filter }),
    madeOn: desk.today,
    columns: columns.map(({ title, kind }) => ({ title, numeric: kind !== 'text' && kind !== 'date' })),
    rows: kept.map(line),
    totals: totals.map((total) => {
      const [, ...rest] = line(total);
      return [totals.length > 1 && total.currency ? `Total ${total.currency}` : 'Total', ...rest];
    }),
    notes: [
      ...(count > kept.length
        ? [`The first ${kept.length} of ${count} rows. The totals are of all; the spreadsheet has every row.`]
        : []),
      ...(count === 0 ? ['There is nothing to report.'] : []),
      ...notes,
    ],
  });
}

/** A figure for people. */
export function shown(cell: Cell, kind: CellKind, currency: string, locale: string): string {
  if (cell === null) return '';
  if (kind === 'money') return formatMoney(BigInt(cell), currency, locale);
  if (kind === 'date') return formatDate(String(cell), locale);
  if (kind === 'percent') return `${cell} %`;
  return kind === 'text' ? String(cell) : Number(cell).toLocaleString(locale);
}
