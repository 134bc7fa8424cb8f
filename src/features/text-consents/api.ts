import { z } from 'zod';
import { endpoint, zId, zInstant, zText } from '#lib/endpoint.ts';

export const zTextConsent = z.object({
  object: z.literal('text_consent'),
  customer_id: zId('customer'),
  /** In E.164; null when the customer has no telephone number that can be read as one. */
  phone: z.string().nullable(),
  /** As people write it. */
  phone_shown: z.string(),
  /** given: texts may be sent. stopped: the phone itself said STOP, and only it can take that back. */
  state: z.enum(['given', 'none', 'withdrawn', 'stopped']),
  /** What whoever agrees now agrees to. */
  words: z.string(),
  words_version: z.string(),
  log: z.array(
    z.object({
      id: zId('textConsent'),
      phone: z.string(),
      kind: z.enum(['given', 'withdrawn', 'stop', 'start']),
      words: z.string(),
      source: z.enum(['portal', 'staff', 'text', 'carrier']),
      note: z.string(),
      said_by: z.string(),
      said_at: zInstant,
    }),
  ),
});

const one = z.object({ id: zId('customer') });

export const getTextConsent = endpoint({
  method: 'GET',
  path: '/v1/customers/{id}/text-consent',
  summary: 'Whether a customer may be sent text messages, and who said so when',
  scope: 'customers:read',
  params: one,
  reply: zTextConsent,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

export const sayTextConsent = endpoint({
  method: 'POST',
  path: '/v1/customers/{id}/text-consent',
  summary: 'Attest that a customer agreed to text messages, or wants no more of them',
  scope: 'customers:write',
  params: one,
  body: z.strictObject({
    given: z.boolean(),
    /** How it is known: on a signed form, on the phone. */
    note: zText(500),
  }),
  reply: zTextConsent,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'invalid_request', 'state_refused'],
});
