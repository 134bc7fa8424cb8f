import { z } from 'zod';
import { draftFields, zInvoice } from '#features/invoices/api.ts';
import { columnKeys, themes } from '#features/invoices/layout-rules.ts';
import { endpoint, zFile, zId } from '#lib/endpoint.ts';

const one = z.object({ id: zId('invoice') });

export const rewriteDraft = endpoint({
  method: 'PATCH',
  path: '/v1/invoices/{id}/draft',
  summary: 'Write a draft anew, whole, and issue it if wanted',
  scope: 'invoices:write',
  params: one,
  body: z.strictObject({ ...draftFields, issue: z.boolean().default(false) }),
  reply: zInvoice,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'conflict', 'state_refused'],
});
export const deleteDraft = endpoint({
  method: 'DELETE',
  path: '/v1/invoices/{id}',
  summary: 'Delete a draft; what is issued is voided instead',
  scope: 'invoices:write',
  params: one,
  reply: z.object({ object: z.literal('deleted_draft'), id: zId('invoice'), number: z.string() }),
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});
export const previewInvoice = endpoint({
  method: 'POST',
  path: '/v1/invoices/preview',
  summary: 'The pages of an invoice that is being written, as a picture; nothing is kept',
  scope: 'invoices:read',
  body: z.strictObject(draftFields),
  reply: zFile,
  fileType: 'image/svg+xml',
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found'],
});

const numbering = {
  mode: z.enum(['series', 'gapless']).meta({
    description: 'gapless: a number is taken only when an invoice is issued, and nobody chooses one',
  }),
  prefix: z.string().trim().max(20),
  width: z.int().min(1).max(12).meta({ description: 'Digits at least: 5 writes 00042' }),
  next: z.int().min(1).max(999_999_999_999),
};
export const zNumbering = z.object({
  object: z.literal('invoice_numbering'),
  ...numbering,
  next_number: z.string(),
  gaps: z.array(z.object({ first: z.string(), last: z.string(), count: z.int() })),
  has_more_gaps: z.boolean(),
});
export const getNumbering = endpoint({
  method: 'GET',
  path: '/v1/invoice-numbering',
  summary: 'How invoices are numbered, and which numbers of the series are missing',
  scope: 'invoices:read',
  reply: zNumbering,
  errors: ['unauthenticated', 'forbidden'],
});
export const getNextNumber = endpoint({
  method: 'GET',
  path: '/v1/invoice-numbering/next',
  summary: 'What the next invoice of the series would be called',
  scope: 'invoices:read',
  reply: z.object({
    object: z.literal('next_invoice_number'),
    mode: numbering.mode,
    next_number: z.string(),
  }),
  errors: ['unauthenticated', 'forbidden'],
});
export const updateNumbering = endpoint({
  method: 'PATCH',
  path: '/v1/invoice-numbering',
  summary: 'Change how invoices are numbered from now on',
  scope: 'settings:write',
  body: z.strictObject(numbering).partial(),
  reply: zNumbering,
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

const layout = {
  theme: z.enum(themes),
  columns: z
    .array(z.enum(columnKeys))
    .min(1, 'needs at least one column')
    .meta({ description: 'Shown where an invoice has them' }),
  bill_to_label: z.string().trim().max(40),
  ship_to_label: z.string().trim().max(40),
  show_memo: z.boolean(),
};
export const zLayout = z.object({ object: z.literal('invoice_layout'), ...layout });
export const getLayout = endpoint({
  method: 'GET',
  path: '/v1/invoice-layout',
  summary: 'How invoices look: theme, columns, labels',
  scope: 'invoices:read',
  reply: zLayout,
  errors: ['unauthenticated', 'forbidden'],
});
export const updateLayout = endpoint({
  method: 'PATCH',
  path: '/v1/invoice-layout',
  summary: 'Change how invoices look',
  scope: 'settings:write',
  body: z.strictObject(layout).partial(),
  reply: zLayout,
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
export const previewLayout = endpoint({
  method: 'POST',
  path: '/v1/invoice-layout/preview',
  summary: 'A sample invoice of the organization under a layout, as a picture; nothing is kept',
  scope: 'invoices:read',
  body: z.strictObject({ ...layout, footer: z.string().max(2000) }).partial(),
  reply: zFile,
  fileType: 'image/svg+xml',
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
