import { z } from 'zod';
import { endpoint, listOf, pageQuery, zFile, zId, zInstant } from '#lib/endpoint.ts';

export const zMessage = z.object({
  object: z.literal('message'),
  id: zId('message'),
  kind: z.string(),
  state: z.enum([
    'queued',
    'sent',
    'failed',
    'soft_bounced',
    'delivered',
    'opened',
    'clicked',
    'bounced',
    'complained',
    'suppressed',
  ]),
  suppressed_by: z.string().nullable(),
  route: z.enum(['smtp', 'mailbox']),
  from: z.string(),
  to: z.array(z.string()),
  cc: z.array(z.string()),
  reply_to: z.string().nullable(),
  subject: z.string(),
  message_id: z.string(),
  customer_id: z.string().nullable(),
  invoice_id: z.string().nullable(),
  payment_id: z.string().nullable(),
  attempts: z.int(),
  last_error: z.string().nullable(),
  next_attempt_at: zInstant.nullable(),
  attachments: z.array(
    z.object({ file_name: z.string(), content_type: z.string(), bytes: z.int(), url: z.string() }),
  ),
  created_at: zInstant,
  sent_at: zInstant.nullable(),
  html: z.string(),
  text: z.string(),
});

export const listMessages = endpoint({
  method: 'GET',
  path: '/v1/messages',
  summary: 'Messages, newest first: what went out and what waits',
  scope: 'messages:read',
  query: z.object({
    ...pageQuery,
    state: z.enum(['all', 'queued', 'sent', 'failed']).default('all'),
    kind: z.string().max(40).optional(),
    to: z.string().max(254).optional(),
    customer_id: zId('customer').optional(),
    invoice_id: zId('invoice').optional(),
  }),
  reply: listOf(zMessage),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
const one = z.object({ id: zId('message') });
export const getMessage = endpoint({
  method: 'GET',
  path: '/v1/messages/{id}',
  summary: 'One message as it was sent',
  scope: 'messages:read',
  params: one,
  reply: zMessage,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
export const retryMessage = endpoint({
  method: 'POST',
  path: '/v1/messages/{id}/retry',
  summary: 'Send a failed message again',
  scope: 'invoices:write',
  params: one,
  reply: zMessage,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});
export const getAttachment = endpoint({
  method: 'GET',
  path: '/v1/messages/{id}/attachments/{file_name}',
  summary: 'A file that went with a message',
  scope: 'messages:read',
  params: z.object({ id: zId('message'), file_name: z.string().max(200) }),
  reply: zFile,
  fileType: 'application/octet-stream',
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
