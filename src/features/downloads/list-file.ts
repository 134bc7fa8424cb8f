import { writeXlsxStream } from 'hucre/xlsx';
import type { Actor, Database, Tx } from '#db/db.ts';
import { csvLine, guardFormula } from '#lib/csv-line.ts';
import { daysBetween } from '#lib/dates.ts';

/** A column of a list's file: what it is called, how a spreadsheet counts it, and what stands in it. */
export type FileColumn<Row> = readonly [
  heading: string,
  kind: 'text' | 'money' | 'date' | 'count',
  value: (row: Row) => string,
];

type Page<Row> = { rows: Row[]; hasMore: boolean };

/** Every page of a list, each in a transaction of its own: a slow reader holds none open. */
export async function* pagesOf<Row extends { id: string }>(
  db: Database,
  actor: Actor,
  read: (tx: Tx, startingAfter: string | undefined) => Promise<Page<Row>>,
): AsyncGenerator<Row[]> {
  for (let after: string | undefined; ; ) {
    const { rows, hasMore } = await db.transaction(actor, (tx) => read(tx, after));
    if (rows.length > 0) yield rows;
    after = rows.at(-1)?.id;
    if (!hasMore || after === undefined) return;
  }
}

/** The mark by which spreadsheets know UTF-8. */
const mark = '\ufeff';

export async function* csvFile<Row>(
  columns: readonly FileColumn<Row>[],
  pages: AsyncIterable<readonly Row[]>,
): AsyncGenerator<string> {
  yield mark + csvLine(columns.map(([heading]) => heading));
  for await (const rows of pages)
    yield rows.map((row) => csvLine(columns.map(([, , value]) => guardFormula(value(row))))).join('');
}

const formats = { text: undefined, money: '#,##0.00', date: 'yyyy-mm-dd', count: '#,##0' } as const;

/** Numbers and dates as spreadsheets count them: a date is the days since the end of 1899. */
export function xlsxFile<Row>(
  name: string,
  columns: readonly FileColumn<Row>[],
  pages: AsyncIterable<readonly Row[]>,
): AsyncIterable<Uint8Array> {
  const cell = ([, kind, value]: FileColumn<Row>, row: Row): string | number | null => {
    const text = value(row);
    if (text === '') return null;
    if (kind === 'date') return daysBetween('1899-12-30', text);
    return kind === 'text' ? text : Number(text);
  };
  async function* cells(): AsyncGenerator<(string | number | null)[]> {
    for await (const rows of pages) for (const row of rows) yield columns.map((column) => cell(column, row));
  }
  return writeXlsxStream(cells(), {
    name,
    freezePane: { rows: 1 },
    columns: columns.map(([header, kind]) => ({
      header,
      width: kind === 'text' ? 28 : 14,
      ...(formats[kind] ? { numFmt: formats[kind] } : {}),
    })),
  });
}
