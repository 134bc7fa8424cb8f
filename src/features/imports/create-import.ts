import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { arrangeRows } from '#features/imports/arrange-rows.ts';
import { copyRows } from '#features/imports/copy-rows.ts';
import type { ImportKind } from '#features/imports/field-rules.ts';
import {
  decideFormats,
  type FormatEvidence,
  observeRow,
  startEvidence,
} from '#features/imports/format-rules.ts';
import { proposeMapping } from '#features/imports/mapping-rules.ts';
import { readCsv } from '#features/imports/read-csv.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type Upload = {
  organizationId: string;
  kind: ImportKind;
  fileName: string;
  file: AsyncIterable<Uint8Array>;
};

/**
 * Take in a file: its rows, the mapping it seems to have, the questions it leaves open. A file that cannot be
 * read leaves a failed import that says why, and no rows.
 */
export async function createImport(
  tx: Tx,
  actor: Actor,
  input: Upload,
  now: Date,
): Promise<{ importId: string }> {
  const { organizationId, kind, fileName } = input;
  const id = newId('importBatch');
  await tx.run(sql`insert into import_batches (organization_id, id, kind, file_name, state, user_id,
    created_at, updated_at)
    values (${organizationId}, ${id}, ${kind}, ${fileName}, 'reading',
    ${actor.kind === 'user' ? actor.userId : null},
      ${now}, ${now})`);
  await tx.run(sql`savepoint before_file`);
  try {
    await takeIn(tx, { ...input, id });
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'too_large') throw error;
    await tx.run(sql`rollback to savepoint before_file`);
    await tx.run(sql`update import_batches set state = 'failed', error = ${error.message}
      where organization_id = ${organizationId} and id = ${id}`);
  }
  return { importId: id };
}

async function takeIn(tx: Tx, input: Upload & { id: string }): Promise<void> {
  const { organizationId, id, kind } = input;
  const file = await readCsv(input.file);
  let proposal: ReturnType<typeof proposeMapping> | undefined;
  let evidence: FormatEvidence = [];
  const rowsTotal = await copyRows(tx, input, file.batches, (records) => {
    if (!proposal) {
      proposal = proposeMapping(
        kind,
        file.headers,
        records.slice(0, 100).map(({ cells }) => cells),
      );
      evidence = startEvidence(kind, proposal.mapping);
    }
    for (const record of records) observeRow(evidence, record.cells);
  });
  if (!proposal) {
    throw new Refusal('invalid_request', 'The file has a header and no rows below it. Send one with rows.');
  }
  const { mapping } = proposal;
  const { formats, questions } = decideFormats(evidence, file.headers);
  await arrangeRows(tx, input, mapping);
  await tx.run(sql`update import_batches set state = 'mapping', header = ${file.headers}::text[],
    mapping = ${JSON.stringify(mapping)}, formats = ${JSON.stringify(formats)},
    questions = ${JSON.stringify(questions)},
    delimiter = ${file.delimiter}, rows_total = ${rowsTotal}
    where organization_id = ${organizationId} and id = ${id}`);
}
