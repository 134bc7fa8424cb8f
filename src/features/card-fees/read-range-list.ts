import { parse } from 'csv-parse/sync';
import { agreedRanges, type CardRange, type RangeFunding, spanOf } from '#features/card-fees/range-rules.ts';
import { Refusal } from '#lib/errors.ts';

/** The names that lists in use have for the same. */
const columns = {
  first: ['first', 'bin', 'iin', 'iin_start', 'bin_start', 'low'],
  last: ['last', 'iin_end', 'bin_end', 'high'],
  funding: ['funding', 'type', 'card_type'],
  prepaid: ['prepaid', 'is_prepaid'],
} as const;

const yes = new Set(['y', 'yes', 'true', '1']);
const fundings: Record<string, RangeFunding> = {
  credit: 'credit',
  'charge card': 'credit',
  debit: 'debit',
  prepaid: 'prepaid',
};

type Row = Record<string, string>;

export type RangeList = { ranges: CardRange[]; rows: number; skipped: number };

/** A file of card ranges as its operator got it. Rows that say nothing usable are counted, not guessed at. */
export function readRangeList(text: string): RangeList {
  const rows = parse<Row>(text, {
    bom: true,
    columns: (header: string[]) => header.map((name) => name.trim().toLowerCase().replaceAll(' ', '_')),
    skip_empty_lines: true,
    relax_column_count: true,
    trim: true,
  });
  const [head] = rows;
  const nameOf = (key: keyof typeof columns) => columns[key].find((name) => head && name in head);
  const [first, funding] = [nameOf('first'), nameOf('funding')];
  if (!first || !funding)
    throw new Refusal(
      'invalid_request',
      'The file needs a first line with the columns bin (or iin_start and iin_end) and funding (or type).',
    );
  const [last, prepaid] = [nameOf('last'), nameOf('prepaid')];
  const said = rows.flatMap((row): CardRange[] => {
    const from = row[first] ?? '';
    const span = spanOf(from, (last && row[last]) || from);
    const kind =
      prepaid && yes.has((row[prepaid] ?? '').toLowerCase())
        ? 'prepaid'
        : fundings[(row[funding] ?? '').toLowerCase()];
    return span && kind ? [{ ...span, funding: kind }] : [];
  });
  const ranges = agreedRanges(said);
  if (ranges.length === 0)
    throw new Refusal(
      'invalid_request',
      'No row names a range of at least six digits as credit, debit or prepaid.',
    );
  return { ranges, rows: rows.length, skipped: rows.length - said.length };
}
