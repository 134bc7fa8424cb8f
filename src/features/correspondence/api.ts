import { z } from 'zod';
import { channels } from '#features/correspondence/channel-rules.ts';
import { endpoint, listOf, pageQuery, zFile, zId, zInstant } from '#lib/endpoint.ts';

const line = z.string().optional();
const zPostalAddress = z.object({
  line1: line,
  line2: line,
  city: line,
  region: line,
  postal_code: line,
  country: line,
});

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
  route: z.enum(['smtp', 'mailbox', 'sms', 'letter', 'print']),
  channel: z.enum(channels),
  from: z.string(),
  /** Addresses of an e-mail, the telephone number of a text message, the name on a letter. */
  to: z.array(z.string()),
  to_phone: z.string().nullable(),
  to_address: z.object({ name: z.string(), address: zPostalAddress, lines: z.array(z.string()) }).nullable(),
  /**
   * The rule that kept it from going: no_consent, stopped, no_sms_sender, bad_phone, no_hours,
   * address_unconfirmed, or what is so by the time it would leave: do_not_contact,
   * customer_inactive, reminders_off, opted_out, not_payable, invoice_rests, day_is_over.
   */
  suppressed_by: z.string().nullable(),
  /** A letter that rests until its customer's address is confirmed. */
  awaits_address: z.boolean(),
  /** A letter that can still be taken back, and until when its printer does so. */
  can_cancel: z.boolean(),
  cancelable_until: zInstant.nullable(),
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
    state: z.enum(['all', 'queued', 'sent', 'failed', 'suppressed']).default('all'),
    channel: z
      .enum(['all', ...channels, 'not_email'])
      .default('all')
      .meta({ description: 'Not e-mail: text messages and letters' }),
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
export const cancelLetter = endpoint({
  method: 'POST',
  path: '/v1/messages/{id}/cancel',
  summary: 'Take a letter back that is not printed yet',
  scope: 'invoices:write',
  params: one,
  reply: zMessage,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused', 'unavailable'],
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
