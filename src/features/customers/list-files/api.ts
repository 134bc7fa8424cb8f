import { listCustomers } from '#features/customers/api.ts';
import { endpoint, zFile } from '#lib/endpoint.ts';

const asked = {
  method: 'GET',
  scope: 'customers:read',
  query: listCustomers.query.omit({ limit: true, starting_after: true }),
  reply: zFile,
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
} as const;

export const customersCsv = endpoint({
  ...asked,
  path: '/v1/customers/csv',
  summary: 'The list of customers as CSV, with its filters and in its order; every row',
  fileType: 'text/csv',
});
export const customersXlsx = endpoint({
  ...asked,
  path: '/v1/customers/xlsx',
  summary: 'The list of customers as a spreadsheet; every row',
  fileType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
});
