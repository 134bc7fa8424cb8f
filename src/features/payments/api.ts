import { z } from 'zod';
import { zBankReturn } from '#features/bank-rules/api.ts';
import { fundings } from '#features/card-fees/rules.ts';
import {
  feeKinds,
  paymentKinds,
  paymentSources,
  paymentStates,
} from '#features/payments/payment-name-rules.ts';
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

const turns = ['customer', 'organization', 'gateway', 'bank'] as const;

const zApplication = z.object({
  invoice_id: zId('invoice'),
  invoice_number: z.string(),
  amount: zMinor,
  state: z.enum(['reserved', 'applied', 'ended']),
});

export const zPayment = z.object({
  object: z.literal('payment'),
  id: zId('payment'),
  customer_id: zId('customer'),
  customer_name: z.string(),
  kind: z.enum(paymentKinds),
  source: z.enum(paymentSources),
  state: z.enum(paymentStates),
  amount: zMinor,
  applied: zMinor,
  unapplied: zMinor,
  fee: zMinor.meta({ description: 'What the payer paid on top; applied to no invoice' }),
  fee_kind: z.enum(feeKinds).nullable(),
  card_fee: z
    .object({
      label: z.string(),
      percent: z.string().nullable(),
      base: zMinor,
      funding: z.enum(fundings),
      disclosed_at: zInstant,
    })
    .nullable()
    .optional()
    .meta({ description: 'How the fee came about, and when the payer was told' }),
  refunded: zMinor.meta({ description: 'Given back, or under way back' }),
  currency: z.string(),
  received_on: zDate,
  reference: z.string().nullable(),
  memo: z.string().nullable(),
  method: z.object({ brand: z.string().nullable(), last4: z.string().nullable() }).nullable(),
  payer: z.object({ name: z.string().nullable(), email: z.string().nullable() }),
  payment_link_id: zId('paymentLink')
    .nullable()
    .meta({ description: 'The payment page that it was paid on' }),
  gateway_account: z.object({ id: zId('gatewayAccount'), name: z.string() }).nullable(),
  result: z
    .object({
      code: z.string().nullable(),
      title: z.string(),
      next: z.string().nullable(),
      turn: z.enum(turns).nullable(),
      expected_on: zDate.nullable().meta({ description: 'When a bank debit under way should settle' }),
    })
    .meta({ description: 'What became of it in words, what comes next, and whose turn that is' }),
  gateway_said: z
    .object({ code: z.string().nullable(), message: z.string().nullable() })
    .nullable()
    .meta({ description: 'The gateway’s own code and words for a refusal, a return or a lost answer' }),
  invoices: z
    .object({
      count: z.int(),
      open: z.int(),
      first: z.array(
        z.object({ invoice_id: zId('invoice'), invoice_number: z.string(), is_open: z.boolean() }),
      ),
    })
    .meta({ description: 'What it is or was for: how many, how many still open, and the first three' }),
  decline: z
    .object({ code: z.string(), message: z.string(), advice: z.string() })
    .nullable()
    .meta({ description: 'As the payer is told' }),
  return_code: z.string().nullable(),
  bank_return: zBankReturn.nullable().optional(),
  refund_at_once: z
    .boolean()
    .meta({ description: 'The gateway refunds it before it has settled, and voids it no more' }),
  void_requested_at: zInstant.nullable(),
  void_refused_at: zInstant.nullable(),
  void_refusal: z.string().nullable(),
  applications: z.array(zApplication).optional(),
  status_log: z
    .array(z.object({ state: z.enum(paymentStates), at: zInstant }))
    .optional()
    .meta({ description: 'Each state it has been in, and since when' }),
  requested_at: zInstant,
  posted_at: zInstant.nullable(),
  settled_at: zInstant.nullable(),
  ended_at: zInstant.nullable(),
});

export type Payment = z.output<typeof zPayment>;

const one = z.object({ id: zId('payment') });
export const getPayment = endpoint({
  method: 'GET',
  path: '/v1/payments/{id}',
  summary: 'One payment with what it was applied to',
  scope: 'payments:read',
  params: one,
  reply: zPayment,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

export const zApply = z
  .array(z.strictObject({ invoice_id: zId('invoice'), amount: zPositiveMinor }))
  .max(500);

/** A check, cash or a wire that staff has in hand. */
export const recordPayment = endpoint({
  method: 'POST',
  path: '/v1/payments',
  summary: 'Record a payment received by check, cash or wire',
  status: 201,
  scope: 'payments:write',
  body: z.strictObject({
    customer_id: zId('customer'),
    kind: z.enum(['check', 'cash', 'wire', 'other']),
    amount: zPositiveMinor,
    received_on: zDate.optional(),
    reference: z.string().max(100).optional(),
    memo: z.string().max(500).optional(),
    applications: zApply,
    send_receipt: z.boolean().default(true),
  }),
  reply: zPayment,
  errors: [
    'unauthenticated',
    'forbidden',
    'invalid_request',
    'not_found',
    'amount_too_large',
    'state_refused',
    'conflict',
  ],
});

/** Attach and detach: for money that came before its invoice, or went to the wrong one. */
export const applyPayment = endpoint({
  method: 'POST',
  path: '/v1/payments/{id}/apply',
  summary: 'Put unapplied cash of a payment against open invoices of the same customer',
  scope: 'payments:write',
  params: one,
  body: z.strictObject({ applications: zApply.min(1) }),
  reply: zPayment,
  errors: [
    'unauthenticated',
    'forbidden',
    'invalid_request',
    'not_found',
    'amount_too_large',
    'state_refused',
    'conflict',
  ],
});
export const unapplyPayment = endpoint({
  method: 'POST',
  path: '/v1/payments/{id}/unapply',
  summary: 'Take a payment off an invoice, which is open again; the money stays as unapplied cash',
  scope: 'payments:write',
  params: one,
  body: z.strictObject({ invoice_id: zId('invoice') }),
  reply: zPayment,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused', 'conflict'],
});

export const zPaymentMethod = z.object({
  object: z.literal('payment_method'),
  id: zId('paymentMethod'),
  customer_id: zId('customer'),
  kind: z.enum(['card', 'bank_account']),
  brand: z.string(),
  last4: z.string(),
  expiry: z.object({ year: z.int(), month: z.int() }).nullable(),
  state: z.enum(['active', 'needs_authorization', 'expired', 'removed', 'blocked']),
  is_default: z.boolean().meta({ description: 'Stands first wherever a method is chosen' }),
  added_by: z.string(),
  created_at: zInstant,
});
export const listPaymentMethods = endpoint({
  method: 'GET',
  path: '/v1/payment-methods',
  summary: 'Stored payment methods of a customer',
  scope: 'payments:read',
  query: z.object({ ...pageQuery, customer_id: zId('customer') }),
  reply: listOf(zPaymentMethod),
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

export const sendReceipt = endpoint({
  method: 'POST',
  path: '/v1/payments/{id}/receipt',
  summary: 'Mail the receipt once more, to the payer or to the address given',
  scope: 'payments:write',
  status: 202,
  params: one,
  body: z.strictObject({ to: zEmail.optional() }).default({}),
  reply: z.object({
    object: z.literal('message_reference'),
    message_id: zId('message'),
    to: z.array(z.string()),
  }),
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused'],
});

export const getReceipt = endpoint({
  method: 'GET',
  path: '/v1/payments/{id}/receipt',
  summary: 'The receipt as a PDF',
  scope: 'payments:read',
  params: one,
  reply: zFile,
  fileType: 'application/pdf',
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});
