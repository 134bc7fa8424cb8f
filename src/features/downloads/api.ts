import { z } from 'zod';
import { endpoint, zFile, zId, zInstant } from '#lib/endpoint.ts';

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
