import { z } from 'zod';
import { channels } from '#features/correspondence/channel-rules.ts';
import { mostSteps } from '#features/reminders/policy-rules.ts';
import { reminderTypes } from '#features/reminders/step-rules.ts';
import { endpoint, listOf, zDate, zFile, zId, zInstant, zMinor, zText } from '#lib/endpoint.ts';

const stepFields = {
  type: z.enum(reminderTypes),
  day_offset: z.int().min(-365).max(365).meta({
    description: 'Days after the due date, before it when negative. upcoming_late_fee: before the fee',
  }),
  every_days: z.int().min(1).max(365).nullable().default(null).meta({
    description: 'Again after so many days; null: once',
  }),
  until_days_late: z.int().min(1).max(3650).nullable().default(null).meta({
    description: 'The last day on which it may go again; null: until it is paid',
  }),
  formal: z.boolean().default(false).meta({ description: 'With a numbered letter as PDF' }),
  subject: zText(300).nullable().default(null).meta({ description: 'null: the words of the template' }),
  body: zText(20_000).nullable().default(null),
  text_body: zText(1500).nullable().default(null).meta({ description: 'Of a text message' }),
  letter_subject: zText(300).nullable().default(null).meta({ description: 'null: that of the mail' }),
  letter_body: zText(20_000).nullable().default(null),
};

export const zStep = z.object({
  ...stepFields,
  id: zId('dunningStep'),
  words: z.string().meta({ description: 'The step as a person reads it: 7 days past due' }),
});

export const zPolicy = z.object({
  object: z.literal('dunning_policy'),
  id: zId('dunningPolicy'),
  name: z.string(),
  customer_type: z.string().nullable(),
  default: z.boolean(),
  one_message: z.boolean(),
  steps: z.array(zStep),
  created_at: zInstant,
  updated_at: zInstant,
});

const policyFields = {
  name: zText(100),
  customer_type: zText(100)
    .nullable()
    .meta({ description: 'Every customer of this type has it, unless it has its own' }),
  one_message: z.boolean().meta({
    description: 'True: one message for all that a customer has open. False: one for each invoice',
  }),
  steps: z
    .array(z.strictObject({ ...stepFields, id: zId('dunningStep').optional() }))
    .max(mostSteps, `at most ${mostSteps} steps`),
};

const usual = ['unauthenticated', 'forbidden', 'invalid_request'] as const;
const onePolicy = z.object({ id: zId('dunningPolicy') });

export const listPolicies = endpoint({
  method: 'GET',
  path: '/v1/dunning-policies',
  summary: 'Dunning policies with their steps, the default first',
  scope: 'settings:read',
  reply: listOf(zPolicy),
  errors: ['unauthenticated', 'forbidden'],
});
export const createPolicy = endpoint({
  method: 'POST',
  path: '/v1/dunning-policies',
  summary: 'Make a dunning policy',
  scope: 'settings:write',
  body: z.strictObject({
    name: policyFields.name,
    customer_type: policyFields.customer_type.default(null),
    one_message: policyFields.one_message.default(false),
    steps: policyFields.steps.default([]),
  }),
  status: 201,
  reply: zPolicy,
  errors: [...usual, 'conflict', 'state_refused'],
});
export const updatePolicy = endpoint({
  method: 'PATCH',
  path: '/v1/dunning-policies/{id}',
  summary: 'Change a dunning policy. Steps are given whole: one that is left out is taken away',
  scope: 'settings:write',
  params: onePolicy,
  body: z.strictObject({ ...policyFields, default: z.literal(true) }).partial(),
  reply: zPolicy,
  errors: [...usual, 'not_found', 'conflict', 'state_refused'],
});
export const archivePolicy = endpoint({
  method: 'POST',
  path: '/v1/dunning-policies/{id}/archive',
  summary: 'Take a dunning policy out of use: its customers have that of their type, or the default',
  scope: 'settings:write',
  params: onePolicy,
  reply: zPolicy,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});
export const previewStep = endpoint({
  method: 'POST',
  path: '/v1/dunning-policies/preview',
  summary: 'What a step would say, of an invoice of yours',
  scope: 'settings:read',
  body: z.strictObject({
    type: stepFields.type,
    channel: z.enum(channels).default('email'),
    subject: stepFields.subject,
    body: stepFields.body,
    text_body: stepFields.text_body,
    letter_subject: stepFields.letter_subject,
    letter_body: stepFields.letter_body,
    invoice_id: zId('invoice').optional().meta({ description: 'Missing: one that is open' }),
  }),
  reply: z.object({
    object: z.literal('message_preview'),
    invoice_number: z.string(),
    to: z.array(z.string()).meta({ description: 'Addresses, a number, or the lines of an envelope' }),
    subject: z.string(),
    html: z.string(),
    text: z.string(),
  }),
  errors: [...usual, 'not_found', 'state_refused'],
});

