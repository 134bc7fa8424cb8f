import { z } from 'zod';
import { zChargedTax, zInvoiceLine, zNewLine } from '#features/invoices/api.ts';
import {
  endpoint,
  listOf,
  pageQuery,
  zDate,
  zEmail,
  zFile,
  zId,
  zInstant,
  zMinor,
  zPositiveMinor,
} from '#lib/endpoint.ts';

const givenTax = 'Tax that was given as an amount; 0 where rates say it';

export const creditMemoStates = ['draft', 'open', 'used', 'void'] as const;

export const zCreditMemo = z.object({
  object: z.literal('credit_memo'),
  id: zId('creditMemo'),
  number: z.string(),
  customer_id: zId('customer'),
  customer_name: z.string(),
  state: z.enum(creditMemoStates),
  currency: z.string(),
  memo_date: zDate,
  reason: z.string().nullable(),
  subtotal: zMinor,
  tax: zMinor,
  total: zMinor,
  applied: zMinor,
  available: zMinor.meta({ description: 'What is left for invoices' }),
  tax_inside: zMinor.meta({ description: 'What of the tax is inside the prices' }),
  lines: z.array(zInvoiceLine.extend({ tax: zMinor.meta({ description: givenTax }) })).optional(),
  taxes: z
    .array(zChargedTax)
    .optional()
    .meta({ description: 'What each rate took; only of one credit memo' }),
  applications: z
    .array(
      z.object({
        invoice_id: zId('invoice'),
        invoice_number: z.string(),
        amount: zMinor,
        state: z.enum(['applied', 'ended']),
      }),
    )
    .optional(),
  issued_at: zInstant.nullable(),
  voided_at: zInstant.nullable(),
  created_at: zInstant,
});

const fields = {
  customer_id: zId('customer'),
  memo_date: zDate.optional(),
  reason: z.string().trim().max(500).optional().meta({ description: 'Stands on it, below the lines' }),
  lines: z
    .array(
      zNewLine.extend({
        tax: zMinor.pipe(z.bigint().min(0n)).optional().meta({ description: givenTax }),
      }),
    )
    .min(1, 'needs at least one line')
    .max(200),
};

const one = z.object({ id: zId('creditMemo') });
const refusals = [
  'unauthenticated',
  'forbidden',
  'invalid_request',
  'not_found',
  'amount_too_large',
  'state_refused',
  'conflict',
] as const;

export const listCreditMemos = endpoint({
  method: 'GET',
  path: '/v1/credit-memos',
  summary: 'Credit memos, newest first',
  scope: 'invoices:read',
  query: z.object({
    ...pageQuery,
    customer_id: zId('customer').optional(),
    status: z.enum(['all', ...creditMemoStates]).default('all'),
  }),
  reply: listOf(zCreditMemo),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
export const getCreditMemo = endpoint({
  method: 'GET',
  path: '/v1/credit-memos/{id}',
  summary: 'One credit memo with its lines and what it was applied to',
  scope: 'invoices:read',
  params: one,
  reply: zCreditMemo,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
export const createCreditMemo = endpoint({
  method: 'POST',
  path: '/v1/credit-memos',
  status: 201,
  summary: 'Write a credit memo, a draft or issued at once',
  scope: 'invoices:write',
  body: z.strictObject({ ...fields, issue: z.boolean().default(true) }),
  reply: zCreditMemo,
  errors: [...refusals],
});
export const rewriteCreditMemo = endpoint({
  method: 'PATCH',
  path: '/v1/credit-memos/{id}/draft',
  summary: 'Write a draft anew, whole, and issue it if wanted',
  scope: 'invoices:write',
  params: one,
  body: z.strictObject({ ...fields, issue: z.boolean().default(false) }),
  reply: zCreditMemo,
  errors: [...refusals],
});
export const previewCreditMemo = endpoint({
  method: 'POST',
  path: '/v1/credit-memos/preview',
  summary: 'The pages of a credit memo that is being written, as a picture; nothing is kept',
  scope: 'invoices:read',
  body: z.strictObject({
    ...fields,
    id: zId('creditMemo').optional().meta({ description: 'The draft that is written on: its number stands' }),
  }),
  reply: zFile,
  fileType: 'image/svg+xml',
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found'],
});
export const issueCreditMemo = endpoint({
  method: 'POST',
  path: '/v1/credit-memos/{id}/issue',
  summary: 'Issue a draft: the customer has this credit from now on',
  scope: 'invoices:write',
  params: one,
  reply: zCreditMemo,
  errors: [...refusals],
});
export const voidCreditMemo = endpoint({
  method: 'POST',
  path: '/v1/credit-memos/{id}/void',
  summary: 'Void a credit memo of which nothing is used',
  scope: 'invoices:write',
  params: one,
  body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
  reply: zCreditMemo,
  errors: [...refusals],
});
export const applyCredit = endpoint({
  method: 'POST',
  path: '/v1/credit-memos/{id}/apply',
  summary: 'Put credit against open invoices of the same customer',
  scope: 'invoices:write',
  params: one,
  body: z.strictObject({
    applications: z
      .array(z.strictObject({ invoice_id: zId('invoice'), amount: zPositiveMinor }))
      .min(1)
      .max(500),
  }),
  reply: zCreditMemo,
  errors: [...refusals],
});
export const unapplyCredit = endpoint({
  method: 'POST',
  path: '/v1/credit-memos/{id}/unapply',
  summary: 'Take credit off an invoice, which is owed again; the credit is available again',
  scope: 'invoices:write',
  params: one,
  body: z.strictObject({ invoice_id: zId('invoice') }),
  reply: zCreditMemo,
  errors: [...refusals],
});
export const sendCreditMemo = endpoint({
  method: 'POST',
  path: '/v1/credit-memos/{id}/send',
  summary: 'Mail an issued credit memo to its customer, as a PDF',
  scope: 'invoices:write',
  params: one,
  body: z.strictObject({ to: z.array(zEmail).min(1).max(10).optional() }).prefault({}),
  reply: zCreditMemo,
  errors: [...refusals],
});
export const getCreditMemoPdf = endpoint({
  method: 'GET',
  path: '/v1/credit-memos/{id}/pdf',
  summary: 'The credit memo as a PDF',
  scope: 'invoices:read',
  params: one,
  reply: zFile,
  fileType: 'application/pdf',
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
