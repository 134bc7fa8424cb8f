import { z } from 'zod';
import { endpoint, listOf, pageQuery, zFile, zId, zInstant } from '#lib/endpoint.ts';

export const zReply = z.object({
  object: z.literal('reply'),
  id: zId('reply'),
  /** The message that it answers. */
  message_id: zId('message'),
  answers: z.string(),
  customer_id: zId('customer').nullable(),
  invoice_id: zId('invoice').nullable(),
  from_name: z.string(),
  from_email: z.string(),
  subject: z.string(),
  text: z.string(),
  quoted: z.string(),
  attachments: z.array(
    z.object({ file_name: z.string(), content_type: z.string(), bytes: z.int(), url: z.string() }),
  ),
  /** Attachments that were too large or too many. */
  left_out: z.array(z.string()),
  received_at: zInstant,
});

export const listReplies = endpoint({
  method: 'GET',
  path: '/v1/replies',
  summary: 'What customers answered to mail, newest first',
  scope: 'messages:read',
  query: z.object({
    ...pageQuery,
    customer_id: zId('customer').optional(),
    invoice_id: zId('invoice').optional(),
  }),
  reply: listOf(zReply),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

export const getReplyAttachment = endpoint({
  method: 'GET',
  path: '/v1/replies/{id}/attachments/{file_name}',
  summary: 'A file that came with an answer',
  scope: 'messages:read',
  params: z.object({ id: zId('reply'), file_name: z.string().max(200) }),
  reply: zFile,
  fileType: 'application/octet-stream',
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
