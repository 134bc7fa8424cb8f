import { z } from 'zod';
import { channels } from '#features/correspondence/channel-rules.ts';
import { kindWords, mostSentFiles } from '#features/files/rules.ts';
import { discountPattern } from '#features/invoices/discount-rules.ts';
import {
  endpoint,
  listOf,
  pageQuery,
  zCurrency,
  zDate,
  zDecimal,
  zEmail,
  zFile,
  zId,
  zInstant,
  zMinor,
  zText,
} from '#lib/endpoint.ts';

/** Current: open and not past due, be it not due yet or wholly under way. */
const invoiceLists = ['all', 'open', 'current', 'past_due', 'pending', 'draft', 'paid', 'closed'] as const;
export const invoiceStates = ['draft', 'open', 'pending', 'paid', 'void', 'written_off'] as const;

const zLineTax = z.object({
  id: zId('taxRate').nullable(),
  name: z.string(),
  percent: z.string(),
  inclusive: z.boolean(),
  compound: z.boolean(),
});

export const zInvoiceLine = z.object({
  item_name: z.string().max(200),
  description: z.string().max(2000),
  quantity: zDecimal,
  unit_price: zDecimal,
  amount: zMinor,
  taxable: z.boolean(),
  tax_rate: zDecimal,
  discount: z.string(),
  service_date: zDate.nullable(),
  taxes: z.array(zLineTax).meta({ description: 'The rates as they were when the line was written' }),
});

export const zChargedTax = z.object({
  tax_rate_id: zId('taxRate').nullable(),
  name: z.string(),
  percent: z.string().nullable(),
  inclusive: z.boolean(),
  taxable: zMinor,
  tax: zMinor,
});

export const zInvoice = z.object({
  object: z.literal('invoice'),
  id: zId('invoice'),
  number: z.string(),
  external_id: z.string().nullable(),
  customer_id: zId('customer'),
  customer_name: z.string(),
  customer_email: z.string().nullable(),
  state: z.enum(invoiceStates),
  past_due: z.boolean(),
  days_late: z.int(),
  currency: z.string(),
  invoice_date: zDate,
  due_date: zDate,
  terms: z.string().nullable(),
  po_number: z.string().nullable(),
  memo: z.string().nullable(),
  subtotal: zMinor,
  discount: zMinor,
  discount_terms: z.string().meta({ description: 'As it was agreed: 10%, or an amount in major units' }),
  tax_exempt_reason: z.string().nullable(),
  tax: zMinor,
  total: zMinor,
  fees: zMinor,
  applied: zMinor,
  credited: zMinor,
  written_off: zMinor,
  balance_due: zMinor,
  reserved: zMinor,
  payable_now: zMinor,
  /** Only of one invoice; lists leave the lines out. */
  lines: z.array(zInvoiceLine).optional(),
  taxes: z.array(zChargedTax).optional().meta({ description: 'What each rate took; only of one invoice' }),
  payments: z
    .array(
      z.object({
        payment_id: zId('payment'),
        amount: zMinor,
        state: z.string(),
        kind: z.string(),
        received_on: zDate,
      }),
    )
    .optional(),
  /** The page a payer opens from the mail. */
  pay_url: z.string().optional(),
  reminders_off: z.boolean(),
  late_fees_off: z.boolean(),
  receipts_off: z.boolean(),
  late_fee_of: zId('invoice').nullable().meta({ description: 'The invoice that this one is a late fee of' }),
  late_fee_of_number: z.string().nullable(),
  issued_at: zInstant.nullable(),
  voided_at: zInstant.nullable(),
  closed_at: zInstant.nullable(),
  first_sent_at: zInstant.nullable(),
  last_sent_at: zInstant.nullable(),
  last_viewed_at: zInstant.nullable(),
  created_at: zInstant,
  updated_at: zInstant,
});

export const zDiscount = z
  .string()
  .regex(discountPattern, 'must be a percentage such as 10% or an amount such as 5.00');

export const zNewLine = z.strictObject({
  item_name: z.string().max(200).default(''),
  description: z.string().max(2000).default(''),
  quantity: zDecimal.default('1'),
  unit_price: zDecimal.default('0'),
  /** Minor units. Left out: quantity × unit price. */
  amount: zMinor.optional(),
  taxable: z.boolean().default(false),
  tax_rate: zDecimal.default('0'),
  tax_rate_ids: z.array(zId('taxRate')).max(5).default([]),
  discount: zDiscount.default(''),
  service_date: zDate.nullable().default(null),
});

export const draftFields = {
  customer_id: zId('customer'),
  number: zText(60).optional(),
  external_id: zText(200).optional(),
  invoice_date: zDate.optional(),
  due_date: zDate.optional(),
  terms_id: zId('invoiceTerms').optional(),
  terms: z.string().max(100).optional(),
  po_number: z.string().max(100).optional(),
  memo: z.string().max(5000).optional(),
  discount: zDiscount.optional(),
  lines: z.array(zNewLine).min(1, 'needs at least one line').max(2000),
};

const one = z.object({ id: zId('invoice') });
const zSentFile = z.strictObject({ file_name: zText(200), base64: z.string().min(1) });

