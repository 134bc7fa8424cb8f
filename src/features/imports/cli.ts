import { open } from 'node:fs/promises';
import path from 'node:path';
import { sql } from 'kysely';
import { type Actor, type Database, systemActor } from '#db/db.ts';
import { createImport } from '#features/imports/create-import.ts';
import { fieldsOf, type ImportKind, missingFields } from '#features/imports/field-rules.ts';
import { type ImportBatch, readImport } from '#features/imports/queries.ts';
import { setImportMapping } from '#features/imports/set-import-mapping.ts';
import { startCheck, startImport } from '#features/imports/start-work.ts';
import { workThrough } from '#features/imports/work-through.ts';
import { organizationNow } from '#lib/clock.ts';
import { notFound, Refusal } from '#lib/errors.ts';

export type FileImport = {
  organizationId: string;
  kind: ImportKind;
  path: string;
  /** Check every row and stop there. */
  dryRun?: boolean;
  /** Column (number from 0, or its header) → field; laid over what is proposed. Empty takes a column out. */
  mapping?: Record<string, string>;
  /** Field, or `date`, `decimal`, `tax_rate` for all columns of that kind → format. */
  formats?: Record<string, string>;
  onProgress?: (progress: { state: string; rowsDone: number; rowsTotal: number }) => void;
};

export type FileProblem = { line: number; column: string; value: string; reason: string };
export type FileImportResult = {
  object: 'import';
  id: string;
  kind: ImportKind;
  state: string;
  file_name: string;
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  /** The first hundred; `/v1/imports/{id}/problems.csv` has all. */
  problems: FileProblem[];
  mapping: Record<string, string>;
};

/**
 * Bring a file in from the terminal, by the same steps as over HTTP, without the worker. Refuses with the
 * options to pass when the file leaves a question open.
 */
export async function importFile(db: Database, input: FileImport): Promise<FileImportResult> {
  const { organizationId, kind, onProgress } = input;
  const now = await clockOf(db, organizationId);
  const actor: Actor = { kind: 'job', organizationId, name: 'owed import' };
  const file = (await open(input.path)).createReadStream();
  const { importId } = await db.transaction(actor, (tx) =>
    createImport(tx, actor, { organizationId, kind, fileName: path.basename(input.path), file }, now()),
  );
  const one = { organizationId, importId };
  let batch = await db.transaction(actor, (tx) => readImport(tx, organizationId, importId));
  if (batch.state === 'failed')
    throw new Refusal('invalid_request', batch.error ?? 'The file could not be read.');
  const mapping = mappingOf(batch, input.mapping ?? {});
  refuseMissing(batch, mapping);
  await db.transaction(actor, (tx) => setImportMapping(tx, actor, { ...one, mapping }, now()));
  batch = await db.transaction(actor, (tx) => readImport(tx, organizationId, importId));
  const formats = answersOf(batch, input.formats ?? {});
  await db.transaction(actor, (tx) => setImportMapping(tx, actor, { ...one, formats }, now()));
  const options = { onProgress: (current: ImportBatch) => onProgress?.(current) };
  await db.transaction(actor, (tx) => (input.dryRun ? startCheck : startImport)(tx, actor, one, now()));
  return resultOf(db, actor, await workThrough(db, one, options));
}

async function clockOf(db: Database, organizationId: string): Promise<() => Date> {
  const row = await db.transaction(systemActor('owed import'), (tx) =>
    tx.row<{ clockOffsetMs: bigint }>(sql`
    select clock_offset_ms from organizations where id = ${organizationId}`),
  );
  if (!row) throw notFound('organization', organizationId);
  return () => organizationNow(row);
}

/**
 * The proposed mapping with what the caller says otherwise; a field the caller moves leaves its proposed
 * column.
 */
function mappingOf(batch: ImportBatch, wanted: Record<string, string>): Record<string, string> {
  const mapping: Record<string, string> = { ...batch.mapping };
  for (const [column, field] of Object.entries(wanted)) {
    const at = /^\d+$/.test(column)
      ? Number(column)
      : batch.header.findIndex((name) => name.toLowerCase() === column.toLowerCase());
    if (at < 0 || at >= batch.header.length) {
      throw new Refusal(
        'invalid_request',
        `The file has no column "${column}". It has: ${batch.header.join(', ')}.`,
      );
    }
    for (const [other, taken] of Object.entries(mapping)) if (taken === field) delete mapping[other];
    if (field === '') delete mapping[at];
    else mapping[at] = field;
  }
  return mapping;
}

function refuseMissing(batch: ImportBatch, mapping: Record<string, string>): void {
  const [missing] = missingFields(batch.kind, new Set(Object.values(mapping)));
  if (!missing) return;
  const fields = missing.anyOf.map((set) => set.join(' with ')).join(', or ');
  throw new Refusal(
    'invalid_request',
    `No column gives ${missing.what}. Pass --map "COLUMN=FIELD" with ${fields}. ` +
      `Columns of the file: ${batch.header.join(', ')}. Fields: ${fieldsOf(batch.kind)
        .map(({ key }) => key)
        .join(', ')}.`,
  );
}

/** Answers by field or by kind; whatever stays open is listed with the options that answer it. */
function answersOf(batch: ImportBatch, given: Record<string, string>): Record<string, string> {
  const kinds = new Set(['date', 'decimal', 'tax_rate']);
  const answers = Object.fromEntries(Object.entries(given).filter(([key]) => !kinds.has(key)));
  for (const { field, kind, choices } of batch.questions) {
    const byKind = given[kind];
    if (byKind !== undefined && choices.some(({ value }) => value === byKind)) answers[field] ??= byKind;
  }
  const open = batch.questions.filter(
    ({ field }) => answers[field] === undefined && batch.formats[field] === undefined,
  );
  if (open.length === 0) return answers;
  const asked = open.map(({ field, column, question, choices }) => {
    const options = choices.map(({ value, label }) => `  --format ${field}=${value}   ${label}`);
    return [`Column "${column}": ${question}`, ...options].join('\n');
  });
  throw new Refusal(
    'invalid_request',
    `The file leaves ${open.length === 1 ? 'a question' : 'questions'} open:\n${asked.join('\n')}`,
  );
}

async function resultOf(db: Database, actor: Actor, batch: ImportBatch): Promise<FileImportResult> {
  const problems = await db.transaction(actor, (tx) =>
    tx.rows<FileProblem>(sql`
    select p.line_no::float8 as line, p.column_name as column, p.value, p.reason from import_problems p
    where p.organization_id = ${batch.organizationId} and p.batch_id = ${batch.id} order by p.line_no,
    p.problem_no limit 100`),
  );
  return {
    object: 'import',
    id: batch.id,
    kind: batch.kind,
    state: batch.state,
    file_name: batch.fileName,
    rows: batch.rowsTotal,
    created: batch.createdCount,
    updated: batch.updatedCount,
    unchanged: batch.unchangedCount,
    rejected: batch.rowsRejected,
    problems,
    mapping: Object.fromEntries(
      Object.entries(batch.mapping).map(([at, field]) => [batch.header[Number(at)] ?? at, field]),
    ),
  };
}
