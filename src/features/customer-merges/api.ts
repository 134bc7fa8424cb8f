import { z } from 'zod';
import { endpoint, zId, zInstant } from '#lib/endpoint.ts';

const one = z.object({ id: zId('customer') });
const zSide = z.object({ id: zId('customer'), display_name: z.string() });

export const previewMerge = endpoint({
  method: 'GET',
  path: '/v1/customers/{id}/merge-preview',
  summary:
    'What a merge of this customer into another would move, and what stands against it; nothing is changed',
  scope: 'customers:read',
  params: one,
  query: z.object({ into_id: zId('customer').optional().meta({ description: 'The record that stays' }) }),
  reply: z.object({
    object: z.literal('merge_preview'),
    loser: zSide,
    winner: zSide,
    findings: z.array(
      z.object({ code: z.string(), severity: z.enum(['refuses', 'warns']), says: z.string() }),
    ),
    moves: z.record(z.string(), z.int()).meta({ description: 'How many of each kind' }),
    undo_days: z.int(),
  }),
  errors: ['unauthenticated', 'forbidden', 'not_found', 'invalid_request'],
});

const zMerge = z.object({
  object: z.literal('customer_merge'),
  id: zId('customerMerge'),
  loser: zSide,
  winner: zSide,
  moved: z.record(z.string(), z.int()),
  merged_at: zInstant,
  merged_by: z.string().nullable(),
  undo_until: zInstant,
  can_undo: z.boolean(),
});
export type Merge = z.output<typeof zMerge>;

export const listMerges = endpoint({
  method: 'GET',
  path: '/v1/customers/{id}/merges',
  summary: 'Merges that stand in which this customer was merged, or others into it',
  scope: 'customers:read',
  params: one,
  reply: z.object({ object: z.literal('list'), data: z.array(zMerge) }),
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
export const mergeCustomer = endpoint({
  method: 'POST',
  path: '/v1/customers/{id}/merge',
  summary: 'Merge this customer into another: all its papers become that one’s; can be undone for 30 days',
  scope: 'customers:write',
  params: one,
  body: z.strictObject({ into_id: zId('customer') }),
  reply: zMerge,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused', 'invalid_request', 'conflict'],
});
export const undoCustomerMerge = endpoint({
  method: 'POST',
  path: '/v1/customer-merges/{id}/undo',
  summary: 'Take a merge back: what moved returns; what came since stays with the other',
  scope: 'customers:write',
  params: z.object({ id: zId('customerMerge') }),
  body: z.strictObject({}).optional(),
  reply: z.object({ object: z.literal('customer_merge'), id: zId('customerMerge'), undone: z.literal(true) }),
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused', 'invalid_request'],
});
