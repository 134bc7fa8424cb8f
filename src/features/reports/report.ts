import type { RawBuilder } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Field, Filter } from '#features/reports/filter-fields.ts';
import type { CalendarDate } from '#lib/dates.ts';
import type { Scope } from '#lib/endpoint.ts';

export type Cell = string | number | bigint | null;
export type CellKind = 'text' | 'money' | 'date' | 'count' | 'days' | 'percent';

export type ReportColumn = {
  key: string;
  title: string;
  kind: CellKind;
  /** Added up at the foot: money by currency. */
  sum?: boolean;
};

/** Whose report, on which of its days. A report by mail is as of the day it was due. */
export type Desk = {
  organizationId: string;
  today: CalendarDate;
  timeZone: string;
  currency: string;
  locale: string;
  /** 0 is Sunday. */
  firstWeekday: number;
  fiscalMonth: number;
};

export type ReportRow = {
  cells: Cell[];
  /** Of its money; null in a row without any. */
  currency: string | null;
  /** The page that it opens, in the console. */
  link: string | null;
};

/** Which figures a chart draws: a bar for each row, or for each total. */
export type Chart = { kind: 'rows'; label: string; value: string } | { kind: 'totals'; values: string[] };

/**
 * A report is this value. The page, the files and the mails come from it alone: a new one is a new value, and
 * nothing else.
 */
export type Report = {
  key: string;
  title: string;
  /** The question that it answers, in a sentence. */
  answers: string;
  group: 'owed' | 'coming' | 'earned' | 'customers' | 'work';
  /** What a reader must be allowed to see. */
  scope: Scope;
  fields: readonly Field[];
  columns: (filter: Filter) => readonly ReportColumn[];
  /**
   * One statement, read in batches: its columns are named as the report's, beside them `currency` and `link`.
   */
  statement: (desk: Desk, filter: Filter) => RawBuilder<unknown>;
  chart?: (filter: Filter) => Chart | undefined;
  /** What a reader must know of the figures, in words. */
  notes?: (desk: Desk, filter: Filter, tx: Tx) => Promise<string[]> | string[];
};

/** Sums of the columns that have one, in the order of the columns; null where a column has none. */
export type Totals = { currency: string | null; cells: Cell[] }[];

/** Adds up as rows pass: nothing of them is kept. */
export function addUp(columns: readonly ReportColumn[]): { add(row: ReportRow): void; totals(): Totals } {
  const byCurrency = new Map<string | null, (bigint | null)[]>();
  const fresh = (): (bigint | null)[] => columns.map(({ sum }) => (sum ? 0n : null));
  return {
    add({ cells, currency }) {
      const sums = byCurrency.get(currency) ?? fresh();
      byCurrency.set(currency, sums);
      for (let at = 0; at < sums.length; at += 1) {
        const [before, cell] = [sums[at], cells[at]];
        if (typeof before === 'bigint' && cell !== null && typeof cell !== 'string')
          sums[at] = before + BigInt(cell ?? 0);
      }
    },
    totals: () =>
      [...byCurrency]
        .sort(([a], [b]) => (a ?? '').localeCompare(b ?? ''))
        .map(([currency, sums]) => ({
          currency,
          cells: sums.map((sum, at) => (sum !== null && columns[at]?.kind !== 'money' ? Number(sum) : sum)),
        })),
  };
}
