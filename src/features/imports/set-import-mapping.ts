import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { arrangeRows } from '#features/imports/arrange-rows.ts';
import { findFormats } from '#features/imports/find-formats.ts';
import type { FormatQuestion, Formats } from '#features/imports/format-rules.ts';
import { type Mapping, readMapping } from '#features/imports/mapping-rules.ts';
import { type ImportBatch, lockImport } from '#features/imports/queries.ts';
import { Refusal } from '#lib/errors.ts';
import { canonicalJson } from '#lib/json.ts';

export type MappingEdit = {
  mapping?: Record<string, string> | undefined;
  /** Field → format: answers to the file's questions. */
  formats?: Record<string, string> | undefined;
  sendInvoices?: boolean | undefined;
};

/** Say which column is what, and answer what the file leaves open; the import starts over from there. */
export async function setImportMapping(
  tx: Tx,
  _actor: Actor,
  input: { organizationId: string; importId: string } & MappingEdit,
  now: Date,
): Promise<void> {
  const batch = await lockImport(tx, input.organizationId, input.importId);
  if (batch.state !== 'mapping' && batch.state !== 'checked') throw refuseEdit(batch);
  if (input.sendInvoices && batch.kind !== 'invoices') {
    throw new Refusal('invalid_request', {
      message: `A file of ${batch.kind} has nothing to send.`,
      param: 'send_invoices',
    });
  }
  const { mapping, formats, questions } = await readEdit(tx, batch, input);
  await tx.run(
    sql`delete from import_problems where organization_id = ${batch.organizationId}
      and batch_id = ${batch.id}`,
  );
  await tx.run(sql`update import_batches set state = 'mapping', mapping = ${JSON.stringify(mapping)},
    formats = ${JSON.stringify(formats)}, questions = ${JSON.stringify(questions)},
    send_invoices = ${input.sendInvoices ?? batch.sendInvoices}, rows_done = 0, rows_rejected = 0,
    created_count = 0,
    updated_count = 0, unchanged_count = 0, done_through = 0, updated_at = ${now}
    where organization_id = ${batch.organizationId} and id = ${batch.id}`);
}

const refuseEdit = (batch: ImportBatch): Refusal =>
  new Refusal(
    'state_refused',
    batch.state === 'failed'
      ? 'This file could not be read. Upload a corrected one.'
      : 'The mapping can be edited before the import only. Undo it, or upload the file again.',
  );

type Edited = { mapping: Mapping; formats: Formats; questions: FormatQuestion[] };

async function readEdit(tx: Tx, batch: ImportBatch, edit: MappingEdit): Promise<Edited> {
  const edited: Edited = batch;
  if (edit.mapping && canonicalJson(edit.mapping) !== canonicalJson(batch.mapping)) {
    const reading = readMapping(batch.kind, batch.header, edit.mapping);
    if (!reading.ok) throw new Refusal('invalid_request', { message: reading.reason, param: 'mapping' });
    const found = await findFormats(tx, batch, reading.value);
    await arrangeRows(tx, batch, reading.value);
    const kept = found.questions.flatMap(({ field, choices }) =>
      choices.filter(({ value }) => value === batch.formats[field]).map(({ value }) => [field, value]),
    );
    const formats = { ...found.formats, ...Object.fromEntries(kept) };
    return answer({ mapping: reading.value, formats, questions: found.questions }, edit.formats ?? {});
  }
  return answer(edited, edit.formats ?? {});
}

/** Answers are of the choices offered; what the file proves needs none and takes no other. */
function answer({ mapping, formats, questions }: Edited, answers: Record<string, string>): Edited {
  const answered: Record<string, string> = { ...formats };
  const refuse = (field: string, message: string) =>
    new Refusal('invalid_request', { message, param: `formats.${field}` });
  for (const [field, value] of Object.entries(answers)) {
    const question = questions.find((open) => open.field === field);
    if (question && !question.choices.some((choice) => choice.value === value)) {
      const choices = question.choices.map((choice) => `"${choice.value}"`).join(' or ');
      throw refuse(field, `${question.question} Choose ${choices} for the column "${question.column}".`);
    }
    const proven = answered[field];
    if (!question && proven === undefined) {
      throw refuse(field, `No column that can be written in several ways is mapped to "${field}".`);
    }
    if (!question && proven !== 'none' && proven !== value) {
      throw refuse(field, `The values of "${field}" prove the format "${proven}". Leave this answer out.`);
    }
    if (question) answered[field] = value;
  }
  return { mapping, formats: answered as Formats, questions };
}
