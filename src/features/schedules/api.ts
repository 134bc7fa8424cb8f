import { z } from 'zod';
import { zDiscount, zInvoiceLine } from '#features/invoices/api.ts';
import { pauseReasons } from '#features/schedules/pause-rules.ts';
import { scheduleKinds, scheduleStates, scheduleUnits } from '#features/schedules/rules.ts';
import {
  endpoint,
  listOf,
  pageQuery,
  zDate,
  zDecimal,
  zFile,
  zId,
  zInstant,
  zMinor,
  zPositiveMinor,
} from '#lib/endpoint.ts';

const zApplies = z.enum(['oldest_invoices', 'unapplied_cash']);

const zTemplate = z.object({
  lines: z.array(zInvoiceLine),
  terms: z.string().nullable(),
  po_number: z.string().nullable(),
  memo: z.string().nullable(),
  discount: z.string(),
  due_days: z.int(),
  issue: z.boolean().meta({ description: 'False: each invoice is left as a draft' }),
});

export const zSchedule = z.object({
  object: z.literal('schedule'),
  id: zId('schedule'),
  kind: z.enum(scheduleKinds),
  state: z.enum(scheduleStates),
  pause_reason: z.enum(pauseReasons).nullable(),
  description: z.string(),
  customer_id: zId('customer'),
  customer_name: z.string(),
  payment_plan_id: zId('paymentPlan').nullable(),
  amount: zMinor.meta({ description: 'Of one occurrence' }),
  currency: z.string(),
  unit: z.enum(scheduleUnits),
  every: z.int(),
  starts_on: zDate,
  times: z.int().nullable(),
  ends_on: zDate.nullable(),
  taken: z.int().meta({ description: 'Occurrences that were made' }),
  next_on: zDate.nullable(),
  retry_on: zDate.nullable().meta({ description: 'When a failed charge is tried again' }),
  next_dates: z.array(zDate).meta({ description: 'The next five, as they will come while it runs' }),
  invoice: zTemplate.nullable(),
  payment_method: z
    .object({ id: zId('paymentMethod'), kind: z.string(), brand: z.string(), last4: z.string() })
    .nullable(),
  authorization_id: zId('authorization').nullable(),
  applies_to: zApplies.nullable(),
  receipt_to_customer: z.boolean(),
  receipt_to_organization: z.boolean(),
  created_at: zInstant,
  updated_at: zInstant,
});

export const zOccurrence = z.object({
  object: z.literal('schedule_occurrence'),
  day: zDate,
  state: z.enum(['made', 'failed', 'skipped', 'missed']),
  tries: z.int(),
  reason: z.string().nullable(),
  invoice: z.object({ id: zId('invoice'), number: z.string() }).nullable(),
  payment: z.object({ id: zId('payment'), state: z.string(), kind: z.string(), amount: zMinor }).nullable(),
  worked_at: zInstant,
});

const zLine = z.strictObject({
  item_name: z.string().max(200).default(''),
  description: z.string().max(2000).default(''),
  quantity: zDecimal.default('1'),
  unit_price: zDecimal.default('0'),
  amount: zMinor.optional().meta({ description: 'Left out: quantity × unit price' }),
  taxable: z.boolean().default(false),
  tax_rate: zDecimal.default('0'),
  tax_rate_ids: z.array(zId('taxRate')).max(5).default([]),
  discount: zDiscount.default(''),
});

const rhythm = {
  description: z.string().trim().max(200),
  unit: z.enum(scheduleUnits),
  every: z.int().min(1).max(366).meta({ description: 'Every so many days, weeks, months or years' }),
  starts_on: zDate.meta({ description: 'The first date: tomorrow at the earliest, in your time zone' }),
  times: z
    .int()
    .min(1)
    .max(100_000)
    .nullable()
    .meta({ description: 'How many occurrences; null: no number' }),
  ends_on: zDate.nullable().meta({ description: 'The last day; null: none' }),
};
const ofInvoices = {
  lines: z.array(zLine).min(1, 'needs at least one line').max(200),
  terms: z.string().max(100).nullable(),
  po_number: z.string().max(100).nullable(),
  memo: z.string().max(5000).nullable(),
  discount: zDiscount.optional(),
  due_days: z.int().min(0).max(365).meta({ description: 'Days from the invoice date to the due date' }),
  issue: z.boolean().meta({ description: 'False: each invoice is left as a draft' }),
};
const ofPayments = {
  amount: zPositiveMinor,
  payment_method_id: zId('paymentMethod'),
  applies_to: zApplies,
  receipt_to_customer: z.boolean(),
  receipt_to_organization: z.boolean(),
};
const held = z.boolean().meta({
  description:
    'True: you hold the customer’s agreement to these charges. Kept with your name as a standing agreement',
});

