/** What may stand between cells, the likeliest first. */
export const delimiters = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

/** The line with which Excel names the separator, and how long it is. */
export function separatorLine(text: string): { delimiter: Delimiter; length: number } | undefined {
  const match = /^"?sep=(.)"?(?:\r\n|\n|\r|$)/i.exec(text);
  const delimiter = delimiters.find((known) => known === match?.[1]);
  return match && delimiter ? { delimiter, length: match[0].length } : undefined;
}

const mostRecords = 200;

/** For each of the first records how often each delimiter stands outside quotes. */
function countDelimiters(text: string, isWhole: boolean): number[][] {
  const records: number[][] = [];
  let counts = delimiters.map(() => 0);
  let isQuoted = false;
  let isBlank = true;
  for (const char of text) {
    if (char === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (char === '\n' || char === '\r') {
      if (!isBlank) records.push(counts);
      if (records.length === mostRecords) return records;
      counts = delimiters.map(() => 0);
      isBlank = true;
      continue;
    } else {
      const which = delimiters.findIndex((delimiter) => delimiter === char);
      if (which >= 0) counts[which] = (counts[which] ?? 0) + 1;
    }
    isBlank = false;
  }
  if (!isBlank && (isWhole || records.length === 0)) records.push(counts);
  return records;
}

/** The delimiter that most records have equally often: the head of the file decides. */
export function detectDelimiter(head: string, isWhole: boolean): Delimiter {
  const records = countDelimiters(head, isWhole);
  let best: { delimiter: Delimiter; share: number; count: number } = { delimiter: ',', share: 0, count: 0 };
  delimiters.forEach((delimiter, which) => {
    const tally = new Map<number, number>();
    for (const counts of records) {
      const count = counts[which] ?? 0;
      if (count > 0) tally.set(count, (tally.get(count) ?? 0) + 1);
    }
    for (const [count, times] of tally) {
      const share = times / records.length;
      if (share > best.share || (share === best.share && count > best.count))
        best = { delimiter, share, count };
    }
  });
  return best.delimiter;
}
