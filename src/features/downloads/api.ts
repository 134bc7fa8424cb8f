import { z } from 'zod';
import { allLists, mostChosen } from '#features/downloads/list-name-rules.ts';
import { endpoint, listOf, pageQuery, zFile, zId, zInstant } from '#lib/endpoint.ts';

/** A file that was made for somebody to fetch. */
export const zDownload = z.object({
  id: zId('download'),
  file_name: z.string(),
  size_bytes: z.int(),
  sha256: z
    .string()
    .meta({ description: 'Of the whole file, so that it can be checked after it was fetched' }),
  expires_at: zInstant,
});

export const getDownload = endpoint({
  method: 'GET',
  path: '/v1/downloads/{id}',
  summary: 'Fetch a file that was made: papers of many invoices, or the export of everything',
  scope: 'signed_in',
  params: z.object({ id: zId('download') }),
  reply: zFile,
  fileType: 'application/octet-stream',
  errors: ['unauthenticated', 'forbidden', 'not_found', 'link_expired'],
});

const zSearch = z
  .record(z.string().max(40), z.string().max(200))
  .refine((search) => Object.keys(search).length <= 20, 'at most 20 filters')
  .meta({
    description: 'The filter and the order as the list takes them: {"status": "open", "sort": "due_date"}',
  });

export const zListFile = z.object({
  object: z.literal('list_file'),
  id: zId('listFile'),
  list: z.enum(allLists),
  format: z.enum(['csv', 'xlsx']),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  rows_done: z.int(),
  chosen: z.int().nullable().meta({ description: 'How many rows were chosen; null: all of the filter' }),
  asked_by: z.string().nullable(),
  created_at: zInstant,
  finished_at: zInstant.nullable(),
  download: zDownload.nullable().meta({ description: 'Until it expires' }),
});

const errors = ['unauthenticated', 'forbidden', 'invalid_request'] as const;
const one = z.object({ id: zId('listFile') });

export const startListFile = endpoint({
  method: 'POST',
  path: '/v1/list-files',
  summary: 'Make a list as a file, in the background: its filter, all pages of it or the rows that are named',
  scope: 'signed_in',
  status: 202,
  body: z.strictObject({
    list: z.enum(allLists),
    format: z.enum(['csv', 'xlsx']),
    search: zSearch.default({}),
    ids: z.array(z.string().max(60)).min(1).max(mostChosen).optional().meta({
      description: 'These rows alone, of what the filter finds; of invoices, customers and payments',
    }),
  }),
  reply: zListFile,
  errors: [...errors, 'conflict'],
});
export const listListFiles = endpoint({
  method: 'GET',
  path: '/v1/list-files',
  summary: 'Files of lists that were asked for, newest first: those whose list the asker may read',
  scope: 'signed_in',
  query: z.object(pageQuery),
  reply: listOf(zListFile),
  errors,
});
export const getListFile = endpoint({
  method: 'GET',
  path: '/v1/list-files/{id}',
  summary: 'How far the file of a list is',
  scope: 'signed_in',
  params: one,
  reply: zListFile,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
export const cancelListFile = endpoint({
  method: 'POST',
  path: '/v1/list-files/{id}/cancel',
  summary: 'Stop making the file of a list',
  scope: 'signed_in',
  params: one,
  reply: zListFile,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});
