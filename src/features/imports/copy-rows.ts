import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sql } from 'kysely';
import { from as copyFrom } from 'pg-copy-streams';
import type { Tx } from '#db/db.ts';
import type { CsvRecord } from '#features/imports/csv-records.ts';

const escapes: Record<string, string> = {
  '"': '\\\\"',
  '\\': '\\\\\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A cell inside an array literal inside a line of COPY: both have rules of escaping. */
const encodeCell = (cell: string): string =>
  /["\\\n\r\t]/.test(cell)
    ? `"${cell.replace(/["\\\n\r\t]/g, (char) => escapes[char] ?? char)}"`
    : `"${cell}"`;

function encode(records: readonly CsvRecord[]): string {
  let text = '';
  for (const { lineNo, cells } of records) {
    let row = '';
    for (const cell of cells) row += row === '' ? encodeCell(cell) : `,${encodeCell(cell)}`;
    text += `${lineNo}\t{${row}}\n`;
  }
  return text;
}

async function* encoded(batches: AsyncIterable<CsvRecord[]>, look: (records: CsvRecord[]) => void) {
  for await (const records of batches) {
    look(records);
    yield Buffer.from(encode(records));
  }
}

/**
 * Stream the rows of a file into the database; `look` sees every row on the way. COPY knows no row-level
 * security, so it fills a table of this transaction's own, and one insert through the walls moves it over.
 */
export async function copyRows(
  tx: Tx,
  batch: { organizationId: string; id: string },
  batches: AsyncIterable<CsvRecord[]>,
  look: (records: CsvRecord[]) => void,
): Promise<number> {
  await tx.run(
    sql`create temp table import_upload (line_no bigint not null, cells text[] not null) on commit drop`,
  );
  const copy = tx.client.query(copyFrom('copy import_upload (line_no, cells) from stdin'));
  await pipeline(Readable.from(encoded(batches, look), { objectMode: false }), copy);
  return tx.run(sql`insert into import_rows (organization_id, batch_id, line_no, group_no, cells)
    select ${batch.organizationId}, ${batch.id}, line_no, line_no, cells from import_upload`);
}
