import { z } from 'zod';
import { channels } from '#features/correspondence/channel-rules.ts';
import { templateTypes } from '#features/templates/rules.ts';
import { endpoint, zEmail, zId } from '#lib/endpoint.ts';

const which = { type: z.enum(templateTypes), channel: z.enum(channels) };
const words = { subject: z.string().max(300), body: z.string().max(10_000) };

export const zTemplate = z.object({
  object: z.literal('template'),
  ...which,
  ...words,
  /** The organization's own words, rather than ours. */
  is_own: z.boolean(),
});

const zField = z.object({ name: z.string(), words: z.string() });

export const listTemplates = endpoint({
  method: 'GET',
  path: '/v1/templates',
  summary: 'The words of every message, by type and channel, and the fields they may name',
  scope: 'settings:read',
  reply: z.object({
    object: z.literal('list'),
    data: z.array(zTemplate),
    has_more: z.literal(false),
    fields: z.array(zField),
  }),
  errors: ['unauthenticated', 'forbidden'],
});

export const setTemplate = endpoint({
  method: 'POST',
  path: '/v1/templates',
  summary: 'Give a message words of your own; an unknown field is refused by its name',
  scope: 'settings:write',
  body: z.strictObject({ ...which, ...words }),
  reply: zTemplate,
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

export const resetTemplate = endpoint({
  method: 'POST',
  path: '/v1/templates/reset',
  summary: 'Go back to our words',
  scope: 'settings:write',
  body: z.strictObject(which),
  reply: zTemplate,
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

const draft = {
  ...which,
  ...words,
  /** Left out: the customer whose invoice was issued last. */
  customer_id: zId('customer').optional(),
  invoice_id: zId('invoice').optional(),
};

export const previewTemplate = endpoint({
  method: 'POST',
  path: '/v1/templates/preview',
  summary: 'The message as a customer would get it, by the same hand that writes it, and advice on its words',
  scope: 'settings:read',
  body: z.strictObject(draft),
  reply: z.object({
    object: z.literal('template_preview'),
    subject: z.string(),
    html: z.string(),
    text: z.string(),
    customer: z.object({ id: zId('customer'), display_name: z.string() }),
    invoice_numbers: z.array(z.string()),
    advice: z.array(z.object({ field: z.enum(['subject', 'body']), words: z.string() })),
  }),
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused'],
});

export const testTemplate = endpoint({
  method: 'POST',
  path: '/v1/templates/test',
  summary: 'Send the message to yourself, as a customer would get it',
  scope: 'settings:write',
  body: z.strictObject({ ...draft, to: zEmail.optional() }),
  reply: z.object({ object: z.literal('message_reference'), message_id: zId('message'), to: z.string() }),
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused'],
});
