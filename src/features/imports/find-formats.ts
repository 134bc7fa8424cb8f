import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { ImportKind } from '#features/imports/field-rules.ts';
import { decideFormats, observeRow, startEvidence } from '#features/imports/format-rules.ts';
import type { Mapping } from '#features/imports/mapping-rules.ts';

const pageSize = 5000;

/** How the mapped columns write their values: proven by every row of the stored file, or asked. */
export async function findFormats(
  tx: Tx,
  file: { organizationId: string; id: string; kind: ImportKind; header: readonly string[] },
  mapping: Mapping,
): Promise<ReturnType<typeof decideFormats>> {
  const evidence = startEvidence(file.kind, mapping);
  let after = 0;
  for (;;) {
    const rows = await tx.rows<{ lineNo: number; cells: string[] }>(sql`
      select r.line_no::float8 as line_no, to_json(r.cells) as cells from import_rows r
      where r.organization_id = ${file.organizationId} and r.batch_id = ${file.id} and r.line_no > ${after}
      order by r.line_no limit ${pageSize}`);
    for (const row of rows) observeRow(evidence, row.cells);
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return decideFormats(evidence, file.header);
    after = last.lineNo;
  }
}
