import { z } from 'zod';
import { endpoint, listOf, pageQuery, zId, zInstant, zMinor, zText } from '#lib/endpoint.ts';

export const chargebackStates = ['opened', 'evidence_sent', 'won', 'lost'] as const;

export const zChargeback = z.object({
  object: z.literal('chargeback'),
  id: zId('chargeback'),
  payment_id: zId('payment'),
  customer_id: zId('customer'),
  customer_name: z.string(),
  gateway_name: z.string(),
  gateway_reference: z.string(),
  state: z.enum(chargebackStates),
  amount: zMinor,
  currency: z.string(),
  code: z.string(),
  reason: z.string(),
  opened_at: zInstant,
  evidence_due_at: zInstant.nullable(),
  evidence_text: z.string().nullable(),
  evidence_asked_at: zInstant.nullable(),
  evidence_sent_at: zInstant.nullable(),
  evidence_error: z.string().nullable(),
  files: z.array(z.string()),
  closed_at: zInstant.nullable(),
});

export const listChargebacks = endpoint({
  method: 'GET',
  path: '/v1/chargebacks',
  summary: 'Payments that payers’ banks took back, newest first',
  scope: 'payments:read',
  query: z.object({
    ...pageQuery,
    status: z.enum(['all', 'open', 'no_evidence', 'won', 'lost']).default('all'),
    payment_id: zId('payment').optional(),
  }),
  reply: listOf(zChargeback),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

const one = z.object({ id: zId('chargeback') });
export const getChargeback = endpoint({
  method: 'GET',
  path: '/v1/chargebacks/{id}',
  summary: 'One chargeback',
  scope: 'payments:read',
  params: one,
  reply: zChargeback,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

/** Files as base64; a PDF, PNG or JPEG of at most 4 MB each. */
export const giveEvidence = endpoint({
  method: 'POST',
  path: '/v1/chargebacks/{id}/evidence',
  status: 202,
  summary: 'Send the payer’s bank the evidence that a charge was right; it is taken once',
  scope: 'payments:write',
  params: one,
  body: z.strictObject({
    text: zText(20_000),
    files: z
      .array(
        z.strictObject({
          file_name: zText(200),
          content_type: z.enum(['application/pdf', 'image/png', 'image/jpeg']),
          base64: z.base64().max(5_600_000),
        }),
      )
      .max(5)
      .default([]),
  }),
  bodyLimit: 30_000_000,
  reply: zChargeback,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused', 'too_large'],
});
