import { z } from 'zod';
import { lateFeeAmountTypes, lateFeeBookings, type NoLateFee } from '#features/late-fees/rules.ts';
import { noLateFeeWords } from '#features/late-fees/word-rules.ts';
import { endpoint, listOf, pageQuery, zDate, zId, zInstant, zMinor, zText } from '#lib/endpoint.ts';

const zAmount = zMinor.pipe(z.bigint().min(0n));
const zPercent = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,4})?$/, 'must be a number such as 1.5, with at most four decimals')
  .refine((text) => Number(text) <= 100, 'must be 100 or less');

const zPlace = z
  .string()
  .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'must be a country such as US, or a state such as US-NY');

const policyFields = {
  is_active: z.boolean(),
  amount_type: z.enum(lateFeeAmountTypes),
  flat_amount: zAmount,
  percent: zPercent,
  compounds: z.boolean().meta({ description: 'Whether the percentage is taken of earlier late fees too' }),
  grace_days: z.int().min(0).max(365).meta({ description: 'Whole days after the due date without a fee' }),
  every_days: z.int().min(1).max(365).nullable().meta({ description: 'null: one fee an invoice' }),
  max_fees: z.int().min(1).max(1000).nullable(),
  cap_amount: zMinor.pipe(z.bigint().min(1n)).nullable(),
  cap_percent: zPercent
    .nullable()
    .meta({ description: 'Of the total of the invoice, all its fees together' }),
  minimum_balance: zAmount,
  booking: z.enum(lateFeeBookings).default('on_invoice').meta({
    description:
      'Where it is owed; `receipt`: on the late invoice, and a sales receipt in connected books once it is paid',
  }),
  own_item: zText(100)
    .default('Late fee')
    .meta({ description: 'What the line of an invoice of its own is called' }),
  own_due_days: z
    .int()
    .min(0)
    .max(365)
    .default(14)
    .meta({ description: 'Days to pay an invoice of its own' }),
  terms_text: z.string().trim().max(2000),
  terms_in_memo: z.boolean(),
  terms_in_reminders: z.boolean(),
  jurisdiction: zPlace.nullable(),
};

export const zLateFeePolicy = z.object({
  ...policyFields,
  version: z.int().meta({ description: '0: none was agreed yet; these are what it would start with' }),
  currency: z.string(),
  effective_from: zDate.meta({ description: 'Only invoices due on or after this day' }),
  created_at: zInstant.nullable(),
});

export const zLateFeeCeiling = z.object({
  id: zId('lateFeeCeiling')
    .nullable()
    .meta({ description: 'Of one that the organization has looked up itself' }),
  jurisdiction: z.string(),
  basis: z.enum([
    'percent_per_month',
    'percent_per_year',
    'points_over_base_rate',
    'fixed_amount',
    'agreement',
  ]),
  title: z.string(),
  figure: z.string().nullable(),
  currency: z.string().nullable(),
  says: z.string(),
  severity: z.enum(['block', 'warn', 'inform']),
  source: z.string(),
  verified_on: zDate.nullable(),
});

export const zLateFee = z.object({
  object: z.literal('late_fee'),
  id: zId('lateFee'),
  customer_id: zId('customer'),
  customer_name: z.string(),
  invoice_id: zId('invoice'),
  invoice_number: z.string(),
  sequence: z.int().meta({ description: 'Which late fee of its invoice it is' }),
  policy_version: z.int(),
  state: z.enum(['posted', 'waived', 'removed']),
  fell_due_on: zDate,
  amount: zMinor,
  currency: z.string(),
  reason: z.string(),
  credit_memo_id: zId('creditMemo')
    .nullable()
    .meta({ description: 'The credit for a fee that was removed after it had been paid' }),
  own_invoice_id: zId('invoice')
    .nullable()
    .meta({ description: 'The invoice of its own that it is booked as' }),
  own_invoice_number: z.string().nullable(),
  created_at: zInstant,
  removed_at: zInstant.nullable(),
});

const noLateFees = Object.keys(noLateFeeWords) as [NoLateFee, ...NoLateFee[]];
const zNext = z.object({ on: zDate, amount: zMinor, sequence: z.int(), booking: z.enum(lateFeeBookings) });
export const zInvoiceLateFees = z.object({
  object: z.literal('invoice_late_fees'),
  fees: z.array(zLateFee),
  next: zNext.nullable(),
  none: z.enum(noLateFees).nullable().meta({ description: 'Why there is no next one' }),
  waives_next: z.boolean().meta({ description: 'Whether the customer’s next late fee will be waived' }),
});

export const zForecastFee = z.object({
  invoice_id: zId('invoice'),
  invoice_number: z.string(),
  customer_id: zId('customer'),
  customer_name: z.string(),
  on: zDate,
  amount: zMinor,
  sequence: z.int(),
  currency: z.string(),
  waived: z.boolean(),
  booking: z.enum(lateFeeBookings),
});

const one = z.object({ id: zId('lateFee') });
const ofInvoice = z.object({ id: zId('invoice') });
const reading = ['unauthenticated', 'forbidden', 'invalid_request'] as const;
const writing = [...reading, 'not_found', 'state_refused', 'conflict'] as const;

