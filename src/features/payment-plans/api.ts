import { z } from 'zod';
import { planStates } from '#features/payment-plans/state-rules.ts';
import { cadences } from '#features/payment-plans/term-rules.ts';
import { endpoint, listOf, pageQuery, zDate, zId, zInstant, zMinor, zPositiveMinor } from '#lib/endpoint.ts';

const read = ['unauthenticated', 'forbidden', 'not_found'] as const;
const written = [...read, 'invalid_request', 'state_refused'] as const;
const one = z.object({ id: zId('paymentPlan') });

const zInstallment = z.object({
  number: z.int(),
  due_on: zDate,
  amount: zMinor,
  state: z.enum(['due', 'charging', 'paid', 'missed', 'dropped']),
  try_on: zDate.nullable().meta({ description: 'The day of the next charge, once the plan runs' }),
  payment_id: zId('payment').nullable(),
  reason: z.string(),
});
const zCoveredInvoice = z.object({
  id: zId('invoice'),
  number: z.string(),
  agreed_due: zMinor.meta({ description: 'What was due on it when the plan was agreed to' }),
  balance_due: zMinor,
  left: z.boolean().meta({ description: 'It has left the plan: it was voided, or the plan has ended' }),
});

const row = {
  object: z.literal('payment_plan'),
  id: zId('paymentPlan'),
  customer_id: zId('customer'),
  customer_name: z.string(),
  state: z.enum(planStates),
  by_staff: z.boolean(),
  currency: z.string(),
  total: zMinor,
  down_payment: zMinor,
  cadence: z.enum(cadences),
  installments: z.int(),
  first_on: zDate,
  payment_method_id: zId('paymentMethod').nullable(),
  reason: z.string(),
  created_at: zInstant,
  activated_at: zInstant.nullable(),
  ended_at: zInstant.nullable(),
};
export const zPlanRow = z.object(row);
export const zPlan = z.object({
  ...row,
  rest: zMinor.meta({ description: 'What its open installments still collect' }),
  note: z.string(),
  most_amount: zMinor.meta({ description: 'No installment is larger' }),
  may_rise: zMinor,
  asked_rise: zMinor.meta({ description: 'What waits for a new agreement of the customer' }),
  move_days: z.int(),
  missed_limit: z.int(),
  down_payment_id: zId('payment').nullable(),
  authorization_id: zId('authorization').nullable(),
  agreement: z.string().nullable().meta({ description: 'The words that were signed last' }),
  method: z.object({ kind: z.string(), brand: z.string(), last4: z.string() }).nullable(),
  invoices: z.array(zCoveredInvoice),
  schedule: z.array(zInstallment),
});

