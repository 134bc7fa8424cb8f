import { z } from 'zod';
import { kindWords, mostBytes } from '#features/files/rules.ts';
import { endpoint, zId, zInstant, zText } from '#lib/endpoint.ts';

const zFile = z.object({
  object: z.literal('file'),
  id: zId('file'),
  customer_id: zId('customer'),
  invoice_id: zId('invoice').nullable(),
  file_name: z.string(),
  content_type: z.string(),
  size_bytes: z.int(),
  customer_sees: z.boolean(),
  goes_with_mail: z.boolean().meta({ description: 'Of an invoice: it goes with the mails about it' }),
  added_by: z.string().nullable(),
  created_at: zInstant,
});
export type OneFile = z.output<typeof zFile>;

const about = { customer_id: zId('customer').optional(), invoice_id: zId('invoice').optional() };
const one = z.object({ id: zId('file') });

export const listFiles = endpoint({
  method: 'GET',
  path: '/v1/files',
  summary: 'Files of a customer (not those of its invoices), or of an invoice',
  scope: 'customers:read',
  query: z.object(about),
  reply: z.object({ object: z.literal('list'), data: z.array(zFile) }),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
export const addFile = endpoint({
  method: 'POST',
  path: '/v1/files',
  summary: `Add a file to a customer or an invoice: the body is the file itself (${kindWords}, 10 MB at most)`,
  scope: 'customers:write',
  status: 201,
  query: z.object({
    ...about,
    file_name: zText(200),
    customer_sees: z.enum(['yes', 'no']).default('no'),
    goes_with_mail: z
      .enum(['yes', 'no'])
      .default('no')
      .meta({ description: 'The customer sees it then too' }),
  }),
  body: z.any(),
  bodyLimit: mostBytes + 1024,
  reply: zFile,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'too_large', 'state_refused'],
});
export const changeFile = endpoint({
  method: 'PATCH',
  path: '/v1/files/{id}',
  summary: 'Show a file to its customer, let it go with the mails of its invoice, or no longer',
  scope: 'customers:write',
  params: one,
  body: z.strictObject({
    customer_sees: z.boolean().optional().meta({ description: 'False: it goes with no mail either' }),
    goes_with_mail: z.boolean().optional().meta({ description: 'True: the customer sees it too' }),
  }),
  reply: zFile,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found'],
});
export const removeFile = endpoint({
  method: 'DELETE',
  path: '/v1/files/{id}',
  summary: 'Remove a file for good',
  scope: 'customers:write',
  params: one,
  reply: z.object({ object: z.literal('file'), id: zId('file'), removed: z.literal(true) }),
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
export const getFileContent = endpoint({
  method: 'GET',
  path: '/v1/files/{id}/content',
  summary: 'The file itself',
  scope: 'customers:read',
  params: one,
  reply: z.any(),
  fileType: 'application/octet-stream',
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
