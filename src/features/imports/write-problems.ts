import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { RowProblems } from '#features/imports/group-rules.ts';

const longest = 1000;
/** Reasons to keep a row are counted on from here, beside reasons to reject one. */
const firstKept = 1000;

/**
 * Keep what is wrong with rows, or why an undo left them. The second time the same rows are written, nothing
 * changes.
 */
export async function writeProblems(
  tx: Tx,
  batch: { organizationId: string; id: string },
  rows: readonly RowProblems[],
  kept = false,
): Promise<void> {
  const problems = rows.flatMap(({ lineNo, problems: own }) =>
    own.map((problem, at) => ({ ...problem, lineNo, problemNo: kept ? firstKept + at : at })),
  );
  if (problems.length === 0) return;
  const column = <T>(pick: (problem: (typeof problems)[number]) => T): T[] => problems.map(pick);
  await tx.run(sql`
    insert into import_problems (organization_id, batch_id, line_no, problem_no, column_name, value, reason,
    kept)
    select ${batch.organizationId}, ${batch.id}, p.*, ${kept}
    from unnest(${column((p) => p.lineNo)}::bigint[],
      ${column((p) => p.problemNo)}::smallint[], ${column((p) => p.column)}::text[],
      ${column((p) => p.value.slice(0, longest))}::text[],
      ${column((p) => p.reason.slice(0, longest))}::text[]) as p
    on conflict do nothing`);
}
