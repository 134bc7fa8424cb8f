/** Spreadsheets run a cell that begins so; OWASP's list for CSV injection. */
const guarded = /^'+[=+\-@\t\r\n]/;
const dangerous = /^'*[=+\-@\t\r\n]/;
const numeric = /^[+-]?\d[\d.,]*%?$/;

/** An apostrophe before a cell that a spreadsheet would run as a formula. Numbers stay numbers. */
export const guardFormula = (cell: string): string =>
  dangerous.test(cell) && !numeric.test(cell) ? `'${cell}` : cell;

/** The exact inverse of guardFormula. */
export const unguardFormula = (cell: string): string => (guarded.test(cell) ? cell.slice(1) : cell);

/** One line of a CSV file, quoted where it must be. */
export function csvLine(cells: readonly string[], delimiter = ','): string {
  const quotedCells = cells.map((cell) => {
    const mustQuote = cell.includes(delimiter) || /["\r\n]|^\s|\s$/.test(cell);
    return mustQuote ? `"${cell.replaceAll('"', '""')}"` : cell;
  });
  return `${quotedCells.join(delimiter)}\r\n`;
}
