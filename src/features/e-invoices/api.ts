import { z } from 'zod';
import { eInvoiceFormats } from '#features/e-invoices/rules.ts';
import { endpoint, zFile, zId, zText } from '#lib/endpoint.ts';

const zFormat = z.enum(eInvoiceFormats).meta({
  description: 'ubl: Peppol BIS Billing 3 beside the PDF. factur_x: Factur-X / ZUGFeRD inside the PDF',
});
const zPolicy = z.object({ object: z.literal('e_invoice_policy'), format: zFormat });
const zBuyer = z.object({
  object: z.literal('e_invoice_buyer'),
  customer_id: zId('customer'),
  format: zFormat.nullable().meta({ description: 'Null: as the organization does' }),
  tax_id: z.string().nullable(),
  buyer_reference: z.string().nullable(),
});
const refusals = ['unauthenticated', 'forbidden', 'not_found', 'invalid_request'] as const;
const ofCustomer = z.object({ id: zId('customer') });

export const getEInvoicePolicy = endpoint({
  method: 'GET',
  path: '/v1/e-invoice-policy',
  summary: 'Which structured form goes along with invoices',
  scope: 'settings:read',
  reply: zPolicy,
  errors: ['unauthenticated', 'forbidden'],
});
export const setEInvoicePolicy = endpoint({
  method: 'POST',
  path: '/v1/e-invoice-policy',
  summary: 'Choose the structured form that goes along with invoices',
  scope: 'settings:write',
  body: z.strictObject({ format: zFormat }),
  reply: zPolicy,
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
export const getEInvoiceBuyer = endpoint({
  method: 'GET',
  path: '/v1/customers/{id}/e-invoice',
  summary: 'The structured form that a customer wants, and what the standard asks about them',
  scope: 'customers:read',
  params: ofCustomer,
  reply: zBuyer,
  errors: [...refusals],
});
export const setEInvoiceBuyer = endpoint({
  method: 'POST',
  path: '/v1/customers/{id}/e-invoice',
  summary: 'Choose the structured form for one customer',
  scope: 'customers:write',
  params: ofCustomer,
  body: z.strictObject({
    format: zFormat.nullable().default(null),
    tax_id: zText(40).nullable().default(null),
    buyer_reference: zText(100).nullable().default(null),
  }),
  reply: zBuyer,
  errors: [...refusals],
});
const file = {
  method: 'GET',
  scope: 'invoices:read',
  query: z.object({ format: z.enum(['ubl', 'factur_x']).default('ubl') }),
  reply: zFile,
  fileType: 'application/octet-stream',
  errors: ['unauthenticated', 'forbidden', 'not_found', 'invalid_request', 'state_refused'],
} as const;
export const getEInvoice = endpoint({
  ...file,
  path: '/v1/invoices/{id}/e-invoice',
  summary: 'The invoice as machines read it; what it lacks for that is named with the remedy',
  params: z.object({ id: zId('invoice') }),
});
export const getECreditMemo = endpoint({
  ...file,
  path: '/v1/credit-memos/{id}/e-invoice',
  summary: 'The credit memo as machines read it (type 381)',
  params: z.object({ id: zId('creditMemo') }),
});
