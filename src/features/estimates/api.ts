import { z } from 'zod';
import { estimateStates } from '#features/estimates/rules.ts';
import { draftFields, invoiceStates, zDiscount, zInvoiceLine } from '#features/invoices/api.ts';
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
  zText,
} from '#lib/endpoint.ts';

export const zEstimate = z.object({
  object: z.literal('estimate'),
  id: zId('estimate'),
  number: z.string(),
  customer_id: zId('customer'),
  customer_name: z.string(),
  state: z.enum(estimateStates),
  currency: z.string(),
  estimate_date: zDate,
  expires_on: zDate,
  po_number: z.string().nullable(),
  memo: z.string().nullable(),
  subtotal: zMinor,
  discount: zMinor,
  discount_terms: z.string().meta({ description: '`10%`, or an amount in major units' }),
  tax: zMinor,
  tax_inside: zMinor.meta({ description: 'What of the tax is inside the prices' }),
  total: zMinor,
  deposit: zMinor.meta({ description: 'What is billed ahead; 0: nothing' }),
  deposit_percent: z.string().nullable(),
  deposit_at_once: z.boolean().meta({ description: 'Accepting it makes the deposit invoice' }),
  revision: z.int().meta({ description: 'Raised by each change: an answer names the words that were read' }),
  answer: z.enum(['accepted', 'declined']).nullable(),
  answered_by: z.string().nullable(),
  answered_at: zInstant.nullable(),
  reason: z.string().nullable(),
  by_staff: z.boolean().meta({ description: 'The answer was taken down by a user' }),
  billed_bps: z.int().meta({ description: 'How much of it is on invoices, in hundredths of a percent' }),
  sent_at: zInstant.nullable(),
  viewed_at: zInstant.nullable(),
  created_at: zInstant,
  updated_at: zInstant,
  /** Only of one estimate. */
  lines: z.array(zInvoiceLine).optional(),
  invoices: z
    .array(
      z.object({
        invoice_id: zId('invoice'),
        number: z.string(),
        kind: z.enum(['deposit', 'part']),
        share_bps: z.int(),
        total: zMinor,
        balance_due: zMinor,
        deducted: zMinor,
        credit_memo_id: zId('creditMemo').nullable(),
        credit_memo_number: z.string().nullable(),
        state: z.enum(invoiceStates),
      }),
    )
    .optional(),
  left_bps: z.int().optional(),
  url: z.string().optional().meta({ description: 'The page on which it is accepted or declined' }),
});

const zPercent = z
  .string()
  .regex(/^(100(\.0{1,2})?|\d{1,2}(\.\d{1,2})?)$/, 'must be a percentage up to 100, such as 30 or 12.5');

const fields = {
  estimate_date: zDate.optional(),
  expires_on: zDate.optional().meta({ description: 'The last day to accept it; 30 days on when left out' }),
  po_number: z.string().max(100).optional(),
  memo: z.string().max(5000).optional(),
  discount: zDiscount.optional().meta({ description: 'Off the whole, before tax' }),
  lines: draftFields.lines,
  deposit_percent: zPercent.optional(),
  deposit_amount: zPositiveMinor.optional(),
  deposit_at_once: z.boolean().default(true),
};

const oneDeposit = {
  message: 'give the deposit in percent or as an amount, not both',
  path: ['deposit_amount'],
};
const isOneDeposit = (body: { deposit_percent?: unknown; deposit_amount?: unknown }): boolean =>
  body.deposit_percent === undefined || body.deposit_amount === undefined;

const one = z.object({ id: zId('estimate') });
const seen = ['unauthenticated', 'forbidden', 'not_found'] as const;
const refusals = [...seen, 'invalid_request', 'state_refused', 'conflict'] as const;