export const listPlans = endpoint({
  method: 'GET',
  path: '/v1/payment-plans',
  scope: 'payments:read',
  summary: 'Payment plans, newest first; those that wait for an answer with pending=true',
  query: z.object({
    ...pageQuery,
    customer_id: zId('customer').optional(),
    invoice_id: zId('invoice').optional().meta({ description: 'The plan that this invoice is in now' }),
    state: z.enum(planStates).optional(),
    pending: z.enum(['true', 'false']).optional(),
  }),
  reply: listOf(zPlanRow),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
export const getPlan = endpoint({
  method: 'GET',
  path: '/v1/payment-plans/{id}',
  scope: 'payments:read',
  summary: 'A payment plan with its invoices and installments',
  params: one,
  reply: zPlan,
  errors: read,
});

const terms = {
  customer_id: zId('customer'),
  invoice_ids: z.array(zId('invoice')).min(1).max(100),
  down_payment: zPositiveMinor,
  cadence: z.enum(cadences),
  installments: z.int().min(1).max(60),
  first_on: zDate,
};
export const previewPlan = endpoint({
  method: 'POST',
  path: '/v1/payment-plans/preview',
  scope: 'payments:read',
  summary: 'What a plan would be: every date and amount. Nothing is kept',
  body: z.strictObject(terms),
  reply: z.object({
    object: z.literal('payment_plan_preview'),
    total: zMinor,
    currency: z.string(),
    installments: z.array(z.object({ number: z.int(), due_on: zDate, amount: zMinor })),
  }),
  errors: [...read, 'invalid_request'],
});
export const offerPlan = endpoint({
  method: 'POST',
  path: '/v1/payment-plans',
  scope: 'payments:write',
  status: 201,
  summary:
    'Offer a plan: the customer agrees in the portal. With held_by, staff vouches that it has agreed already',
  body: z.strictObject({
    ...terms,
    note: z.string().trim().max(1000).default(''),
    held_by: z.string().trim().min(2).max(120).optional().meta({
      description: 'Who has signed for the customer, on a paper that you hold; needs payment_method_id',
    }),
    payment_method_id: zId('paymentMethod').optional(),
  }),
  reply: zPlan,
  errors: written,
});
export const approvePlan = endpoint({
  method: 'POST',
  path: '/v1/payment-plans/{id}/approve',
  scope: 'payments:write',
  summary: 'Charge the down payment; once it has gone through, the plan runs',
  params: one,
  reply: zPlan,
  errors: [...written, 'nothing_due', 'amount_too_large'],
});
const reason = z.strictObject({ reason: z.string().trim().max(500).default('') });
export const rejectPlan = endpoint({
  method: 'POST',
  path: '/v1/payment-plans/{id}/reject',
  scope: 'payments:write',
  summary: 'Turn a plan down; the customer is told the reason',
  params: one,
  body: reason,
  reply: zPlan,
  errors: written,
});
export const withdrawPlan = endpoint({
  method: 'POST',
  path: '/v1/payment-plans/{id}/withdraw',
  scope: 'payments:write',
  summary: 'Take an offer back before it is agreed to',
  params: one,
  body: reason,
  reply: zPlan,
  errors: written,
});
export const cancelPlan = endpoint({
  method: 'POST',
  path: '/v1/payment-plans/{id}/cancel',
  scope: 'payments:write',
  summary: 'Stop a running plan: nothing more is charged, and its invoices are chased again',
  params: one,
  body: reason,
  reply: zPlan,
  errors: written,
});
export const payOffPlan = endpoint({
  method: 'POST',
  path: '/v1/payment-plans/{id}/pay-off',
  scope: 'payments:write',
  summary: 'Charge the rest at once, as the customer has asked for',
  params: one,
  body: z.strictObject({
    customer_asked: z.literal(true).meta({ description: 'You vouch that the customer has asked for this' }),
  }),
  reply: zPlan,
  errors: [...written, 'nothing_due'],
});
export const changePlan = endpoint({
  method: 'PATCH',
  path: '/v1/payment-plans/{id}',
  scope: 'payments:write',
  summary:
    'Put an installment off within what was agreed, or go on with another method that you hold a consent for',
  params: one,
  body: z.union([
    z.strictObject({ installment: z.int().min(1), due_on: zDate }),
    z.strictObject({ payment_method_id: zId('paymentMethod'), held_by: z.string().trim().min(2).max(120) }),
  ]),
  reply: zPlan,
  errors: written,
});

const zShare = z.string().regex(/^\d{1,2}(\.\d{1,4})?$/, 'must be a percentage such as 10 or 12.5');
const limits = {
  min_down_percent: zShare.meta({ description: 'The smallest down payment' }),
  max_installments: z.int().min(1).max(60),
  max_months: z.int().min(1).max(60),
  missed_limit: z.int().min(1).max(12).meta({ description: 'So many missed installments end a plan' }),
  rise_percent: zShare.meta({
    description: 'How far corrected invoices may lengthen a plan without a new agreement',
  }),
  move_days: z.int().min(0).max(31).meta({ description: 'How far you may put an installment off' }),
};
const zLimits = z.object({ object: z.literal('payment_plan_limits'), ...limits });
export const getPlanLimits = endpoint({
  method: 'GET',
  path: '/v1/payment-plan-limits',
  scope: 'payments:read',
  summary: 'What customers may ask for',
  reply: zLimits,
  errors: ['unauthenticated', 'forbidden'],
});
export const setPlanLimits = endpoint({
  method: 'PATCH',
  path: '/v1/payment-plan-limits',
  scope: 'settings:write',
  summary: 'Say what customers may ask for; plans that are agreed to keep their terms',
  body: z.strictObject(limits),
  reply: zLimits,
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