export const listInvoices = endpoint({
  method: 'GET',
  path: '/v1/invoices',
  summary: 'Invoices',
  scope: 'invoices:read',
  query: z.object({
    ...pageQuery,
    q: z.string().trim().max(100).optional(),
    customer_id: zId('customer').optional(),
    status: z.enum(invoiceLists).default('all'),
    currency: zCurrency.optional(),
    ...{ due_from: zDate.optional(), due_to: zDate.optional() },
    sort: z
      .enum(['-invoice_date', 'invoice_date', 'due_date', '-due_date', '-total', 'total', 'number'])
      .default('-invoice_date'),
  }),
  reply: listOf(zInvoice),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
export const getInvoice = endpoint({
  method: 'GET',
  path: '/v1/invoices/{id}',
  summary: 'One invoice with its lines and payments',
  scope: 'invoices:read',
  params: one,
  reply: zInvoice,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
export const createInvoice = endpoint({
  method: 'POST',
  path: '/v1/invoices',
  summary: 'Make an invoice: a draft, or issued at once',
  scope: 'invoices:write',
  body: z.strictObject({ ...draftFields, issue: z.boolean().default(false) }),
  status: 201,
  reply: zInvoice,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'conflict'],
});
export const issueInvoice = endpoint({
  method: 'POST',
  path: '/v1/invoices/{id}/issue',
  summary: 'Issue a draft: it is owed from now on',
  scope: 'invoices:write',
  params: one,
  reply: zInvoice,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});
export const voidInvoice = endpoint({
  method: 'POST',
  path: '/v1/invoices/{id}/void',
  summary: 'Void an invoice: it keeps its number and is owed no more',
  scope: 'invoices:write',
  params: one,
  body: z.strictObject({ reason: zText(500) }),
  reply: zInvoice,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused', 'invalid_request'],
});
export const updateInvoice = endpoint({
  method: 'PATCH',
  path: '/v1/invoices/{id}',
  summary: 'Exempt one invoice from reminders, late fees or receipts, or take the exemption back',
  scope: 'invoices:write',
  params: one,
  body: z
    .strictObject({ reminders_off: z.boolean(), late_fees_off: z.boolean(), receipts_off: z.boolean() })
    .partial(),
  reply: zInvoice,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused', 'invalid_request'],
});
export const draftSending = endpoint({
  method: 'GET',
  path: '/v1/invoices/{id}/send-draft',
  summary: 'Whom sending the invoice would reach by e-mail and what it would say, before anything is changed',
  scope: 'invoices:write',
  params: one,
  reply: z.object({
    object: z.literal('send_draft'),
    to: z.array(z.string()).meta({ description: 'The customer, or the parent that it bills with' }),
    cc: z.array(z.string()),
    subject: z.string(),
    body: z.string(),
    attach_pdf: z.boolean(),
    file_names: z.array(z.string()).meta({ description: 'Files of the invoice that go with it' }),
  }),
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
export const sendInvoice = endpoint({
  method: 'POST',
  path: '/v1/invoices/{id}/send',
  summary: 'Send the invoice with its way to pay, by e-mail, text message or letter',
  scope: 'invoices:write',
  params: one,
  body: z
    .strictObject({
      channels: z.array(z.enum(channels)).min(1).max(3).default(['email']).meta({
        description:
          'How it goes. `to`, `cc` and `attach_pdf` are for the e-mail; the rest goes to the customer’s phone number or address',
      }),
      to: z.array(zEmail).min(1).max(10).optional(),
      cc: z.array(zEmail).max(10).optional(),
      subject: zText(300).optional(),
      body: z.string().max(10_000).optional(),
      attach_pdf: z.boolean().optional(),
      files: z
        .array(zSentFile)
        .max(mostSentFiles)
        .optional()
        .meta({
          description: `Files that go with this e-mail alone, in base64 (${kindWords}); what one mail has room for`,
        }),
    })
    .prefault({}),
  bodyLimit: 15_000_000,
  reply: z.object({
    object: z.literal('message_reference'),
    message_id: zId('message'),
    messages: z.array(
      z.object({
        channel: z.enum(channels),
        message_id: zId('message'),
        suppressed: z.boolean().meta({ description: 'A rule holds it back: the message says which' }),
      }),
    ),
  }),
  status: 202,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused', 'invalid_request'],
});
export const sendInvoices = endpoint({
  method: 'POST',
  path: '/v1/invoices/send',
  summary: 'Mail many invoices; each that cannot go says why',
  scope: 'invoices:write',
  body: z.strictObject({ invoice_ids: z.array(zId('invoice')).min(1).max(1000) }),
  status: 202,
  reply: z.object({
    object: z.literal('send_report'),
    queued: z.int(),
    skipped: z.array(z.object({ invoice_id: zId('invoice'), number: z.string(), reason: z.string() })),
  }),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
export const getInvoicePdf = endpoint({
  method: 'GET',
  path: '/v1/invoices/{id}/pdf',
  summary: 'The invoice as a PDF, as it stands',
  scope: 'invoices:read',
  params: one,
  reply: zFile,
  fileType: 'application/pdf',
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