export const listEstimates = endpoint({
  method: 'GET',
  path: '/v1/estimates',
  summary: 'Estimates, newest first',
  scope: 'invoices:read',
  query: z.object({
    ...pageQuery,
    customer_id: zId('customer').optional(),
    status: z.enum(['all', 'draft', 'open', 'accepted', 'declined', 'expired', 'invoiced']).default('all'),
  }),
  reply: listOf(zEstimate),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
export const getEstimate = endpoint({
  method: 'GET',
  path: '/v1/estimates/{id}',
  summary: 'One estimate with its lines and what was billed of it',
  scope: 'invoices:read',
  params: one,
  reply: zEstimate,
  errors: [...seen],
});
export const createEstimate = endpoint({
  method: 'POST',
  path: '/v1/estimates',
  status: 201,
  summary: 'Write an estimate; it is a draft until it is sent',
  scope: 'invoices:write',
  body: z.strictObject({ customer_id: zId('customer'), ...fields }).refine(isOneDeposit, oneDeposit),
  reply: zEstimate,
  errors: [...refusals],
});
export const previewEstimate = endpoint({
  method: 'POST',
  path: '/v1/estimates/preview',
  summary: 'The pages of an estimate that is being written, as a picture; nothing is kept',
  scope: 'invoices:read',
  body: z
    .strictObject({
      customer_id: zId('customer'),
      ...fields,
      id: zId('estimate')
        .optional()
        .meta({ description: 'The one that is written again: its number stands' }),
    })
    .refine(isOneDeposit, oneDeposit),
  reply: zFile,
  fileType: 'image/svg+xml',
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found'],
});
export const updateEstimate = endpoint({
  method: 'PATCH',
  path: '/v1/estimates/{id}',
  summary: 'Change an estimate that nobody has answered',
  scope: 'invoices:write',
  params: one,
  body: z.strictObject(fields).refine(isOneDeposit, oneDeposit),
  reply: zEstimate,
  errors: [...refusals],
});
export const sendEstimate = endpoint({
  method: 'POST',
  path: '/v1/estimates/{id}/send',
  summary: 'Mail an estimate with its PDF and the page where it is accepted or declined',
  scope: 'invoices:write',
  params: one,
  body: z
    .strictObject({ to: z.array(zEmail).min(1).max(10).optional(), words: zText(5000).optional() })
    .prefault({}),
  reply: zEstimate,
  errors: [...refusals],
});
export const answerEstimate = endpoint({
  method: 'POST',
  path: '/v1/estimates/{id}/answer',
  summary: 'Take down what a customer said of an estimate by telephone or in person',
  scope: 'invoices:write',
  params: one,
  body: z.strictObject({
    answer: z.enum(['accepted', 'declined']),
    name: zText(120).meta({ description: 'Who said it' }),
    reason: zText(2000).optional(),
    revision: z.int().min(0),
  }),
  reply: zEstimate,
  errors: [...refusals],
});
export const billDeposit = endpoint({
  method: 'POST',
  path: '/v1/estimates/{id}/deposit',
  summary: 'Bill the deposit of an accepted estimate',
  scope: 'invoices:write',
  params: one,
  reply: zEstimate,
  errors: [...refusals],
});
export const billEstimate = endpoint({
  method: 'POST',
  path: '/v1/estimates/{id}/bill',
  summary: 'Turn an accepted estimate into an invoice, whole or in part; its deposit comes off in proportion',
  scope: 'invoices:write',
  params: one,
  body: z
    .strictObject({
      percent: zPercent.optional().meta({ description: 'Of the estimate; left out: all that is left of it' }),
    })
    .prefault({}),
  reply: zEstimate,
  errors: [...refusals],
});
export const getEstimatePdf = endpoint({
  method: 'GET',
  path: '/v1/estimates/{id}/pdf',
  summary: 'The estimate as a PDF',
  scope: 'invoices:read',
  params: one,
  reply: zFile,
  fileType: 'application/pdf',
  errors: [...seen],
});
export const getEstimateOfInvoice = endpoint({
  method: 'GET',
  path: '/v1/invoices/{id}/estimate',
  summary: 'The estimate that an invoice was made from',
  scope: 'invoices:read',
  params: z.object({ id: zId('invoice') }),
  reply: z.object({
    object: z.literal('estimate_reference'),
    estimate: z
      .object({ id: zId('estimate'), number: z.string(), kind: z.enum(['deposit', 'part']), total: zMinor })
      .nullable(),
  }),
  errors: [...seen],
});
