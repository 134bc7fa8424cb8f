import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { decideCustomers } from '#features/imports/decide-customers.ts';
import { decideInvoices } from '#features/imports/decide-invoices.ts';
import { decideItems } from '#features/imports/decide-items.ts';
import type { RowProblems } from '#features/imports/group-rules.ts';
import type { ImportContext } from '#features/imports/import-context.ts';
import { importCustomers } from '#features/imports/import-customers.ts';
import { importInvoices } from '#features/imports/import-invoices.ts';
import { importItems } from '#features/imports/import-items.ts';
import { type Chunk, readChunk } from '#features/imports/read-chunk.ts';
import { writeProblems } from '#features/imports/write-problems.ts';

type Decided = {
  accepted: readonly { action: 'create' | 'update' | 'unchanged' }[];
  rejected: RowProblems[];
};

/** Read the next rows and say what they would do. Answers false behind the last row. */
export async function checkChunk(tx: Tx, context: ImportContext, size: number): Promise<boolean> {
  const chunk = await readChunk(tx, context.batch, size);
  if (!chunk) return false;
  const decide = { customers: decideCustomers, items: decideItems, invoices: decideInvoices };
  await count(tx, context, chunk, await decide[context.batch.kind](tx, context, chunk.rows, false));
  return true;
}

/**
 * Bring the next rows in: read, decided and written in one transaction. Answers false behind the last
 * row.
 */
export async function importChunk(tx: Tx, context: ImportContext, size: number): Promise<boolean> {
  const chunk = await readChunk(tx, context.batch, size);
  if (!chunk) return false;
  const { rows } = chunk;
  if (context.batch.kind === 'customers') {
    const decided = await decideCustomers(tx, context, rows, true);
    await importCustomers(tx, context, decided.accepted);
    await count(tx, context, chunk, decided);
  } else if (context.batch.kind === 'items') {
    const decided = await decideItems(tx, context, rows, true);
    await importItems(tx, context, decided.accepted);
    await count(tx, context, chunk, decided);
  } else {
    const decided = await decideInvoices(tx, context, rows, true);
    await importInvoices(tx, context, decided.accepted);
    await count(tx, context, chunk, decided);
  }
  return true;
}

async function count(
  tx: Tx,
  context: ImportContext,
  chunk: Chunk,
  { accepted, rejected }: Decided,
): Promise<void> {
  const { batch, now } = context;
  await writeProblems(tx, batch, rejected);
  const of = (action: string): number => accepted.filter((row) => row.action === action).length;
  await tx.run(sql`update import_batches set rows_done = rows_done + ${chunk.rows.length},
    rows_rejected = rows_rejected + ${rejected.length}, created_count = created_count + ${of('create')},
    updated_count = updated_count + ${of('update')}, unchanged_count = unchanged_count + ${of('unchanged')},
    done_through = ${chunk.through}, error = null, updated_at = ${now}
    where organization_id = ${batch.organizationId} and id = ${batch.id}`);
}
