import { z } from 'zod';
import { zPayment } from '#features/payments/api.ts';
import { endpoint, listOf, pageQuery, zDate, zId, zInstant, zMinor, zPositiveMinor } from '#lib/endpoint.ts';

export const refundStates = ['pending', 'unknown', 'submitted', 'settled', 'failed'] as const;
const zFeeHandling = z.enum(['inclusive', 'exclusive']);

export const zRefund = z.object({
  object: z.literal('refund'),
  id: zId('refund'),
  payment_id: zId('payment'),
  customer_id: zId('customer'),
  customer_name: z.string(),
  state: z.enum(refundStates),
  amount: zMinor.meta({ description: 'What the payer gets back: fee_amount, from_unapplied and the lines' }),
  fee_amount: zMinor,
  from_unapplied: zMinor,
  fee_handling: zFeeHandling,
  currency: z.string(),
  by_hand: z.boolean(),
  reason: z.string().nullable(),
  reference: z.string().nullable(),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  lines: z
    .array(z.object({ invoice_id: zId('invoice'), invoice_number: z.string(), amount: zMinor }))
    .optional(),
  requested_at: zInstant,
  posted_at: zInstant.nullable(),
  settled_at: zInstant.nullable(),
  ended_at: zInstant.nullable(),
});

export const listRefunds = endpoint({
  method: 'GET',
  path: '/v1/refunds',
  summary: 'Refunds, newest first',
  scope: 'payments:read',
  query: z.object({
    ...pageQuery,
    payment_id: zId('payment').optional(),
    customer_id: zId('customer').optional(),
    state: z.enum(refundStates).optional(),
    from: zDate.optional(),
    to: zDate.optional(),
  }),
  reply: listOf(zRefund),
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found'],
});

export const getRefund = endpoint({
  method: 'GET',
  path: '/v1/refunds/{id}',
  summary: 'One refund with what it was taken out of',
  scope: 'payments:read',
  params: z.object({ id: zId('refund') }),
  reply: zRefund,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

const refusals = [
  'unauthenticated',
  'forbidden',
  'invalid_request',
  'not_found',
  'amount_too_large',
  'state_refused',
  'idempotency_key_reused',
] as const;

export const createRefund = endpoint({
  method: 'POST',
  path: '/v1/refunds',
  status: 201,
  summary: 'Refund a settled payment, whole or in part; pending until the gateway answers',
  scope: 'payments:write',
  body: z.strictObject({
    payment_id: zId('payment'),
    principal: zPositiveMinor.optional().meta({
      description: 'Of invoices and unapplied cash; the fee’s share comes on top. Left out: all that is left',
    }),
    fee_handling: zFeeHandling.default('inclusive'),
    lines: z
      .array(z.strictObject({ invoice_id: zId('invoice'), amount: zPositiveMinor }))
      .max(500)
      .optional()
      .meta({ description: 'The split. Left out: unapplied cash first, then the invoices in their order' }),
    from_unapplied: zMinor.optional(),
    reason: z.string().trim().max(500).optional(),
    reference: z.string().trim().max(100).optional(),
    send_receipt: z.boolean().default(true),
  }),
  reply: zRefund,
  errors: [...refusals],
});

const onePayment = z.object({ id: zId('payment') });

/** What the dialog needs, to show what a refund would do before it is asked for. */
export const zGiveBack = z.object({
  object: z.literal('give_back'),
  payment_id: zId('payment'),
  offer: z.enum(['void', 'refund']).nullable(),
  may_strike: z.boolean().meta({ description: 'Recorded by hand and mistyped: void takes it back' }),
  by_hand: z.boolean(),
  reason: z.string(),
  void_refusal: z.string().nullable(),
  amount: zMinor,
  currency: z.string(),
  refunded: zMinor,
  fee: zMinor,
  fee_refunded: zMinor,
  inclusive_principal: zMinor,
  discounted: zMinor.meta({ description: 'What of it a discount was taken off' }),
  unapplied: zMinor,
  unapplied_refunded: zMinor,
  pieces: z.array(
    z.object({
      ...{ invoice_id: zId('invoice'), invoice_number: z.string() },
      ...{ amount: zMinor, discounted: zMinor, refunded: zMinor },
    }),
  ),
});

export const getGiveBack = endpoint({
  method: 'GET',
  path: '/v1/payments/{id}/give-back',
  summary: 'Whether a payment can be voided or refunded, why not, and what is left of it',
  scope: 'payments:read',
  params: onePayment,
  reply: zGiveBack,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

export const voidPayment = endpoint({
  method: 'POST',
  path: '/v1/payments/{id}/void',
  summary: 'Void a payment that has not left for settlement, whole; the gateway is asked after the answer',
  scope: 'payments:write',
  params: onePayment,
  body: z.strictObject({
    reason: z.string().trim().max(500).optional(),
    send_receipt: z.boolean().default(true),
  }),
  reply: zPayment,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused'],
});

/** One verdict for each, in order. What was confirmed as a void is never turned into a refund meanwhile. */
export const giveBackPayments = endpoint({
  method: 'POST',
  path: '/v1/payments/give-back',
  summary: 'Void or refund many payments, with a verdict for each',
  scope: 'payments:write',
  body: z.strictObject({
    items: z
      .array(
        z.strictObject({
          payment_id: zId('payment'),
          act: z.enum(['void', 'refund']),
          principal: zPositiveMinor.optional(),
        }),
      )
      .min(1)
      .max(100),
    fee_handling: zFeeHandling.default('inclusive'),
    reason: z.string().trim().max(500).optional(),
    send_receipt: z.boolean().default(true),
  }),
  reply: listOf(
    z.object({
      payment_id: zId('payment'),
      act: z.enum(['void', 'refund']),
      ok: z.boolean(),
      refund_id: zId('refund').nullable(),
      code: z.string().nullable(),
      message: z.string().nullable(),
    }),
  ),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
