import { z } from 'zod';
import { meters } from '#features/billing/price-rules.ts';
import {
  endpoint,
  listOf,
  pageQuery,
  zCurrency,
  zDate,
  zEmail,
  zId,
  zInstant,
  zMinor,
  zText,
} from '#lib/endpoint.ts';

const zMeter = z.enum(meters);
const zPrice = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,6})?$/, 'must be a price such as 0.015')
  .meta({ description: 'For each, in the currency’s unit' });
const zMeterPrice = z.strictObject({
  meter: zMeter,
  included: z.int().min(0).max(1_000_000_000),
  tiers: z
    .array(z.strictObject({ up_to: z.int().min(1).max(1_000_000_000).nullable(), price: zPrice }))
    .max(10)
    .meta({ description: 'Steps beyond what is included; none: it is never billed' }),
});

const fields = {
  name: zText(100),
  description: z.string().trim().max(500),
  every: z.enum(['month', 'year']),
  price: zMinor.meta({ description: 'Of each period, billed ahead, in minor units' }),
  trial_days: z.int().min(0).max(365),
  meters: z.array(zMeterPrice).max(meters.length),
};

export const zPlan = z.object({
  object: z.literal('billing_plan'),
  id: zId('billingPlan'),
  ...fields,
  currency: zCurrency,
});
export const zHostPlan = zPlan.extend({
  tax_rate_ids: z.array(z.string()),
  retired_at: zInstant.nullable(),
  subscribers: z.int(),
});

const zLine = z.object({ description: z.string(), amount: zMinor });
const zBill = z.object({
  lines: z.array(zLine),
  subtotal: zMinor,
  tax: zMinor,
  total: zMinor,
  carried: zMinor.meta({ description: 'Credit that is left for later bills' }),
});

const zUsage = z.object({
  meter: zMeter,
  quantity: z.int(),
  included: z.int(),
  is_priced: z.boolean().meta({ description: 'Whether more than what is included is billed' }),
});

const zSubscription = z.object({
  object: z.literal('billing_subscription'),
  id: zId('billingSubscription'),
  plan: zPlan,
  state: z.enum(['trial', 'active', 'ends']),
  starts_on: zDate,
  ends_on: zDate.meta({ description: 'The first day after the period' }),
  usage: z.array(zUsage),
  next_bill: zBill.meta({ description: 'What the end of the period will bill, as things stand' }),
});

const zBillingInvoice = z.object({
  id: zId('invoice'),
  number: z.string(),
  invoice_date: zDate,
  due_date: zDate,
  total: zMinor,
  balance_due: zMinor,
  state: z.enum(['open', 'pending', 'paid', 'void', 'written_off']),
  pay_url: z.string(),
});

export const zBilling = z.object({
  object: z.literal('billing'),
  /** Off: nobody bills here, and nothing else changes. */
  role: z.enum(['off', 'host', 'subscriber']),
  host_name: z.string().nullable(),
  currency: zCurrency,
  locale: z.string(),
  today: zDate,
  plans: z.array(zPlan),
  subscription: zSubscription.nullable(),
  has_trial: z.boolean().meta({ description: 'A first plan begins with its trial' }),
  invoices: z.array(zBillingInvoice).meta({ description: 'The newest twelve' }),
});

export const getBilling = endpoint({
  method: 'GET',
  path: '/v1/billing',
  summary:
    'What the host of this installation bills you: plan, use so far, invoices, and the plans there are',
  scope: 'settings:read',
  reply: zBilling,
  errors: ['unauthenticated', 'forbidden'],
});

const choice = { plan_id: zId('billingPlan') };

export const previewPlan = endpoint({
  method: 'GET',
  path: '/v1/billing/preview',
  summary: 'What a plan would bill if it were taken now',
  scope: 'settings:read',
  query: z.object(choice),
  reply: z.object({
    object: z.literal('billing_preview'),
    plan: zPlan,
    starts_on: zDate,
    ends_on: zDate,
    is_trial: z.boolean(),
    due_now: zBill,
  }),
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});

export const choosePlan = endpoint({
  method: 'POST',
  path: '/v1/billing/plan',
  summary:
    'Take a plan, or change to another: what is left of the old one comes back, and a new period begins',
  scope: 'settings:write',
  body: z.strictObject({ ...choice, email: zEmail.optional() }),
  reply: zBilling,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused'],
});
export const cancelPlan = endpoint({
  method: 'POST',
  path: '/v1/billing/cancel',
  summary: 'End the plan with its period; nothing is locked by it',
  scope: 'settings:write',
  reply: zBilling,
  errors: ['unauthenticated', 'forbidden', 'state_refused'],
});
export const resumePlan = endpoint({
  method: 'POST',
  path: '/v1/billing/resume',
  summary: 'Take a cancellation back, while the period runs',
  scope: 'settings:write',
  reply: zBilling,
  errors: ['unauthenticated', 'forbidden', 'state_refused'],
});

export const listPlans = endpoint({
  method: 'GET',
  path: '/v1/billing/plans',
  summary: 'For the host: its plans, those that are retired too',
  scope: 'settings:read',
  reply: listOf(zHostPlan),
  errors: ['unauthenticated', 'forbidden', 'state_refused'],
});
export const makePlan = endpoint({
  method: 'POST',
  path: '/v1/billing/plans',
  summary: 'For the host: offer a plan',
  scope: 'settings:write',
  body: z.strictObject({
    ...fields,
    description: fields.description.default(''),
    price: zMinor.refine((price) => price >= 0n, 'must not be below zero'),
    trial_days: fields.trial_days.default(0),
    meters: fields.meters.default([]),
    tax_rate_ids: z.array(zId('taxRate')).max(10).default([]),
  }),
  status: 201,
  reply: zHostPlan,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'conflict', 'state_refused'],
});
export const changePlan = endpoint({
  method: 'PATCH',
  path: '/v1/billing/plans/{id}',
  summary: 'For the host: a plan’s words and taxes, or offer it no more. Its prices stay: make another plan',
  scope: 'settings:write',
  params: z.object({ id: zId('billingPlan') }),
  body: z
    .strictObject({
      description: fields.description,
      tax_rate_ids: z.array(zId('taxRate')).max(10),
      retired: z.literal(true),
    })
    .partial(),
  reply: zHostPlan,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused'],
});

export const zSubscriber = z.object({
  object: z.literal('billing_subscriber'),
  id: zId('billingSubscription'),
  customer_id: zId('customer'),
  name: z.string(),
  plan: z.string(),
  state: z.enum(['trial', 'active', 'ends']),
  starts_on: zDate,
  ends_on: zDate,
  usage: z.array(z.object({ meter: zMeter, quantity: z.int() })).meta({
    description: 'Of the period, up to yesterday. A host sees these totals and nothing else of a subscriber',
  }),
});
export const listSubscribers = endpoint({
  method: 'GET',
  path: '/v1/billing/subscribers',
  summary: 'For the host: who has a plan, and what each used',
  scope: 'settings:read',
  query: z.object(pageQuery),
  reply: listOf(zSubscriber),
  errors: ['unauthenticated', 'forbidden', 'state_refused'],
});
