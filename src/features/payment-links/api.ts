import { z } from 'zod';
import { endpoint, listOf, pageQuery, zId, zInstant, zMinor, zPositiveMinor, zText } from '#lib/endpoint.ts';

export const linkStates = ['open', 'pending', 'paid', 'withdrawn', 'expired'] as const;
export type LinkState = (typeof linkStates)[number];

export const zPaymentLink = z.object({
  object: z.literal('payment_link'),
  id: zId('paymentLink'),
  customer_id: zId('customer'),
  description: z.string(),
  amount: zMinor.nullable().meta({ description: 'What is asked for, or suggested; null: the payer says' }),
  fixed: z.boolean(),
  currency: z.string(),
  state: z.enum(linkStates),
  url: z.string(),
  sent_to: z.string().nullable(),
  payment_id: zId('payment').nullable(),
  paid_amount: zMinor.nullable(),
  created_at: zInstant,
  expires_at: zInstant,
});

export const createPaymentLink = endpoint({
  method: 'POST',
  path: '/v1/payment-links',
  status: 201,
  scope: 'payments:write',
  summary: 'A payment page for one customer and one payment without an invoice, such as a deposit',
  body: z
    .strictObject({
      customer_id: zId('customer'),
      description: zText(200).meta({ description: 'What the money is for; the payer reads it' }),
      amount: zPositiveMinor.optional().meta({ description: 'Missing: the payer says how much' }),
      fixed: z.boolean().default(true).meta({ description: 'False: the amount is a suggestion' }),
      expires_in_days: z.int().min(1).max(365).default(30),
      mail: z
        .boolean()
        .default(true)
        .meta({ description: 'False: nothing is sent, hand the link over yourself' }),
    })
    .refine((body) => !body.fixed || body.amount !== undefined, {
      message: 'give an amount, or fixed: false to let the payer say how much',
      path: ['amount'],
    }),
  reply: zPaymentLink,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused'],
});

export const listPaymentLinks = endpoint({
  method: 'GET',
  path: '/v1/payment-links',
  scope: 'payments:read',
  summary: 'The payment pages made for a customer, newest first',
  query: z.object({ ...pageQuery, customer_id: zId('customer') }),
  reply: listOf(zPaymentLink),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

const one = z.object({ id: zId('paymentLink') });

export const getPaymentLink = endpoint({
  method: 'GET',
  path: '/v1/payment-links/{id}',
  scope: 'payments:read',
  summary: 'One payment page and what became of it',
  params: one,
  reply: zPaymentLink,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

export const withdrawPaymentLink = endpoint({
  method: 'POST',
  path: '/v1/payment-links/{id}/withdraw',
  scope: 'payments:write',
  summary: 'Take a payment page back before it is paid',
  params: one,
  reply: zPaymentLink,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});
