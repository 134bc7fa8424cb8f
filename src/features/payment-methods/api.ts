import { z } from 'zod';
import { zPaymentMethod } from '#features/payments/api.ts';
import { endpoint, zFile, zId, zInstant } from '#lib/endpoint.ts';

const one = z.object({ id: zId('paymentMethod') });

/** The gateway’s own fields: card and bank data are typed there and reach this server as a token. */
export const listMethodFields = endpoint({
  method: 'GET',
  path: '/v1/payment-methods/fields',
  summary: 'Where the gateway’s fields for a new card or bank account are, for a page of this address',
  scope: 'payments:write',
  reply: z.object({
    object: z.literal('payment_method_fields'),
    payment_method_id: zId('paymentMethod').meta({ description: 'For the form that these fields are in' }),
    slots: z.array(z.object({ kind: z.enum(['card', 'bank_account']), url: z.string(), origin: z.string() })),
    card_agreement: z.string().meta({ description: 'What staff vouches for when a card is kept' }),
    liability: z.string().meta({ description: 'What staff vouches for with authorization `held`' }),
  }),
  errors: ['unauthenticated', 'forbidden'],
});

export const createPaymentMethod = endpoint({
  method: 'POST',
  path: '/v1/payment-methods',
  status: 201,
  scope: 'payments:write',
  summary: 'Store a card or a bank account from a one-time token; a bank account needs an authorization',
  body: z
    .strictObject({
      customer_id: zId('customer'),
      payment_method_id: zId('paymentMethod')
        .optional()
        .meta({ description: 'Of the fields’ form: sent twice it stores one method' }),
      kind: z.enum(['card', 'bank_account']),
      token: z.string().min(1).max(1000),
      authorization: z.enum(['request', 'held']).optional().meta({
        description:
          '`request` mails the customer a link to sign; `held` says that you hold the signed authorization',
      }),
    })
    .refine(
      (body) => (body.kind === 'bank_account') === (body.authorization !== undefined),
      'give authorization for a bank account, and for nothing else',
    ),
  reply: zPaymentMethod,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused', 'unavailable'],
});

export const setDefaultPaymentMethod = endpoint({
  method: 'POST',
  path: '/v1/payment-methods/{id}/default',
  summary: 'Make a payment method the customer’s usual one',
  scope: 'payments:write',
  params: one,
  reply: zPaymentMethod,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});

export const removePaymentMethod = endpoint({
  method: 'DELETE',
  path: '/v1/payment-methods/{id}',
  summary: 'Remove a stored payment method, here and at its gateway',
  scope: 'payments:write',
  params: one,
  reply: z.object({
    object: z.literal('payment_method'),
    id: zId('paymentMethod'),
    removed: z.literal(true),
  }),
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});

const zLink = z.object({
  object: z.literal('payment_method_link'),
  url: z.string(),
  expires_at: zInstant,
  sent_to: z.string().nullable(),
});
const how = z.strictObject({
  mail: z
    .boolean()
    .default(true)
    .meta({ description: 'False: nothing is sent, hand the link over yourself' }),
});

export const invitePaymentMethod = endpoint({
  method: 'POST',
  path: '/v1/customers/{id}/payment-method-links',
  status: 201,
  scope: 'payments:write',
  summary: 'A link by which a customer adds a payment method without signing in; it works once',
  params: z.object({ id: zId('customer') }),
  body: how.extend({
    offer_autopay: z
      .boolean()
      .default(false)
      .meta({ description: 'The page offers autopay with the method' }),
  }),
  reply: zLink,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused'],
});

export const requestAuthorization = endpoint({
  method: 'POST',
  path: '/v1/payment-methods/{id}/authorization-links',
  status: 201,
  scope: 'payments:write',
  summary: 'A link by which the owner of a bank account signs for it without signing in',
  params: one,
  body: how,
  reply: zLink,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused'],
});

export const getAuthorization = endpoint({
  method: 'GET',
  path: '/v1/payment-methods/{id}/authorization',
  summary: 'What the owner of a bank account signed, as a PDF',
  scope: 'payments:read',
  params: one,
  reply: zFile,
  fileType: 'application/pdf',
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
