import { writeXlsxStream } from 'hucre/xlsx';
import type { z } from 'zod';
import type { Actor, Tx } from '#db/db.ts';
import { csvLine, guardFormula } from '#lib/csv-line.ts';
import { type CalendarDate, dateIn, daysBetween } from '#lib/dates.ts';
import type { Endpoint } from '#lib/endpoint.ts';
import { currencyDigits, toDecimal } from '#lib/money.ts';

/** What a cell is made of. An instant stands as the day that it was where the organization is. */
type Plain = string | number | Date | null | undefined;
/** A column of a list's file: what it is called, how a spreadsheet counts it, and what stands in it. */
export type FileColumn<Row> = readonly [
  heading: string,
  kind: 'text' | 'money' | 'date' | 'count' | 'number',
  value: (row: Row, today: CalendarDate) => Plain,
];

/** An amount as a plain decimal; its currency has a column of its own. */
export const money = <Row extends { currency: string }>(
  heading: string,
  pick: (row: Row) => bigint | null,
): FileColumn<Row> => [
  heading,
  'money',
  (row) => {
    const amount = pick(row);
    return amount === null ? null : toDecimal(amount, row.currency);
  },
];
export const currency: FileColumn<{ currency: string }> = ['Currency', 'text', (row) => row.currency];

type Organization = {
  id: string;
  name: string;
  mode: 'live' | 'sandbox';
  currency: string;
  timeZone: string;
  locale: string;
  clockOffsetMs: bigint;
};
/** As the endpoint of a list is asked, of any number of rows; `ids`: these alone of what the filter finds. */
export type ListAsk<E extends Endpoint> = {
  tx: Tx;
  actor: Actor;
  organization: Organization;
  now: Date;
  today: CalendarDate;
  query: z.output<E['query']>;
  ids: readonly string[] | undefined;
};
type Listed = { id: string };

type Definition<E extends Endpoint, Item extends Listed, Row> = {
  /** Its endpoint: who may read it, and what it can be asked. */
  list: E;
  /** What the file and its sheet are called. */
  title: string;
  read: (ask: ListAsk<E>) => Promise<{ data: readonly Item[]; has_more: boolean }>;
  /** What stands in the file where that is not what is listed: the lines of invoices. */
  rowsOf?: (ask: ListAsk<E>, items: readonly Item[]) => Promise<readonly Row[]>;
  /** Whether `read` knows `ids`. */
  choosable?: boolean;
  /** How many are read at once; fewer where each is many rows. */
  perPage?: number;
  /** Users are of no organization: what is about them is read as the system. */
  as?: 'system';
};

type Reading = Pick<ListAsk<Endpoint>, 'actor' | 'organization' | 'now' | 'ids'> & {
  /** As the list's endpoint takes it, without the page. */
  query: Readonly<Record<string, unknown>>;
  inTx: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  /** Told after each page how many rows there are in all. */
  onRows?: (rows: number) => Promise<void>;
};
export type Format = 'csv' | 'xlsx';

/** A list as a file, whatever stands in it. */
export type ListFile = {
  title: string;
  list: Endpoint;
  choosable: boolean;
  as: 'caller' | 'system';
  bytes: (reading: Reading, format: Format) => AsyncIterable<string | Uint8Array>;
};

/** How a list is a file: what reads it, and then the columns of a row. */
export const listFile =
  <E extends Endpoint, Item extends Listed, Row = Item>(definition: Definition<E, Item, Row>) =>
  (
    columns: readonly FileColumn<Row>[] | ((query: z.output<E['query']>) => readonly FileColumn<Row>[]),
  ): ListFile => {
    const { list, title, choosable = false, as = 'caller' } = definition;
    const bytes = (reading: Reading, format: Format) => {
      const { organization, now } = reading;
      const today = dateIn(organization.timeZone, now);
      const shown = typeof columns === 'function' ? columns(reading.query as z.output<E['query']>) : columns;
      const sheet = {
        title,
        columns: shown,
        today,
        timeZone: organization.timeZone,
        currency: organization.currency,
      };
      const pages = pagesOf(definition, reading, today);
      return format === 'csv' ? csvFile(sheet, pages) : xlsxFile(sheet, pages);
    };
    return { title, list, choosable, as, bytes };
  };

