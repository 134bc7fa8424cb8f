import { z } from 'zod';
import { endpoint, listOf, pageQuery, zDate, zId, zInstant } from '#lib/endpoint.ts';

export const zPaymentTerms = z.object({
  object: z.literal('payment_terms'),
  version: z.int(),
  text: z.string().meta({ description: 'Empty: from here on there are none' }),
  hash: z.string(),
  effective_on: zDate,
  ask_again: z.boolean().meta({ description: 'Portal users are asked before they go on' }),
  state: z.enum(['planned', 'in_force', 'replaced']),
  published_by: z.string().nullable(),
  created_at: zInstant,
});

export const listPaymentTerms = endpoint({
  method: 'GET',
  path: '/v1/payment-terms',
  summary: 'The versions of the terms and conditions, newest first',
  scope: 'settings:read',
  query: z.object({ ...pageQuery, starting_after: z.coerce.number().int().min(1).optional() }),
  reply: listOf(zPaymentTerms),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

export const publishPaymentTerms = endpoint({
  method: 'POST',
  path: '/v1/payment-terms',
  summary: 'A new version of the terms and conditions, from a day on',
  scope: 'settings:write',
  body: z.strictObject({
    text: z.string().trim().max(20_000),
    effective_on: zDate.optional().meta({ description: 'Today unless told' }),
    ask_again: z.boolean().default(false),
  }),
  status: 201,
  reply: zPaymentTerms,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'conflict'],
});

const one = z.object({ version: z.coerce.number().int().min(1).max(1_000_000) });

export const withdrawPaymentTerms = endpoint({
  method: 'DELETE',
  path: '/v1/payment-terms/{version}',
  summary: 'Take the newest version back, while its day has not come',
  scope: 'settings:write',
  params: one,
  reply: zPaymentTerms,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});

export const zAcceptance = z.object({
  object: z.literal('terms_acceptance'),
  id: zId('authorization'),
  customer_id: zId('customer'),
  customer_name: z.string(),
  name: z.string().nullable(),
  payment_id: zId('payment').nullable().meta({ description: 'The payment it was accepted with' }),
  accepted_at: zInstant,
});

export const listAcceptances = endpoint({
  method: 'GET',
  path: '/v1/payment-terms/{version}/acceptances',
  summary: 'Who accepted a version, newest first',
  scope: 'customers:read',
  params: one,
  query: z.object(pageQuery),
  reply: listOf(zAcceptance),
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
