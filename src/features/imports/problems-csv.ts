import { sql } from 'kysely';
import type { Actor, Database } from '#db/db.ts';
import { readImport } from '#features/imports/queries.ts';
import { rejectedCsv } from '#features/imports/rejected-csv.ts';
import type { RejectedRow } from '#features/imports/row-rules.ts';

const pageSize = 500;

type Stored = { lineNo: number; cells: string[]; problems: [string, string, string][] };

async function* rejectedRows(
  db: Database,
  actor: Actor,
  one: { organizationId: string; importId: string },
): AsyncGenerator<RejectedRow> {
  for (let after = 0; ; ) {
    // A slow reader holds no transaction open: each page has its own.
    const page = await db.transaction(actor, (tx) =>
      tx.rows<Stored>(sql`
      select p.line_no::float8 as line_no, to_json(r.cells) as cells, p.problems from (
        select line_no, json_agg(json_build_array(column_name, value, reason) order by problem_no) as problems
        from import_problems where organization_id = ${one.organizationId} and batch_id = ${one.importId}
          and not kept and line_no > ${after}
        group by line_no order by line_no limit ${pageSize}) p
      join import_rows r on r.organization_id = ${one.organizationId} and r.batch_id = ${one.importId}
        and r.line_no = p.line_no order by p.line_no`),
    );
    for (const { lineNo, cells, problems } of page) {
      yield {
        lineNo,
        cells,
        problems: problems.map(([column, value, reason]) => ({ column, value, reason })),
      };
    }
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last.lineNo;
  }
}

/** The rejected rows as a file to correct and bring in again, in the dialect of the one that was sent. */
export async function problemsCsv(
  db: Database,
  actor: Actor,
  one: { organizationId: string; importId: string },
): Promise<{ fileName: string; text: AsyncGenerator<string> }> {
  const batch = await db.transaction(actor, (tx) => readImport(tx, one.organizationId, one.importId));
  const fileName = `${batch.fileName.replace(/\.[a-z0-9]{1,5}$/i, '')}-problems.csv`;
  return { fileName, text: rejectedCsv(batch.header, rejectedRows(db, actor, one), batch.delimiter) };
}
