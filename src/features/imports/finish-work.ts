import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { mostLinesOfInvoice } from '#features/imports/arrange-rows.ts';
import { columnOf } from '#features/imports/draft-rules.ts';
import type { ImportContext } from '#features/imports/import-context.ts';
import type { ImportBatch } from '#features/imports/queries.ts';

/**
 * Behind the last chunk: the batch is checked, imported or undone, and the one event of it all is
 * recorded.
 */
export async function finishWork(tx: Tx, context: ImportContext): Promise<void> {
  const { batch } = context;
  if (batch.state === 'undoing') return finishUndo(tx, context);
  const tooLong = await rejectTooLong(tx, context);
  const state = batch.state === 'checking' ? 'checked' : 'imported';
  await tx.run(sql`update import_batches set state = ${state}, rows_done = rows_total,
    rows_rejected = rows_rejected + ${tooLong}, error = null, updated_at = ${context.now},
    imported_at = case when ${state} = 'imported' then ${context.now}::timestamptz end
    where organization_id = ${batch.organizationId} and id = ${batch.id}`);
  if (state === 'checked') return;
  await recordOf(tx, context, 'import.imported', {
    created: batch.createdCount,
    updated: batch.updatedCount,
    unchanged: batch.unchangedCount,
    rejected: batch.rowsRejected + tooLong,
    send_invoices: batch.sendInvoices,
  });
}

/** Rows under one number that are more than an invoice may have: they were in no chunk. */
async function rejectTooLong(tx: Tx, { batch, plan }: ImportContext): Promise<number> {
  const reason = `More than ${mostLinesOfInvoice} rows have this number. Split the invoice.`;
  const column = Number(plan.columns.number ?? -1) + 1;
  return tx.run(sql`
    insert into import_problems (organization_id, batch_id, line_no, problem_no, column_name, value, reason)
    select organization_id, batch_id, line_no, 0, ${columnOf(plan, 'number')},
    left(coalesce(cells[${column}], ''), 1000),
      ${reason}
    from import_rows where organization_id = ${batch.organizationId} and batch_id = ${batch.id}
    and group_no = 0
    on conflict do nothing`);
}

async function finishUndo(tx: Tx, context: ImportContext): Promise<void> {
  const { batch, now } = context;
  if (batch.kind === 'invoices') await removeAdded(tx, batch);
  const changed = batch.createdCount + batch.updatedCount;
  const error =
    batch.keptCount === 0
      ? null
      : `${batch.keptCount} of ${changed} were kept: something was built on them since. Their rows say what.`;
  await tx.run(sql`update import_batches set state = 'undone', rows_done = rows_total, undone_at = ${now},
    updated_at = ${now}, error = ${error} where organization_id = ${batch.organizationId}
    and id = ${batch.id}`);
  await recordOf(tx, context, 'import.undone', { undone: changed - batch.keptCount, kept: batch.keptCount });
}

/**
 * The items that the lines of the invoices had added. Lines keep an item's name and price themselves; an item
 * that a living invoice uses stays for the next one, and so does one that somebody has made his own.
 */
const removeAdded = (tx: Tx, { organizationId, id }: ImportBatch): Promise<number> =>
  tx.run(sql`delete from items i where i.organization_id = ${organizationId} and i.import_batch_id = ${id}
    and i.updated_at is null
    and not exists (select from invoice_lines l join invoices v on v.organization_id = l.organization_id
    and v.id = l.invoice_id
      where l.organization_id = i.organization_id and l.item_name = i.name and v.voided_at is null)`);

/** In the name of whoever brought the file, where that is known. */
async function recordOf(
  tx: Tx,
  context: ImportContext,
  type: string,
  data: Record<string, unknown>,
): Promise<void> {
  const { batch, now } = context;
  const { organizationId, userId } = batch;
  const actor: Actor = userId ? { kind: 'user', organizationId, userId, roles: [] } : context.actor;
  await record(tx, { actor, organizationId, now }, [
    { type, subjectId: batch.id, data: { kind: batch.kind, file_name: batch.fileName, ...data } },
  ]);
}
