import { z } from 'zod';
import { zDownload } from '#features/downloads/api.ts';
import { endpoint, listOf, pageQuery, zId, zInstant } from '#lib/endpoint.ts';

const errors = ['unauthenticated', 'forbidden', 'invalid_request'] as const;

export const zDataExport = z.object({
  object: z.literal('data_export'),
  id: zId('dataExport'),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  with_files: z.boolean(),
  with_pdfs: z.boolean(),
  entries: z.int().meta({ description: 'How many files there will be in the archive' }),
  entries_done: z.int(),
  rows_done: z.int(),
  now_writing: z.string(),
  asked_by: z.string().nullable(),
  created_at: zInstant,
  finished_at: zInstant.nullable(),
  download: zDownload.nullable().meta({ description: 'Until it expires' }),
});

export const startDataExport = endpoint({
  method: 'POST',
  path: '/v1/data-exports',
  summary: 'Make an archive of everything that the organization has, in the background',
  scope: 'settings:write',
  status: 202,
  body: z.strictObject({
    with_files: z
      .boolean()
      .default(true)
      .meta({ description: 'Every file that is kept, and every message as it was sent' }),
    with_pdfs: z.boolean().default(false).meta({ description: 'A PDF of each issued invoice, too' }),
  }),
  reply: zDataExport,
  errors: [...errors, 'conflict'],
});
export const listDataExports = endpoint({
  method: 'GET',
  path: '/v1/data-exports',
  summary: 'Archives of everything, newest first',
  scope: 'settings:write',
  query: z.object(pageQuery),
  reply: listOf(zDataExport),
  errors,
});
const one = z.object({ id: zId('dataExport') });
export const getDataExport = endpoint({
  method: 'GET',
  path: '/v1/data-exports/{id}',
  summary: 'How far an archive is',
  scope: 'settings:write',
  params: one,
  reply: zDataExport,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
export const cancelDataExport = endpoint({
  method: 'POST',
  path: '/v1/data-exports/{id}/cancel',
  summary: 'Stop making an archive',
  scope: 'settings:write',
  params: one,
  reply: zDataExport,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});
