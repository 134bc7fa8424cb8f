import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { missingFields } from '#features/imports/field-rules.ts';
import { type ImportBatch, type ImportState, lockImport, openQuestion } from '#features/imports/queries.ts';
import { Refusal } from '#lib/errors.ts';

type One = { organizationId: string; importId: string };

function refuseUnready(batch: ImportBatch): void {
  const [missing] = missingFields(batch.kind, new Set(Object.values(batch.mapping)));
  if (missing) {
    throw new Refusal('invalid_request', {
      message: `No column gives ${missing.what}. Map the one that does.`,
      param: 'mapping',
    });
  }
  const open = openQuestion(batch);
  if (open) {
    const choices = open.choices.map(({ label }) => label).join('; or ');
    throw new Refusal('invalid_request', {
      message: `Answer the question on the column "${open.column}": ${open.question} ${choices}.`,
      param: `formats.${open.field}`,
    });
  }
}

/** From the first row, with nothing counted: what earlier work on the batch found is found again. */
async function begin(tx: Tx, batch: ImportBatch, state: ImportState, now: Date): Promise<void> {
  await tx.run(
    sql`delete from import_problems where organization_id = ${batch.organizationId}
      and batch_id = ${batch.id}`,
  );
  await tx.run(sql`update import_batches set state = ${state}, rows_done = 0, rows_rejected = 0,
    created_count = 0,
    updated_count = 0, unchanged_count = 0, done_through = 0, error = null, updated_at = ${now}
    where organization_id = ${batch.organizationId} and id = ${batch.id}`);
}

/** Dry run: read every row and say what would happen; the work itself is done in chunks (work-through.ts). */
export async function startCheck(tx: Tx, _actor: Actor, input: One, now: Date): Promise<void> {
  const batch = await lockImport(tx, input.organizationId, input.importId);
  if (batch.state === 'checking') return;
  if (batch.state !== 'mapping' && batch.state !== 'checked') {
    throw new Refusal('state_refused', `This import is ${batch.state}; there is nothing left to check.`);
  }
  refuseUnready(batch);
  await begin(tx, batch, 'checking', now);
}

/** Bring the accepted rows in. Of two who ask at once, the second is refused. */
export async function startImport(tx: Tx, _actor: Actor, input: One, now: Date): Promise<void> {
  const batch = await lockImport(tx, input.organizationId, input.importId);
  if (batch.state !== 'mapping' && batch.state !== 'checked') {
    const reason: Partial<Record<ImportState, string>> = {
      checking: 'The check is under way. Wait for it.',
      importing: 'The import is under way already.',
      failed: 'This file could not be read. Upload a corrected one.',
    };
    throw new Refusal('state_refused', reason[batch.state] ?? `This import is ${batch.state} already.`);
  }
  refuseUnready(batch);
  await begin(tx, batch, 'importing', now);
}

/** Take a batch back, row by row, as far as nothing was built on it. */
export async function startUndo(tx: Tx, _actor: Actor, input: One, now: Date): Promise<void> {
  const batch = await lockImport(tx, input.organizationId, input.importId);
  if (batch.state !== 'imported') {
    throw new Refusal(
      'state_refused',
      batch.state === 'undoing' || batch.state === 'undone'
        ? `This import is ${batch.state} already.`
        : 'Only what has been imported can be undone.',
    );
  }
  await tx.run(sql`update import_batches set state = 'undoing', rows_done = 0, done_through = 0,
    kept_count = 0,
    error = null, updated_at = ${now} where organization_id = ${batch.organizationId} and id = ${batch.id}`);
}
