import { z } from 'zod';
import { autopayEnds, chargeWhens, thresholdDirections } from '#features/autopay/rules.ts';
import { unusables } from '#features/standing-charges/rules.ts';
import { endpoint, listOf, pageQuery, zDate, zId, zInstant, zMinor, zPositiveMinor } from '#lib/endpoint.ts';

const termFields = {
  charge_when: z.enum(chargeWhens).meta({
    description: 'The day of a charge: when the invoice is issued, on its date, or when it is due',
  }),
  threshold: z
    .strictObject({ direction: z.enum(thresholdDirections), amount: zPositiveMinor })
    .nullable()
    .meta({ description: 'Only invoices in this range are charged; the others wait' }),
  maximum_amount: zPositiveMinor
    .nullable()
    .meta({ description: 'Of one charge; an invoice above it is asked about instead' }),
  notice_days: z.int().min(0).max(30).meta({ description: 'A mail that many days before each charge' }),
};

const zMethod = z.object({
  id: zId('paymentMethod'),
  kind: z.enum(['card', 'bank_account', 'paypal']),
  brand: z.string(),
  last4: z.string(),
  problem: z.enum(unusables).nullable(),
});

export const zAutopay = z.object({
  object: z.literal('autopay'),
  id: zId('customer').meta({ description: 'A customer has one: its id is the customer’s' }),
  customer_id: zId('customer'),
  customer_name: z.string(),
  state: z.enum(['on', 'off', 'never']),
  paid_by: z
    .object({ id: zId('customer'), name: z.string() })
    .nullable()
    .meta({ description: 'The parent that it bills with, whose autopay pays its invoices' }),
  ...termFields,
  method: zMethod.nullable(),
  authorization_id: zId('authorization').nullable(),
  since: zInstant.nullable(),
  ended_at: zInstant.nullable(),
  ended_why: z.enum(autopayEnds).nullable(),
  next_charge_on: zDate.nullable(),
  on_hold: z.boolean().meta({
    description: 'Your organization holds its messages, and nothing is charged by itself meanwhile',
  }),
});

const ofCustomer = { params: z.object({ id: zId('customer') }) };

export const getAutopay = endpoint({
  method: 'GET',
  path: '/v1/customers/{id}/autopay',
  summary: 'Autopay of a customer: its method, its terms and its next charge',
  scope: 'payments:read',
  ...ofCustomer,
  reply: zAutopay,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

export const setAutopay = endpoint({
  method: 'POST',
  path: '/v1/customers/{id}/autopay',
  summary: 'Switch autopay on or change it; you vouch that you hold the customer’s agreement to it',
  scope: 'payments:write',
  ...ofCustomer,
  body: z.strictObject({
    payment_method_id: zId('paymentMethod'),
    ...termFields,
    held: z.literal(true).meta({ description: 'That the customer agreed to these very terms' }),
  }),
  reply: zAutopay,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused'],
});

export const stopAutopay = endpoint({
  method: 'DELETE',
  path: '/v1/customers/{id}/autopay',
  summary: 'Switch autopay off',
  scope: 'payments:write',
  ...ofCustomer,
  reply: zAutopay,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

export const listAutopays = endpoint({
  method: 'GET',
  path: '/v1/autopays',
  summary: 'Customers whose invoices are paid by autopay',
  scope: 'payments:read',
  query: z.object({ ...pageQuery, state: z.enum(['on', 'off', 'all']).default('on') }),
  reply: listOf(zAutopay),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

export const zAutopayDecline = z.object({
  object: z.literal('autopay_decline'),
  id: zId('autopayRun'),
  customer_id: zId('customer'),
  customer_name: z.string(),
  run_on: zDate,
  amount: zMinor,
  currency: z.string(),
  payment_id: zId('payment').nullable(),
  failed_at: zInstant,
  reason: z.string(),
  next_try_on: zDate.nullable(),
  method: zMethod.omit({ problem: true, id: true }),
  invoices: z.array(z.object({ id: zId('invoice'), number: z.string(), balance_due: z.int() })),
});

export const listAutopayDeclines = endpoint({
  method: 'GET',
  path: '/v1/autopay-declines',
  summary: 'Charges of autopay that did not go through, newest first',
  scope: 'payments:read',
  query: z.object({
    ...pageQuery,
    customer_id: zId('customer').optional(),
    view: z.enum(['all', 'final']).default('all').meta({
      description: 'Final: of the last 30 days, not tried again, and its invoices are still open',
    }),
  }),
  reply: listOf(zAutopayDecline),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

export const zComingCharge = z.object({
  object: z.literal('coming_charge'),
  id: zId('invoice'),
  number: z.string(),
  customer_name: z.string(),
  payer_id: zId('customer').meta({ description: 'Whose autopay charges it' }),
  charge_on: zDate,
  amount: zMinor,
  currency: z.string(),
  method: zMethod.omit({ problem: true, id: true }),
});
export const listComingCharges = endpoint({
  method: 'GET',
  path: '/v1/autopay-charges',
  summary: 'Invoices that autopay charges in the days to come, if nothing changes; the first comes first',
  scope: 'payments:read',
  query: z.object({ ...pageQuery, days: z.coerce.number().int().min(1).max(31).default(7) }),
  reply: listOf(zComingCharge).extend({
    count: z.int().meta({ description: 'Of all pages' }),
    amount: zMinor.meta({
      description: 'Of all pages; autopay charges in the organization’s currency alone',
    }),
    is_complete: z.boolean().meta({ description: 'False: there are more than were looked at' }),
  }),
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found'],
});

export const getInvoiceAutopay = endpoint({
  method: 'GET',
  path: '/v1/invoices/{id}/autopay',
  summary: 'When autopay charges an invoice, or why it does not',
  scope: 'invoices:read',
  params: z.object({ id: zId('invoice') }),
  reply: z.object({
    object: z.literal('autopay_forecast'),
    charge_on: zDate.nullable(),
    amount: zMinor,
    method: zMethod.omit({ problem: true, id: true }).nullable(),
    paid_by: zId('customer').nullable(),
    reason: z.string().nullable().meta({ description: 'Why it is not charged, in words' }),
  }),
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

const zChargeLimit = z.object({
  title: z.string(),
  of: z.string().meta({ description: 'Visa, Mastercard, or bank debits' }),
  says: z.string(),
  severity: z.enum(['block', 'warn', 'inform']),
  source: z.string(),
});
export const listChargeLimits = endpoint({
  method: 'GET',
  path: '/v1/charge-limits',
  summary: 'What card networks, Nacha and the law say of charges that are tried again or announced',
  scope: 'settings:read',
  reply: z.object({ object: z.literal('charge_limits'), limits: z.array(zChargeLimit) }),
  errors: ['unauthenticated', 'forbidden'],
});
