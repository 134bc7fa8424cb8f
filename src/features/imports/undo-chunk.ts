import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { ImportContext } from '#features/imports/import-context.ts';
import { undoCustomers } from '#features/imports/undo-customers.ts';
import { undoInvoices } from '#features/imports/undo-invoices.ts';
import { undoItems } from '#features/imports/undo-items.ts';
import type { Change } from '#features/imports/undo-rules.ts';
import { writeProblems } from '#features/imports/write-problems.ts';

const undo = { customers: undoCustomers, items: undoItems, invoices: undoInvoices };

/** Take back the next of what the batch did; what something was built on is kept and says why. */
export async function undoChunk(tx: Tx, context: ImportContext, size: number): Promise<boolean> {
  const { batch, now } = context;
  const changes = await tx.rows<Change>(sql`
    select c.line_no::float8 as line_no, c.target_id, c.before, c.changed_at from import_changes c
    where c.organization_id = ${batch.organizationId} and c.batch_id = ${batch.id}
    and c.line_no > ${batch.doneThrough}
    order by c.line_no limit ${size}`);
  const last = changes.at(-1);
  if (!last) return false;
  const kept = await undo[batch.kind](tx, context, changes);
  await writeProblems(
    tx,
    batch,
    kept.map(({ lineNo, value, reason }) => ({ lineNo, problems: [{ column: '', value, reason }] })),
    true,
  );
  const share = changes.length / Math.max(1, batch.createdCount + batch.updatedCount);
  await tx.run(sql`update import_batches set rows_done = least(rows_total,
    rows_done + ${Math.round(batch.rowsTotal * share)}),
    kept_count = kept_count + ${kept.length}, done_through = ${last.lineNo}, error = null, updated_at = ${now}
    where organization_id = ${batch.organizationId} and id = ${batch.id}`);
  return true;
}
