import { z } from 'zod';
import { areaNames } from '#features/audit-log/kind-rules.ts';
import { endpoint, listOf, pageQuery, zDate, zFile, zId, zInstant } from '#lib/endpoint.ts';

export const zAuditEntry = z.object({
  object: z.literal('audit_entry'),
  id: zId('event'),
  kind: z.string().meta({ description: 'Such as invoice.voided' }),
  area: z.enum(areaNames),
  says: z.string().meta({ description: 'What happened, as a sentence' }),
  subject_id: z.string(),
  subject_name: z.string(),
  customer: z.object({ id: zId('customer'), name: z.string() }).nullable(),
  actor: z.object({
    kind: z.string(),
    id: z.string().nullable(),
    name: z.string(),
    acting_as: z.string().nullable().meta({ description: 'Where somebody acts who does not belong to it' }),
  }),
  from: z
    .object({ says: z.string().nullable(), ip: z.string().nullable(), device: z.string().nullable() })
    .meta({ description: 'From where; addresses are forgotten after 400 days' }),
  details: z.array(z.object({ field: z.string(), before: z.string().optional(), after: z.string() })),
  request_id: z.string().nullable(),
  occurred_at: zInstant,
});

const filters = {
  q: z
    .string()
    .trim()
    .max(200)
    .optional()
    .meta({ description: 'An id, the number of an invoice, or a customer by name' }),
  area: z.enum(areaNames).optional().meta({ description: 'What it was on' }),
  kind: z
    .string()
    .regex(/^[a-z_]+\.[a-z_]+$/, 'must be a kind of act such as invoice.voided')
    .max(60)
    .optional(),
  actor_id: z.string().max(60).optional().meta({ description: 'A user or an API key' }),
  subject_id: z.string().max(60).optional(),
  customer_id: zId('customer').optional(),
  from: zDate.optional(),
  to: zDate.optional(),
};

export const listAudit = endpoint({
  method: 'GET',
  path: '/v1/audit',
  summary: 'The audit log, newest first: who did what, with what was changed',
  scope: 'events:read',
  query: z.object({ ...pageQuery, ...filters }),
  reply: listOf(zAuditEntry),
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found'],
});

export const exportAudit = endpoint({
  method: 'GET',
  path: '/v1/audit/export',
  summary: 'Every audit entry that a filter finds, as a CSV file',
  scope: 'events:read',
  query: z.object(filters),
  reply: zFile,
  fileType: 'text/csv',
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

export const listAuditActors = endpoint({
  method: 'GET',
  path: '/v1/audit/actors',
  summary: 'The people and API keys whose acts can be asked for',
  scope: 'events:read',
  reply: listOf(z.object({ id: z.string(), kind: z.enum(['user', 'api_key']), name: z.string() })),
  errors: ['unauthenticated', 'forbidden'],
});

export const getCustomerRecord = endpoint({
  method: 'GET',
  path: '/v1/customers/{id}/record',
  summary: 'When a customer was written and last changed, and by whom, where that is known',
  scope: 'customers:read',
  params: z.object({ id: zId('customer') }),
  reply: z.object({
    object: z.literal('customer_record'),
    created_at: zInstant,
    created_by: z.string().nullable(),
    updated_at: zInstant,
    updated_by: z.string().nullable(),
  }),
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