export const chooseCustomerPolicy = endpoint({
  method: 'POST',
  path: '/v1/customers/{id}/dunning-policy',
  summary: 'Give a customer a dunning policy of its own, or take it away',
  scope: 'customers:write',
  params: z.object({ id: zId('customer') }),
  body: z.strictObject({ dunning_policy_id: zId('dunningPolicy').nullable() }),
  reply: z.object({
    object: z.literal('customer_dunning_policy'),
    customer_id: zId('customer'),
    own_policy_id: zId('dunningPolicy').nullable(),
    policy: z.object({ id: zId('dunningPolicy'), name: z.string() }).nullable(),
  }),
  errors: [...usual, 'not_found'],
});

export const getCustomerPolicy = endpoint({
  method: 'GET',
  path: '/v1/customers/{id}/dunning-policy',
  summary: 'Which dunning policy a customer has, and whether it is its own',
  scope: 'customers:read',
  params: z.object({ id: zId('customer') }),
  reply: chooseCustomerPolicy.reply,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

const zRemedy = z.object({ words: z.string(), to: z.string() });
const zNext = z.object({ date: zDate, type: z.enum(reminderTypes), step: z.string(), formal: z.boolean() });

export const zReminder = z.object({
  object: z.literal('reminder'),
  id: zId('reminder'),
  invoice_id: zId('invoice'),
  step_id: zId('dunningStep'),
  step: z.string(),
  type: z.string(),
  due_on: zDate,
  state: z.enum(['sent', 'held']),
  held_by: z.string().nullable(),
  held_on: zDate.nullable(),
  sent_at: zInstant.nullable(),
  message_ids: z.array(zId('message')),
  document: z.object({ id: zId('reminderDocument'), number: z.int(), level: z.int() }).nullable(),
});

export const getInvoiceReminders = endpoint({
  method: 'GET',
  path: '/v1/invoices/{id}/reminders',
  summary: 'What reminders went of an invoice, what goes next, and if none does, the rule that holds it',
  scope: 'invoices:read',
  params: z.object({ id: zId('invoice') }),
  reply: z.object({
    object: z.literal('reminder_outlook'),
    invoice_id: zId('invoice'),
    policy: z.object({ id: zId('dunningPolicy'), name: z.string() }).nullable(),
    reader: z.object({ customer_id: zId('customer'), name: z.string() }),
    standing: z.enum(['goes', 'held', 'waits', 'ended']).meta({
      description:
        'goes: with the next run. held: the newest step is due and a rule holds it. waits: for a day to come',
    }),
    held: z.object({ rule: z.string(), words: z.string(), remedy: zRemedy.nullable() }).nullable(),
    next: zNext.nullable(),
    next_fee_warning: z
      .object({ date: zDate, step: z.string(), fee_on: zDate, fee_amount: zMinor })
      .nullable(),
    rules: z.array(z.object({ rule: z.string(), ok: z.boolean(), words: z.string() })),
    reminders: z.array(zReminder),
  }),
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

export const forecastReminders = endpoint({
  method: 'GET',
  path: '/v1/reminders/forecast',
  summary: 'What the days to come would send by each policy, if nobody pays until then',
  scope: 'settings:read',
  query: z.object({ days: z.coerce.number().int().min(1).max(90).default(30) }),
  reply: z.object({
    object: z.literal('reminder_forecast'),
    live: z.boolean(),
    as_of: zInstant.meta({ description: 'When the days were counted: at most ten minutes ago' }),
    days: z.array(
      z.object({
        date: zDate,
        policy_id: zId('dunningPolicy'),
        type: z.enum(reminderTypes),
        messages: z.int().meta({ description: 'One that covers several invoices counts once' }),
      }),
    ),
    tomorrow: z.array(
      z.object({
        invoice_id: zId('invoice'),
        number: z.string(),
        customer_id: zId('customer'),
        reader: z.string(),
        type: z.enum(reminderTypes),
        step: z.string(),
      }),
    ),
  }),
  errors: usual,
});

export const getReminderPdf = endpoint({
  method: 'GET',
  path: '/v1/reminder-documents/{id}/pdf',
  summary: 'A formal reminder as it was sent',
  scope: 'invoices:read',
  params: z.object({ id: zId('reminderDocument') }),
  reply: zFile,
  fileType: 'application/pdf',
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