export const getLateFeePolicy = endpoint({
  method: 'GET',
  path: '/v1/late-fee-policy',
  summary: 'The terms of late fees, and what law and trade say of them',
  scope: 'settings:read',
  reply: z.object({
    object: z.literal('late_fee_policy'),
    policy: zLateFeePolicy,
    ceilings: z.array(zLateFeeCeiling),
  }),
  errors: ['unauthenticated', 'forbidden'],
});
export const setLateFeePolicy = endpoint({
  method: 'POST',
  path: '/v1/late-fee-policy',
  summary: 'Agree on new terms of late fees, or switch them off: a new version',
  scope: 'settings:write',
  body: z.strictObject({ ...policyFields, effective_from: zDate.optional() }),
  status: 201,
  reply: zLateFeePolicy,
  errors: [...reading],
});
export const addLateFeeCeiling = endpoint({
  method: 'POST',
  path: '/v1/late-fee-ceilings',
  summary: 'Keep a ceiling that you have looked up yourself, with its source',
  scope: 'settings:write',
  body: z
    .strictObject({
      jurisdiction: zPlace,
      basis: z.enum(['percent_per_month', 'percent_per_year', 'fixed_amount', 'agreement']),
      title: zText(100),
      figure: z
        .string()
        .regex(/^\d{1,12}(\.\d{1,4})?$/, 'must be a number such as 18 or 1.5')
        .nullable()
        .default(null),
      says: zText(1000),
      severity: z.enum(['block', 'warn', 'inform']),
      source: zText(500),
      verified_on: zDate,
    })
    .refine(({ basis, figure }) => (basis === 'agreement') === (figure === null), {
      path: ['figure'],
      message: 'is needed of a rate or an amount, and not of an agreement',
    }),
  status: 201,
  reply: zLateFeeCeiling,
  errors: [...reading],
});
export const removeLateFeeCeiling = endpoint({
  method: 'DELETE',
  path: '/v1/late-fee-ceilings/{id}',
  summary: 'Drop a ceiling of your own',
  scope: 'settings:write',
  params: z.object({ id: zId('lateFeeCeiling') }),
  reply: z.object({
    object: z.literal('late_fee_ceiling'),
    id: zId('lateFeeCeiling'),
    removed: z.literal(true),
  }),
  errors: [...reading, 'not_found'],
});
export const listLateFees = endpoint({
  method: 'GET',
  path: '/v1/late-fees',
  summary: 'Late fees posted, waived and removed, newest first',
  scope: 'invoices:read',
  query: z.object({
    ...pageQuery,
    customer_id: zId('customer').optional(),
    invoice_id: zId('invoice').optional(),
    state: z.enum(['posted', 'waived', 'removed']).optional(),
  }),
  reply: listOf(zLateFee),
  errors: [...reading],
});
export const forecastLateFees = endpoint({
  method: 'GET',
  path: '/v1/late-fees/forecast',
  summary: 'What would be posted up to a day, tomorrow unless told, if everything stayed as it is',
  scope: 'invoices:read',
  query: z.object({ on: zDate.optional() }),
  reply: z.object({
    object: z.literal('late_fee_forecast'),
    on: zDate,
    count: z.int(),
    total: zMinor,
    currency: z.string(),
    partial: z.boolean().meta({ description: 'There are more than were counted' }),
    fees: z.array(zForecastFee).meta({ description: 'The first 200' }),
  }),
  errors: [...reading],
});
export const getInvoiceLateFees = endpoint({
  method: 'GET',
  path: '/v1/invoices/{id}/late-fees',
  summary: 'The late fees of one invoice, and the next one or why there is none',
  scope: 'invoices:read',
  params: ofInvoice,
  reply: zInvoiceLateFees,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
export const waiveLateFee = endpoint({
  method: 'POST',
  path: '/v1/invoices/{id}/late-fees/waive',
  summary: 'Waive the next late fee of an invoice, which uses it up',
  scope: 'invoices:write',
  params: ofInvoice,
  body: z.strictObject({ sequence: z.int().min(1), reason: zText(500) }),
  reply: zInvoiceLateFees,
  errors: [...writing],
});
export const removeLateFee = endpoint({
  method: 'POST',
  path: '/v1/late-fees/{id}/remove',
  summary: 'Remove a posted late fee; where it was paid already, it becomes the customer’s credit',
  scope: 'invoices:write',
  params: one,
  body: z.strictObject({ reason: zText(500) }),
  reply: zLateFee,
  errors: [...writing, 'amount_too_large'],
});
export const waiveNextLateFee = endpoint({
  method: 'POST',
  path: '/v1/customers/{id}/waive-next-late-fee',
  summary: 'Waive the customer’s next late fee, whichever invoice it falls on, or take that back',
  scope: 'customers:write',
  params: z.object({ id: zId('customer') }),
  body: z.strictObject({ waive: z.boolean() }),
  reply: z.object({ object: z.literal('late_fee_waiver'), waive: z.boolean() }),
  errors: [...reading, 'not_found', 'conflict'],
});
