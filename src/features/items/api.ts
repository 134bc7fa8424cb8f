import { z } from 'zod';
import { endpoint, listOf, pageQuery, zDecimal, zId, zText } from '#lib/endpoint.ts';

const fields = {
  name: zText(200),
  description: z.string().max(2000).nullable(),
  unit_price: zDecimal.meta({ description: 'Of one, in major units' }),
  taxable: z.boolean(),
  tax_rate_ids: z
    .array(zId('taxRate'))
    .max(5)
    .meta({ description: 'The rates that a line over it starts with' }),
};

export const zItem = z.object({ object: z.literal('item'), id: zId('item'), ...fields, active: z.boolean() });

const one = z.object({ id: zId('item') });

export const listItems = endpoint({
  method: 'GET',
  path: '/v1/items',
  summary: 'Items, by name',
  scope: 'invoices:read',
  query: z.object({
    ...pageQuery,
    q: z.string().trim().max(100).optional(),
    status: z.enum(['active', 'inactive', 'all']).default('active'),
  }),
  reply: listOf(zItem),
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found'],
});
export const createItem = endpoint({
  method: 'POST',
  path: '/v1/items',
  summary: 'Add an item',
  scope: 'invoices:write',
  body: z.strictObject({
    name: fields.name,
    description: fields.description.default(null),
    unit_price: fields.unit_price.default('0'),
    taxable: fields.taxable.default(false),
    tax_rate_ids: fields.tax_rate_ids.default([]),
  }),
  status: 201,
  reply: zItem,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'conflict'],
});
export const updateItem = endpoint({
  method: 'PATCH',
  path: '/v1/items/{id}',
  summary: 'Change an item, or take it out of use; invoices that name it stay as they are',
  scope: 'invoices:write',
  params: one,
  body: z.strictObject({ ...fields, active: z.boolean() }).partial(),
  reply: zItem,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'invalid_request', 'conflict'],
});