/** One page after the other, from the last row of the one before: what is held is one page. */
async function* pagesOf<E extends Endpoint, Item extends Listed, Row>(
  { read, rowsOf, perPage = 500 }: Definition<E, Item, Row>,
  { inTx, query, onRows, ...asked }: Reading,
  today: CalendarDate,
): AsyncGenerator<readonly Row[]> {
  let rows = 0;
  for (let after: string | undefined; ; ) {
    const paged = { ...query, limit: perPage, starting_after: after } as z.output<E['query']>;
    const { items, page, more } = await inTx(async (tx) => {
      const ask = { ...asked, tx, today, query: paged };
      const { data, has_more } = await read(ask);
      return { items: data, page: rowsOf ? await rowsOf(ask, data) : (data as unknown[]), more: has_more };
    });
    rows += page.length;
    if (page.length > 0) yield page as readonly Row[];
    await onRows?.(rows);
    after = items.at(-1)?.id;
    if (!more || after === undefined) return;
  }
}

type Sheet<Row> = {
  title: string;
  columns: readonly FileColumn<Row>[];
  today: string;
  timeZone: string;
  currency: string;
};

const plain = <Row>(sheet: Sheet<Row>, [, , value]: FileColumn<Row>, row: Row): string => {
  const cell = value(row, sheet.today);
  return cell instanceof Date ? dateIn(sheet.timeZone, cell) : String(cell ?? '');
};

/** The mark by which spreadsheets know UTF-8. */
const mark = '\ufeff';

async function* csvFile<Row>(
  sheet: Sheet<Row>,
  pages: AsyncIterable<readonly Row[]>,
): AsyncGenerator<string> {
  const { columns } = sheet;
  yield mark + csvLine(columns.map(([heading]) => heading));
  for await (const rows of pages)
    yield rows
      .map((row) => csvLine(columns.map((column) => guardFormula(plain(sheet, column, row)))))
      .join('');
}

/** How a spreadsheet shows a column; amounts with the decimals that the organization's currency has. */
function formatOf(kind: FileColumn<never>[1], currency: string): string | undefined {
  if (kind === 'date') return 'yyyy-mm-dd';
  if (kind === 'count') return '#,##0';
  if (kind !== 'money') return undefined;
  const digits = currencyDigits(currency);
  return digits === 0 ? '#,##0' : `#,##0.${'0'.repeat(digits)}`;
}

/**
 * Numbers and dates as spreadsheets count them: a date is the days since the end of 1899. A text is kept as
 * text, so nothing in it is run. Beyond what one sheet holds there is a second one.
 */
function xlsxFile<Row>(sheet: Sheet<Row>, pages: AsyncIterable<readonly Row[]>): AsyncIterable<Uint8Array> {
  const { columns, title } = sheet;
  const cell = (column: FileColumn<Row>, row: Row): string | number | null => {
    const text = plain(sheet, column, row);
    if (text === '') return null;
    if (column[1] === 'date') return daysBetween('1899-12-30', text);
    return column[1] === 'text' ? text : Number(text);
  };
  async function* cells(): AsyncGenerator<(string | number | null)[]> {
    for await (const rows of pages) for (const row of rows) yield columns.map((column) => cell(column, row));
  }
  return writeXlsxStream(cells(), {
    name: title,
    freezePane: { rows: 1 },
    columns: columns.map(([header, kind]) => {
      const numFmt = formatOf(kind, sheet.currency);
      return { header, width: kind === 'text' ? 28 : 14, ...(numFmt ? { numFmt } : {}) };
    }),
  });
}
