import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { FieldKey } from '#features/imports/field-rules.ts';
import type { ImportBatch } from '#features/imports/queries.ts';

export type StoredRow = {
  lineNo: number;
  groupNo: number;
  duplicateOf: number | null;
  duplicateBy: FieldKey | null;
  cells: string[];
};

/** Rows in the order of their invoices, each invoice whole; `through` is the first line of the last. */
export type Chunk = { rows: StoredRow[]; through: number };

// Sorts name the table (`r.line_no`): by the column of the answer no index could sort.
export const rowColumns = sql.raw(`r.line_no::float8 as line_no, r.group_no::float8 as group_no,
  r.duplicate_of::float8 as duplicate_of, r.duplicate_by, to_json(r.cells) as cells`);

/** Behind each first row the others of its invoice, in the order of the file. */
export function inGroups(heads: readonly StoredRow[], tails: readonly StoredRow[]): StoredRow[] {
  if (tails.length === 0) return [...heads];
  const groups = new Map<number, StoredRow[]>();
  for (const tail of tails) {
    const group = groups.get(tail.groupNo);
    if (group) group.push(tail);
    else groups.set(tail.groupNo, [tail]);
  }
  return heads.flatMap((head) => [head, ...(groups.get(head.lineNo) ?? [])]);
}

/** The next rows to work on, or undefined behind the last. */
export async function readChunk(tx: Tx, batch: ImportBatch, size: number): Promise<Chunk | undefined> {
  const own = sql`r.organization_id = ${batch.organizationId} and r.batch_id = ${batch.id}`;
  let heads = await tx.rows<StoredRow>(sql`select ${rowColumns} from import_rows r
    where ${own} and r.line_no > ${batch.doneThrough} and r.group_no = r.line_no order by r.line_no
    limit ${size}`);
  const [first] = heads;
  const last = heads.at(-1);
  if (!first || !last) return undefined;
  if (batch.kind !== 'invoices') return { rows: heads, through: last.lineNo };
  // Twice the longest invoice: one whole invoice at least is among them.
  const most = Math.max(2 * size, 4000);
  const tails = await tx.rows<StoredRow>(sql`select ${rowColumns} from import_rows r
    where ${own} and r.group_no between ${first.lineNo} and ${last.lineNo} and r.group_no <> r.line_no
    order by r.group_no, r.line_no limit ${most}`);
  const cut = tails.length === most ? tails.at(-1) : undefined;
  if (cut) heads = heads.filter((head) => head.lineNo < cut.groupNo);
  return { rows: inGroups(heads, tails), through: heads.at(-1)?.lineNo ?? first.lineNo };
}
