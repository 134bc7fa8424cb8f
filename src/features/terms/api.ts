import { z } from 'zod';
import { countedFrom } from '#features/terms/rules.ts';
import { endpoint, listOf, zId, zText } from '#lib/endpoint.ts';

const fields = {
  name: zText(100),
  days: z.int().min(0).max(365),
  counted_from: z.enum(countedFrom),
};

export const zTerms = z.object({ object: z.literal('invoice_terms'), id: zId('invoiceTerms'), ...fields });

export const listTerms = endpoint({
  method: 'GET',
  path: '/v1/invoice-terms',
  summary: 'Terms that invoices may have, soonest due first',
  scope: 'invoices:read',
  reply: listOf(zTerms),
  errors: ['unauthenticated', 'forbidden'],
});
export const createTerms = endpoint({
  method: 'POST',
  path: '/v1/invoice-terms',
  summary: 'Add terms',
  scope: 'settings:write',
  body: z.strictObject({ ...fields, counted_from: fields.counted_from.default('invoice_date') }),
  status: 201,
  reply: zTerms,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'conflict'],
});
export const removeTerms = endpoint({
  method: 'DELETE',
  path: '/v1/invoice-terms/{id}',
  summary: 'Take terms off the list; invoices that say them keep them',
  scope: 'settings:write',
  params: z.object({ id: zId('invoiceTerms') }),
  reply: zTerms,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
