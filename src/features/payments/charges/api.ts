import { z } from 'zod';
import { fundings, noCardFees } from '#features/card-fees/rules.ts';
import { zApply, zPayment } from '#features/payments/api.ts';
import { feeKinds } from '#features/payments/payment-name-rules.ts';
import { endpoint, zId, zMinor, zPositiveMinor } from '#lib/endpoint.ts';

/** Charge a stored method, or a one-time token of the gateway's hosted fields. */
export const createCharge = endpoint({
  method: 'POST',
  path: '/v1/charges',
  status: 202,
  scope: 'payments:write',
  summary: 'Charge a stored payment method for invoices; the payment is pending until the gateway answers',
  body: z
    .strictObject({
      customer_id: zId('customer'),
      payment_method_id: zId('paymentMethod').optional(),
      token: z.string().max(1000).optional(),
      keep: z.boolean().default(false).meta({
        description:
          'Store what the token stands for once it has paid: you have its owner’s agreement to that',
      }),
      authorization: z.enum(['held']).optional().meta({
        description: 'For a bank account by token: you hold its owner’s signed authorization',
      }),
      kind: z.enum(['card', 'bank_account']).default('card'),
      source: z.enum(['virtual_terminal']).optional().meta({ description: 'Keyed by staff, for no invoice' }),
      amount: zPositiveMinor.meta({ description: 'What invoices and unapplied cash get' }),
      fee: zMinor.default(0n).meta({
        description:
          'The card fee on top that the payer was told of, as POST /v1/charges/price answers it; below 0 for a discount',
      }),
      applications: zApply,
      send_receipt: z.boolean().default(true),
      memo: z.string().max(500).optional(),
    })
    .refine(
      (body) => Boolean(body.payment_method_id) !== Boolean(body.token),
      'give either payment_method_id or token',
    )
    .refine(
      (body) => body.token !== undefined || !body.keep,
      'keep is for a token: a stored payment method is kept already',
    )
    .refine(
      (body) =>
        (body.authorization !== undefined) === (body.token !== undefined && body.kind === 'bank_account'),
      'give authorization for a bank account by token, and for nothing else',
    )
    .refine(
      (body) => body.source !== 'virtual_terminal' || body.applications.length === 0,
      'the virtual terminal charges for no invoice; apply the payment later',
    ),
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

export const priceCharge = endpoint({
  method: 'POST',
  path: '/v1/charges/price',
  scope: 'payments:write',
  summary: 'What a charge would cost its payer on top, to tell before it is asked for; nothing is charged',
  body: z
    .strictObject({
      customer_id: zId('customer'),
      payment_method_id: zId('paymentMethod').optional(),
      token: z.string().max(1000).optional(),
      kind: z.enum(['card', 'bank_account']).default('card'),
      source: z.enum(['virtual_terminal']).optional(),
      amount: zPositiveMinor,
      applications: zApply.default([]),
    })
    .refine(
      (body) => Boolean(body.payment_method_id) !== Boolean(body.token),
      'give either payment_method_id or token',
    ),
  reply: z.object({
    object: z.literal('charge_price'),
    fee: zMinor,
    fee_kind: z.enum(feeKinds).nullable(),
    label: z.string(),
    percent: z.string().nullable(),
    total: zMinor,
    funding: z.enum(fundings),
    none: z.enum(noCardFees).nullable().meta({ description: 'Why there is no fee and no discount' }),
  }),
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused'],
});