const newRhythm = {
  customer_id: zId('customer'),
  ...rhythm,
  description: rhythm.description.default(''),
  every: rhythm.every.default(1),
  times: rhythm.times.default(null),
  ends_on: rhythm.ends_on.default(null),
};
const zNewInvoices = z.strictObject({
  kind: z.literal('invoice'),
  ...newRhythm,
  ...ofInvoices,
  terms: ofInvoices.terms.default(null),
  po_number: ofInvoices.po_number.default(null),
  memo: ofInvoices.memo.default(null),
  due_days: ofInvoices.due_days.default(30),
  issue: ofInvoices.issue.default(true),
});
const zNewPayments = z.strictObject({
  kind: z.literal('payment'),
  ...newRhythm,
  ...ofPayments,
  applies_to: zApplies.default('oldest_invoices'),
  receipt_to_customer: z.boolean().default(false),
  receipt_to_organization: z.boolean().default(false),
  agreement_held: held.refine(
    (is) => is,
    'must be true: without the customer’s agreement nothing may be charged',
  ),
});

/** What makes or changes a schedule needs: those of invoices one permission, those of payments the other. */
export const scopeOfKind = { invoice: 'invoices:write', payment: 'payments:write' } as const;
const byKind = { scope: scopeOfKind.payment, orScope: scopeOfKind.invoice };

const one = z.object({ id: zId('schedule') });
const changes = ['unauthenticated', 'forbidden', 'not_found', 'state_refused'] as const;

const filter = {
  q: z.string().trim().max(100).optional(),
  customer_id: zId('customer').optional(),
  status: z
    .enum(['running', 'paused', 'stopped', 'all'])
    .default('running')
    .meta({ description: 'Stopped: paused by itself, not by a person' }),
  sort: z.enum(['next_on', '-next_on', 'amount', '-amount']).default('next_on'),
};

export const createSchedule = endpoint({
  method: 'POST',
  path: '/v1/schedules',
  summary: 'Make invoices or payments come by themselves: once, or again and again',
  ...byKind,
  status: 201,
  body: z.discriminatedUnion('kind', [zNewInvoices, zNewPayments]),
  reply: zSchedule,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused'],
});
export const listSchedules = endpoint({
  method: 'GET',
  path: '/v1/schedules',
  summary: 'Schedules: those that run, or all',
  scope: 'payments:read',
  query: z.object({ ...pageQuery, ...filter }),
  reply: listOf(zSchedule),
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found'],
});
export const exportSchedules = endpoint({
  method: 'GET',
  path: '/v1/schedules/export',
  summary: 'The list of schedules as a CSV file',
  scope: 'payments:read',
  query: z.object(filter),
  reply: zFile,
  fileType: 'text/csv; charset=utf-8',
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
export const getSchedule = endpoint({
  method: 'GET',
  path: '/v1/schedules/{id}',
  summary: 'One schedule, with its next five dates',
  scope: 'payments:read',
  params: one,
  reply: zSchedule,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
export const listOccurrences = endpoint({
  method: 'GET',
  path: '/v1/schedules/{id}/occurrences',
  summary: 'What became of each day of a schedule, newest first',
  scope: 'payments:read',
  params: one,
  query: z.object({
    limit: pageQuery.limit,
    starting_after: zDate.optional().meta({ description: 'The last day seen' }),
  }),
  reply: listOf(zOccurrence),
  errors: ['unauthenticated', 'forbidden', 'not_found', 'invalid_request'],
});
export const updateSchedule = endpoint({
  method: 'PATCH',
  path: '/v1/schedules/{id}',
  summary: 'Change what a schedule does from its next date on',
  ...byKind,
  params: one,
  body: z.strictObject({ ...rhythm, ...ofInvoices, ...ofPayments, agreement_held: held }).partial(),
  reply: zSchedule,
  errors: [...changes, 'invalid_request'],
});
export const pauseSchedule = endpoint({
  method: 'POST',
  path: '/v1/schedules/{id}/pause',
  summary: 'Pause a schedule: dates that pass meanwhile are not made up',
  ...byKind,
  params: one,
  reply: zSchedule,
  errors: changes,
});
export const resumeSchedule = endpoint({
  method: 'POST',
  path: '/v1/schedules/{id}/resume',
  summary: 'Let a paused schedule go on with its first date from tomorrow',
  ...byKind,
  params: one,
  reply: zSchedule,
  errors: changes,
});
export const skipOccurrence = endpoint({
  method: 'POST',
  path: '/v1/schedules/{id}/skip',
  summary: 'Leave out the next date',
  ...byKind,
  params: one,
  body: z.strictObject({ day: zDate.meta({ description: 'The next date, so that no other is left out' }) }),
  reply: zSchedule,
  errors: [...changes, 'invalid_request'],
});
export const endSchedule = endpoint({
  method: 'POST',
  path: '/v1/schedules/{id}/end',
  summary: 'End a schedule for good',
  ...byKind,
  params: one,
  reply: zSchedule,
  errors: changes,
});
