import { z } from 'zod';
import { endpoint, listOf, pageQuery, zId, zText } from '#lib/endpoint.ts';

const zPercent = z
  .string()
  .regex(/^(100(\.0{1,6})?|\d{1,2}(\.\d{1,6})?)$/, 'must be a percentage from 0 to 100 such as 8.25');

const fields = {
  name: zText(100),
  percent: zPercent,
  inclusive: z.boolean().meta({ description: 'Inside the price, so that the price is what is paid' }),
  compound: z.boolean().meta({ description: 'Taken on the price and the other taxes of the line' }),
};

export const zTaxRate = z.object({
  object: z.literal('tax_rate'),
  id: zId('taxRate'),
  ...fields,
  active: z.boolean(),
});

const one = z.object({ id: zId('taxRate') });

export const listTaxRates = endpoint({
  method: 'GET',
  path: '/v1/tax-rates',
  summary: 'Tax rates, by name',
  scope: 'invoices:read',
  query: z.object({ ...pageQuery, status: z.enum(['active', 'all']).default('active') }),
  reply: listOf(zTaxRate),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
export const createTaxRate = endpoint({
  method: 'POST',
  path: '/v1/tax-rates',
  summary: 'Add a tax rate',
  scope: 'settings:write',
  body: z.strictObject({
    ...fields,
    inclusive: fields.inclusive.default(false),
    compound: fields.compound.default(false),
  }),
  status: 201,
  reply: zTaxRate,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'conflict'],
});
export const updateTaxRate = endpoint({
  method: 'PATCH',
  path: '/v1/tax-rates/{id}',
  summary: 'Rename a tax rate, or take it out of use; another percentage is another rate',
  scope: 'settings:write',
  params: one,
  body: z.strictObject({ name: fields.name, active: z.boolean() }).partial(),
  reply: zTaxRate,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'invalid_request', 'conflict'],
});
