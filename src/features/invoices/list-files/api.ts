import { listInvoices } from '#features/invoices/api.ts';
import { endpoint, zFile } from '#lib/endpoint.ts';

const asked = {
  method: 'GET',
  scope: 'invoices:read',
  query: listInvoices.query.omit({ limit: true, starting_after: true }),
  reply: zFile,
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
} as const;

export const invoicesCsv = endpoint({
  ...asked,
  path: '/v1/invoices/csv',
  summary: 'The list of invoices as CSV, with its filters and in its order; every row',
  fileType: 'text/csv',
});
export const invoicesXlsx = endpoint({
  ...asked,
  path: '/v1/invoices/xlsx',
  summary: 'The list of invoices as a spreadsheet, with real numbers and dates; every row',
  fileType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
});
