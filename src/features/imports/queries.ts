import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { importStates } from '#features/imports/api.ts';
import { fieldsOf, type ImportKind, missingFields } from '#features/imports/field-rules.ts';
import type { FormatQuestion, Formats } from '#features/imports/format-rules.ts';
import type { Mapping } from '#features/imports/mapping-rules.ts';
import { snake } from '#lib/casing.ts';
import { notFound } from '#lib/errors.ts';

export type ImportState = (typeof importStates)[number];

export type ImportBatch = {
  organizationId: string;
  id: string;
  kind: ImportKind;
  fileName: string;
  state: ImportState;
  header: string[];
  mapping: Mapping;
  formats: Formats;
  questions: FormatQuestion[];
  delimiter: string;
  rowsTotal: number;
  rowsDone: number;
  rowsRejected: number;
  createdCount: number;
  updatedCount: number;
  unchangedCount: number;
  keptCount: number;
  doneThrough: number;
  sendInvoices: boolean;
  error: string | null;
  userId: string | null;
  createdAt: Date;
  importedAt: Date | null;
  undoneAt: Date | null;
};

const counts = [
  'rows_total',
  'rows_done',
  'rows_rejected',
  'created_count',
  'updated_count',
  'unchanged_count',
  'kept_count',
  'done_through',
];
const columns =
  sql.raw(`b.organization_id, b.id, b.kind, b.file_name, b.state, b.header, b.mapping, b.formats,
  b.questions, b.delimiter, ${counts.map((name) => `b.${name}::float8 as ${name}`).join(', ')},
    b.send_invoices, b.error,
  b.user_id, b.created_at, b.imported_at, b.undone_at`);

async function read(
  tx: Tx,
  organizationId: string,
  id: string,
  lock: RawBuilder<unknown>,
): Promise<ImportBatch> {
  const row = await tx.row<ImportBatch>(sql`select ${columns} from import_batches b
    where b.organization_id = ${organizationId} and b.id = ${id} ${lock}`);
  if (!row) throw notFound('import', id);
  return row;
}

export const readImport = (tx: Tx, organizationId: string, id: string): Promise<ImportBatch> =>
  read(tx, organizationId, id, sql``);

/** Whoever works on a batch holds it: two workers come one after the other. */
export const lockImport = (tx: Tx, organizationId: string, id: string): Promise<ImportBatch> =>
  read(tx, organizationId, id, sql`for update`);

const sampleRows = 5;

/** As the API shows it; rows of the file are shown of one import, not in lists. */
export function presentImport(batch: ImportBatch, samples: string[][] = []) {
  const { organizationId, delimiter, keptCount, doneThrough, userId, questions, ...shown } = batch;
  const missing = missingFields(batch.kind, new Set(Object.values(batch.mapping)));
  return {
    object: 'import' as const,
    ...snake(shown),
    kept_count: keptCount,
    samples,
    fields: fieldsOf(batch.kind).map(({ key, label, required }) => ({
      key,
      label,
      required: required ?? false,
    })),
    missing: missing.map(({ what, anyOf }) => ({ what, any_of: anyOf })),
    questions: questions.map((question) => ({
      ...question,
      likely: question.likely ?? null,
      answer: batch.formats[question.field] ?? null,
    })),
  };
}

export async function getImport(tx: Tx, organizationId: string, id: string) {
  const batch = await readImport(tx, organizationId, id);
  const samples = await tx.rows<{ cells: string[] }>(sql`select to_json(cells) as cells from import_rows
    where organization_id = ${organizationId} and batch_id = ${id} order by line_no limit ${sampleRows}`);
  return presentImport(
    batch,
    samples.map(({ cells }) => cells),
  );
}

export async function listImports(
  tx: Tx,
  organizationId: string,
  page: { limit: number; startingAfter?: string | undefined },
) {
  const after = page.startingAfter ? sql`and b.id < ${page.startingAfter}` : sql``;
  const rows = await tx.rows<ImportBatch>(sql`select ${columns} from import_batches b
    where b.organization_id = ${organizationId} ${after} order by b.id desc limit ${page.limit + 1}`);
  const data = rows.slice(0, page.limit).map((row) => presentImport(row));
  return { object: 'list' as const, data, has_more: rows.length > page.limit };
}

/** The first question that the file leaves open, if any. */
export const openQuestion = (batch: Pick<ImportBatch, 'questions' | 'formats'>): FormatQuestion | undefined =>
  batch.questions.find((question) => batch.formats[question.field] === undefined);
