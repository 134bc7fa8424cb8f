import { z } from 'zod';
import { channels } from '#features/correspondence/channel-rules.ts';
import { newInvoiceWhens } from '#features/messenger/rules.ts';
import { endpoint, zDate, zId, zInstant, zMinor } from '#lib/endpoint.ts';

const rule = {
  new_invoice_when: z.enum(newInvoiceWhens).meta({
    description:
      'When a new invoice goes out by itself: as soon as it is issued, on its invoice date, some days after it was issued, or never',
  }),
  new_invoice_delay_days: z
    .int()
    .min(0)
    .max(365)
    .meta({ description: 'Days after it was issued, for `delay`' }),
  statement_day: z.int().min(1).max(31).nullable().meta({
    description:
      'Day of the month on which statements go out; the last day where the month is shorter. Null: never by themselves',
  }),
};
const settings = {
  ...rule,
  work_hour: z.int().min(0).max(23).meta({ description: 'The local hour from which a day’s messages go' }),
  send_to_inactive: z.boolean().meta({ description: 'Also to customers that are deactivated' }),
  reminder_limit_messages: z
    .int()
    .min(1)
    .max(50)
    .nullable()
    .meta({
      description:
        'At most so many reminders about what one customer owes in `reminder_limit_days`, counted apart for each' +
        ' customer that a parent is billed for. One of several invoices counts once',
    }),
  reminder_limit_days: z.int().min(1).max(365).meta({ description: 'Days, the day of the reminder counted' }),
};
const zWaiting = z.enum(['send', 'leave']);

export const zMessenger = z.object({
  object: z.literal('invoice_messenger'),
  ...settings,
  automatic_messages_since: zInstant.nullable().meta({
    description: 'Messages go out by themselves since then. Null: all are held',
  }),
  new_invoices_since: zInstant.nullable().meta({
    description: 'What was issued before then is not sent by itself',
  }),
});

export const getMessenger = endpoint({
  method: 'GET',
  path: '/v1/invoice-messenger',
  summary: 'When messages about invoices go out by themselves',
  scope: 'settings:read',
  reply: zMessenger,
  errors: ['unauthenticated', 'forbidden'],
});

export const updateMessenger = endpoint({
  method: 'PATCH',
  path: '/v1/invoice-messenger',
  summary: 'Change when messages about invoices go out by themselves',
  scope: 'settings:write',
  body: z.strictObject({
    ...z.object(settings).partial().shape,
    waiting: zWaiting.optional().meta({
      description:
        'Needed when the change would send something at once (see the preview): send it, or leave it and begin with what comes after now',
    }),
  }),
  reply: zMessenger,
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

const zPreview = z.object({
  count: z.int(),
  total: zMinor,
  data: z
    .array(
      z.object({
        customer_id: zId('customer'),
        customer_name: z.string(),
        invoice_id: zId('invoice').nullable(),
        number: z.string().nullable(),
        amount: zMinor,
        channels: z.array(z.enum(channels)),
      }),
    )
    .meta({ description: 'The first hundred; count and total are of all' }),
});

export const previewMessenger = endpoint({
  method: 'POST',
  path: '/v1/invoice-messenger/preview',
  summary: 'What would go out today, by the settings as they are or with these changes',
  scope: 'settings:read',
  body: z.strictObject({
    ...z.object(rule).partial().shape,
    send_to_inactive: z.boolean().optional(),
    go_live: z.boolean().optional().meta({
      description: 'As if the organization went live now and sent what was issued before',
    }),
  }),
  reply: z.object({
    object: z.literal('messenger_preview'),
    today: zDate,
    new_invoices: zPreview,
    statements: zPreview,
  }),
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'rate_limited'],
  atOnce: { all: 4, organization: 2, busy: 'Other previews of yours are being made. Ask again in a moment.' },
});

export const goLive = endpoint({
  method: 'POST',
  path: '/v1/invoice-messenger/go-live',
  summary: 'Let messages go out by themselves from now on',
  scope: 'settings:write',
  body: z.strictObject({
    earlier: zWaiting.default('leave').meta({
      description: 'What was issued before: leave it to a person, or send it too, as the preview shows',
    }),
  }),
  reply: zMessenger,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'state_refused'],
});

export const holdMessages = endpoint({
  method: 'POST',
  path: '/v1/invoice-messenger/hold',
  summary: 'Hold all messages that go out by themselves',
  scope: 'settings:write',
  reply: zMessenger,
  errors: ['unauthenticated', 'forbidden', 'state_refused'],
});

export const explainNewInvoice = endpoint({
  method: 'GET',
  path: '/v1/invoices/{id}/new-invoice',
  summary: 'Whether an invoice goes out by itself, when, and if not, the rule that keeps it',
  scope: 'invoices:read',
  params: z.object({ id: zId('invoice') }),
  reply: z.object({
    object: z.literal('new_invoice_outlook'),
    invoice_id: zId('invoice'),
    standing: z.enum(['sent', 'goes', 'waits', 'held']).meta({
      description: 'goes: with the next run. waits: for its day. held: a rule keeps it',
    }),
    first_sent_at: zInstant.nullable(),
    goes_on: zDate.nullable(),
    held: z.object({ rule: z.string(), words: z.string() }).nullable(),
  }),
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
