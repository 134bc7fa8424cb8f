import { z } from 'zod';
import { importKinds } from '#features/imports/field-rules.ts';
import { endpoint, listOf, pageQuery, zId, zInstant } from '#lib/endpoint.ts';

export const importStates = [
  'reading',
  'mapping',
  'checking',
  'checked',
  'importing',
  'imported',
  'undoing',
  'undone',
  'failed',
] as const;

/** A question the file leaves open: never guessed (which way round are its dates?). */
export const zQuestion = z.object({
  /** The key under which `formats` takes the answer. */
  field: z.string(),
  column: z.string(),
  kind: z.enum(['date', 'decimal', 'tax_rate']),
  question: z.string(),
  choices: z.array(z.object({ value: z.string(), label: z.string() })),
  samples: z.array(z.string()),
  /** To show first; not an answer. */
  likely: z.string().nullable(),
  /** The column contradicts itself: whatever is answered, some of its rows will be refused. */
  mixed: z.boolean(),
  answer: z.string().nullable(),
});

export const zImport = z.object({
  object: z.literal('import'),
  id: zId('importBatch'),
  kind: z.enum(importKinds),
  file_name: z.string(),
  state: z.enum(importStates),
  header: z.array(z.string()),
  samples: z.array(z.array(z.string())),
  /** Column number → field key. */
  mapping: z.record(z.string(), z.string()),
  fields: z.array(z.object({ key: z.string(), label: z.string(), required: z.boolean() })),
  /** What the file needs and no column gives; each is given by one of these sets of fields. */
  missing: z.array(z.object({ what: z.string(), any_of: z.array(z.array(z.string())) })),
  formats: z.record(z.string(), z.string()),
  questions: z.array(zQuestion),
  rows_total: z.int(),
  rows_done: z.int(),
  rows_rejected: z.int(),
  created_count: z.int(),
  updated_count: z.int(),
  unchanged_count: z.int(),
  /** What an undo left in place, because something was built on it since. */
  kept_count: z.int(),
  send_invoices: z.boolean(),
  error: z.string().nullable(),
  created_at: zInstant,
  imported_at: zInstant.nullable(),
  undone_at: zInstant.nullable(),
});

const one = z.object({ id: zId('importBatch') });
const common = { scope: 'imports:write' as const };

export const listImports = endpoint({
  ...common,
  method: 'GET',
  path: '/v1/imports',
  summary: 'Import batches, newest first',
  query: z.object(pageQuery),
  reply: listOf(zImport),
  errors: ['unauthenticated', 'forbidden'],
});
/** The body is the file itself (`text/csv`), streamed: its size is limited by disk, not memory. */
export const createImport = endpoint({
  ...common,
  method: 'POST',
  path: '/v1/imports',
  summary: 'Upload a CSV file; its mapping is proposed',
  status: 201,
  query: z.object({ kind: z.enum(importKinds), file_name: z.string().trim().min(1).max(200) }),
  body: z.any(),
  bodyLimit: 1_073_741_824,
  // The rows go into the database as they come, so a slow line holds one of its connections.
  atOnce: {
    all: 4,
    organization: 2,
    busy: 'Other files are being uploaded at this moment. Send this one again in half a minute.',
  },
  reply: zImport,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'too_large', 'rate_limited'],
});
export const getImport = endpoint({
  ...common,
  method: 'GET',
  path: '/v1/imports/{id}',
  summary: 'One import: mapping, questions, progress',
  params: one,
  reply: zImport,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
export const setImportMapping = endpoint({
  ...common,
  method: 'PATCH',
  path: '/v1/imports/{id}',
  summary: 'Edit the mapping, answer questions',
  params: one,
  body: z.strictObject({
    mapping: z.record(z.string(), z.string()).optional(),
    formats: z.record(z.string(), z.string()).optional(),
    send_invoices: z.boolean().optional(),
  }),
  reply: zImport,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'invalid_request', 'state_refused'],
});
export const checkImport = endpoint({
  ...common,
  method: 'POST',
  path: '/v1/imports/{id}/check',
  summary: 'Dry run: reads every row, changes nothing',
  params: one,
  status: 202,
  reply: zImport,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused', 'invalid_request'],
});
export const listImportRows = endpoint({
  ...common,
  method: 'GET',
  path: '/v1/imports/{id}/rows',
  params: one,
  summary: 'Row by row: what would happen, or why not',
  query: z.object({
    limit: z.coerce.number().int().min(1).max(100).default(25),
    after_line: z.coerce.number().int().min(0).default(0),
    only: z.enum(['all', 'rejected']).default('all'),
  }),
  reply: z.object({
    object: z.literal('list'),
    has_more: z.boolean(),
    data: z.array(
      z.object({
        line: z.int(),
        cells: z.array(z.string()),
        action: z.enum(['create', 'update', 'unchanged', 'reject', 'unknown']),
        summary: z.string(),
        /** The customer, item or invoice that the row made, changed or would change. */
        target_id: z.string().nullable(),
        problems: z.array(z.object({ column: z.string(), value: z.string(), reason: z.string() })),
        /** Before the import: what an update would change. */
        changes: z.array(z.object({ field: z.string(), before: z.string(), after: z.string() })),
      }),
    ),
  }),
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
export const commitImport = endpoint({
  ...common,
  method: 'POST',
  path: '/v1/imports/{id}/import',
  summary: 'Bring the accepted rows in',
  params: one,
  status: 202,
  reply: zImport,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});
export const undoImport = endpoint({
  ...common,
  method: 'POST',
  path: '/v1/imports/{id}/undo',
  status: 202,
  params: one,
  summary: 'Take a batch back, unless something was built on it since',
  reply: zImport,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});
