/** One line of a CSV file, quoted where it must be. */
export function csvLine(cells: readonly string[], delimiter = ','): string {
  const quotedCells = cells.map((cell) => {
    const mustQuote = cell.includes(delimiter) || /["\r\n]|^\s|\s$/.test(cell);
    return mustQuote ? `"${cell.replaceAll('"', '""')}"` : cell;
  });
  return `${quotedCells.join(delimiter)}\r\n`;
}
