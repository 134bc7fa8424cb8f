import { z } from 'zod';
import { customerActions, invoiceActions } from '#features/bulk-actions/rules.ts';
import { listCustomers } from '#features/customers/api.ts';
import { zDownload } from '#features/downloads/api.ts';
import { listInvoices } from '#features/invoices/api.ts';
import { endpoint, listOf, pageQuery, zId, zInstant, zText } from '#lib/endpoint.ts';

const most = 1000;
const chosen = <K extends 'invoice' | 'customer'>(kind: K) => z.array(zId(kind)).min(1).max(most);
/** The filter as the list's own address spells it. */
const { q, customer_id, status, currency, due_from, due_to } = listInvoices.query.shape;
const invoiceFilter = z.strictObject({ q, customer_id, status, currency, due_from, due_to });
const ofCustomers = listCustomers.query.shape;
const customerFilter = z.strictObject({
  q: ofCustomers.q,
  status: ofCustomers.status,
  customer_type: ofCustomers.customer_type,
});

const settings = {
  reason: zText(500).optional().meta({ description: 'Why invoices are voided; needed for `void`' }),
  customer_type: z.string().max(100).nullable().optional().meta({ description: 'For `set_type`' }),
  dunning_policy_id: zId('dunningPolicy').nullable().optional().meta({ description: 'For `set_policy`' }),
};
const rows = 'Either the rows by their ids, or all that a filter finds when it is asked';

/** One shape for both, so that a wrong action of a list is refused by name. */
const ask = z
  .strictObject({
    action: z.enum([...invoiceActions, ...customerActions]),
    invoice_ids: chosen('invoice').optional().meta({ description: rows }),
    invoice_filter: invoiceFilter.optional(),
    customer_ids: chosen('customer').optional().meta({ description: rows }),
    customer_filter: customerFilter.optional(),
    ...settings,
  })
  .meta({ description: rows });

const zReason = z.object({ rule: z.string(), reason: z.string(), count: z.int() });
const errors = ['unauthenticated', 'forbidden', 'invalid_request'] as const;

export const previewBulkAction = endpoint({
  method: 'POST',
  path: '/v1/bulk-actions/preview',
  summary: 'How many rows an action would do, and how many it would leave out, by the rule that keeps them',
  scope: 'signed_in',
  body: ask,
  reply: z.object({
    object: z.literal('bulk_action_preview'),
    total: z.int(),
    /** False: the first of very many were looked at. */
    is_complete: z.boolean(),
    would_do: z.int(),
    left_out: z.array(zReason),
  }),
  errors,
});

export const zBulkAction = z.object({
  object: z.literal('bulk_action'),
  id: zId('bulkAction'),
  subject: z.enum(['invoices', 'customers']),
  action: z.enum([...invoiceActions, ...customerActions]),
  state: z.enum(['running', 'done', 'cancelled']),
  total: z.int(),
  done: z.int(),
  refused: z.int(),
  left_out: z.array(zReason).optional().meta({ description: 'Only of one action' }),
  asked_by: z.string().nullable(),
  created_at: zInstant,
  finished_at: zInstant.nullable(),
  download: zDownload.nullable().meta({ description: 'The file that it made' }),
});

export const startBulkAction = endpoint({
  method: 'POST',
  path: '/v1/bulk-actions',
  summary:
    'Do something with many invoices or customers, in the background; asking twice with one key does it once',
  scope: 'signed_in',
  status: 202,
  body: ask,
  reply: zBulkAction,
  errors: [...errors, 'not_found'],
});
export const listBulkActions = endpoint({
  method: 'GET',
  path: '/v1/bulk-actions',
  summary: 'Bulk actions, newest first',
  scope: 'customers:read',
  query: z.object({ ...pageQuery, subject: z.enum(['invoices', 'customers']).optional() }),
  reply: listOf(zBulkAction),
  errors,
});
const one = z.object({ id: zId('bulkAction') });
export const getBulkAction = endpoint({
  method: 'GET',
  path: '/v1/bulk-actions/{id}',
  summary: 'How far a bulk action is, and what it left out by rule',
  scope: 'customers:read',
  params: one,
  reply: zBulkAction,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
export const listBulkRefusals = endpoint({
  method: 'GET',
  path: '/v1/bulk-actions/{id}/refusals',
  summary: 'The rows that a bulk action left out, each with its reason',
  scope: 'customers:read',
  params: one,
  query: z.object(pageQuery),
  reply: listOf(
    z.object({
      id: z.string().meta({ description: 'Of the invoice or the customer' }),
      label: z.string(),
      rule: z.string(),
      reason: z.string(),
    }),
  ),
  errors: ['unauthenticated', 'forbidden', 'not_found', 'invalid_request'],
});
export const cancelBulkAction = endpoint({
  method: 'POST',
  path: '/v1/bulk-actions/{id}/cancel',
  summary: 'Stop a bulk action: what is done stays done',
  scope: 'signed_in',
  params: one,
  reply: zBulkAction,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});
