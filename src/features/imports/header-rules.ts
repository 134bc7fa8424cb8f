/** The columns that a file of rejected rows carries beside the original ones. */
export const rejectionHeaders = ['Line', 'Column', 'Value', 'Reason'] as const;

/** How many of the first columns are the sender's own: a file of rejected rows ends in four of ours. */
export function ownColumns(headers: readonly string[]): number {
  const at = headers.length - rejectionHeaders.length;
  const isOurs = at > 0 && rejectionHeaders.every((name, index) => headers[at + index] === name);
  return isOurs ? at : headers.length;
}

/** A header without case, spaces, signs and accents: `* Invoice No.` and `InvoiceNo` are one. */
export const plainHeader = (header: string): string =>
  header
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('#', ' no ')
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]+/gu, '');

/** The words of a header: `InvoiceNo (Ref.)` is invoice, no, ref. */
export const headerWords = (header: string): string[] =>
  header
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replaceAll('#', ' no ')
    .toLowerCase()
    .normalize('NFD')
    .replace(/\u0308|[\u0300-\u036f]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** Headers that can be told apart: blank ones get their place as a name, repeated ones a number. */
export function nameHeaders(cells: readonly string[]): string[] {
  const taken = new Set<string>();
  return cells.map((cell, index) => {
    const wanted = cell.replace(/\s+/g, ' ').trim() || `Column ${index + 1}`;
    let name = wanted;
    for (let count = 2; taken.has(name.toLowerCase()); count += 1) name = `${wanted} (${count})`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** The place of the header among the first rows: below the title lines that reports begin with. */
export function findHeader(rows: readonly (readonly string[])[]): number {
  const filled = rows.map((cells) => cells.filter((cell) => cell.trim() !== '').length);
  const first = Math.max(
    0,
    filled.findIndex((count) => count > 0),
  );
  if (filled[first] !== 1) return first;
  const table = filled.findIndex((count, index) => index > first && index <= first + 10 && count >= 3);
  return table < 0 ? first : table;
}
