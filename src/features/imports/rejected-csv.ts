import { csvLine, guardFormula, unguardFormula } from '#lib/csv-line.ts';
import { ownColumns, rejectionHeaders } from './header-rules.ts';
import type { RejectedRow } from './row-rules.ts';

/** The mark by which spreadsheets know UTF-8. */
const mark = '\ufeff';

/**
 * The rejected rows as a file to correct and bring in again: their own columns, then what is wrong.
 * Several problems of a row stand side by side in one row, so that nothing comes in twice.
 */
export async function* rejectedCsv(
  headers: readonly string[],
  rows: AsyncIterable<RejectedRow> | Iterable<RejectedRow>,
  delimiter = ',',
): AsyncGenerator<string> {
  const width = ownColumns(headers);
  yield mark + csvLine([...headers.slice(0, width), ...rejectionHeaders].map(guardFormula), delimiter);
  for await (const { lineNo, cells, problems } of rows) {
    const join = (pick: 'column' | 'value' | 'reason'): string =>
      problems.map((problem) => problem[pick]).join(' | ');
    // Guarded in an earlier round is guarded once, not twice. Extra cells would push ours aside.
    const own = headers.slice(0, width).map((_, index) => unguardFormula(cells[index] ?? ''));
    const line = [...own, String(lineNo), join('column'), join('value'), join('reason')];
    yield csvLine(line.map(guardFormula), delimiter);
  }
}
