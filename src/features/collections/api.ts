import { z } from 'zod';
import { noteOutcomes, worklistKinds } from '#features/collections/rules.ts';
import {
  endpoint,
  listOf,
  pageQuery,
  zDate,
  zId,
  zInstant,
  zMinor,
  zPositiveMinor,
  zText,
} from '#lib/endpoint.ts';

const read = ['unauthenticated', 'forbidden', 'not_found'] as const;
const written = [...read, 'invalid_request', 'state_refused'] as const;
const invoice = z.object({ id: zId('invoice') });
const customer = z.object({ id: zId('customer') });

export const zPromise = z.object({
  object: z.literal('promise_to_pay'),
  id: zId('promiseToPay'),
  invoice_id: zId('invoice'),
  customer_id: zId('customer'),
  number: z.string(),
  amount: zMinor,
  currency: z.string(),
  promised_on: zDate,
  state: z.enum(['open', 'kept', 'broken', 'withdrawn']),
  note: z.string(),
  created_at: zInstant,
  ended_at: zInstant.nullable(),
});
export const zDispute = z.object({
  object: z.literal('dispute'),
  id: zId('dispute'),
  invoice_id: zId('invoice'),
  customer_id: zId('customer'),
  number: z.string(),
  reason: z.string(),
  rests_until: zDate.nullable(),
  /** Whether reminders and late fees rest today. */
  resting: z.boolean(),
  state: z.enum(['open', 'resolved', 'withdrawn']),
  outcome: z.string(),
  by_customer: z.boolean(),
  created_at: zInstant,
  ended_at: zInstant.nullable(),
});

/** What was promised and disputed about one invoice, newest first. */
export const getInvoiceHolds = endpoint({
  method: 'GET',
  path: '/v1/invoices/{id}/holds',
  summary: 'Promises to pay and disputes of an invoice, newest first',
  scope: 'invoices:read',
  params: invoice,
  reply: z.object({
    object: z.literal('invoice_holds'),
    promises: z.array(zPromise),
    disputes: z.array(zDispute),
  }),
  errors: read,
});
export const makePromise = endpoint({
  method: 'POST',
  path: '/v1/invoices/{id}/promises',
  summary: 'Note a promise to pay: reminders and late fees rest through its day',
  scope: 'customers:write',
  status: 201,
  params: invoice,
  body: z.strictObject({
    amount: zPositiveMinor.optional().meta({ description: 'Left out: all that is due' }),
    promised_on: zDate,
    note: z.string().trim().max(1000).default(''),
  }),
  reply: zPromise,
  errors: [...written, 'nothing_due', 'amount_too_large'],
});
export const withdrawPromise = endpoint({
  method: 'POST',
  path: '/v1/promises/{id}/withdraw',
  summary: 'Take a promise back: chasing goes on at once',
  scope: 'customers:write',
  params: z.object({ id: zId('promiseToPay') }),
  reply: zPromise,
  errors: [...read, 'state_refused'],
});
export const openDispute = endpoint({
  method: 'POST',
  path: '/v1/invoices/{id}/disputes',
  summary: 'Note that the customer objects: reminders and late fees rest until it is settled',
  scope: 'customers:write',
  status: 201,
  params: invoice,
  body: z.strictObject({ reason: zText(2000), rests_until: zDate.nullable().default(null) }),
  reply: zDispute,
  errors: [...written, 'nothing_due'],
});
const dispute = z.object({ id: zId('dispute') });
export const restDispute = endpoint({
  method: 'PATCH',
  path: '/v1/disputes/{id}',
  summary: 'Let chasing rest until another day; null: until the dispute ends',
  scope: 'customers:write',
  params: dispute,
  body: z.strictObject({ rests_until: zDate.nullable() }),
  reply: zDispute,
  errors: written,
});
export const endDispute = endpoint({
  method: 'POST',
  path: '/v1/disputes/{id}/end',
  summary: 'Settle a dispute, or note that it was taken back: chasing goes on',
  scope: 'customers:write',
  params: dispute,
  body: z.strictObject({
    state: z.enum(['resolved', 'withdrawn']).default('resolved'),
    outcome: z.string().trim().max(2000).default(''),
  }),
  reply: zDispute,
  errors: written,
});

export const zNote = z.object({
  object: z.literal('note'),
  id: zId('note'),
  customer_id: zId('customer'),
  invoice_id: zId('invoice').nullable(),
  outcome: z.enum(noteOutcomes),
  text: z.string(),
  user_name: z.string().nullable(),
  pinned: z.boolean().meta({ description: 'Shown on top of the customer, and before a call or a payment' }),
  created_at: zInstant,
});
export const addNote = endpoint({
  method: 'POST',
  path: '/v1/customers/{id}/notes',
  summary: 'Write down how a call went',
  scope: 'customers:write',
  status: 201,
  params: customer,
  body: z.strictObject({
    outcome: z.enum(noteOutcomes).default('note'),
    text: z.string().trim().max(4000).default(''),
    invoice_id: zId('invoice').optional(),
  }),
  reply: zNote,
  errors: [...read, 'invalid_request'],
});
export const listNotes = endpoint({
  method: 'GET',
  path: '/v1/customers/{id}/notes',
  summary: 'Notes about a customer, newest first',
  scope: 'customers:read',
  params: customer,
  query: z.object({
    ...pageQuery,
    pinned: z.literal('true').optional().meta({ description: 'Only those that are pinned, from the top' }),
  }),
  reply: listOf(zNote),
  errors: [...read, 'invalid_request'],
});
export const changeNote = endpoint({
  method: 'PATCH',
  path: '/v1/notes/{id}',
  summary: 'Pin a note to the top of its customer, take it down, or move it among the pinned ones',
  scope: 'customers:write',
  params: z.object({ id: zId('note') }),
  body: z
    .strictObject({
      pinned: z.boolean(),
      place: z.int().min(1).max(20).meta({ description: '1 is the top' }),
    })
    .partial(),
  reply: zNote,
  errors: [...read, 'invalid_request', 'state_refused'],
});

export const zTask = z.object({
  object: z.literal('task'),
  id: zId('task'),
  customer_id: zId('customer'),
  customer_name: z.string(),
  invoice_id: zId('invoice').nullable(),
  kind: z.enum(['hand', 'broken_promise', 'dispute']),
  title: z.string(),
  due_on: zDate,
  assignee_id: zId('user').nullable(),
  assignee_name: z.string().nullable(),
  done_at: zInstant.nullable(),
  created_at: zInstant,
});
const taskFields = {
  title: zText(300),
  due_on: zDate,
  assignee_id: zId('user').nullable(),
};
export const makeTask = endpoint({
  method: 'POST',
  path: '/v1/customers/{id}/tasks',
  summary: 'Write down what somebody has to do by a day',
  scope: 'customers:write',
  status: 201,
  params: customer,
  body: z.strictObject({
    ...taskFields,
    assignee_id: taskFields.assignee_id.optional(),
    invoice_id: zId('invoice').optional(),
  }),
  reply: zTask,
  errors: [...read, 'invalid_request'],
});
export const listTasks = endpoint({
  method: 'GET',
  path: '/v1/customers/{id}/tasks',
  summary: 'Tasks of a customer: the open ones by their day, then what was done last',
  scope: 'customers:read',
  params: customer,
  query: z.object({ limit: pageQuery.limit }),
  reply: listOf(zTask),
  errors: [...read, 'invalid_request'],
});
export const changeTask = endpoint({
  method: 'PATCH',
  path: '/v1/tasks/{id}',
  summary: 'Finish a task, put it off, hand it over, or open it again',
  scope: 'customers:write',
  params: z.object({ id: zId('task') }),
  body: z.strictObject({ ...taskFields, done: z.boolean() }).partial(),
  reply: zTask,
  errors: written,
});

export const listAssignees = endpoint({
  method: 'GET',
  path: '/v1/assignees',
  summary: 'Who may be given tasks and customers to look after',
  scope: 'customers:read',
  reply: listOf(z.object({ object: z.literal('assignee'), id: zId('user'), name: z.string() })),
  errors: ['unauthenticated', 'forbidden'],
});

export const zWorklistRow = z.object({
  object: z.literal('worklist_row'),
  /** The customer's. */
  id: zId('customer'),
  customer_name: z.string(),
  reasons: z.array(
    z.object({
      kind: z.enum(worklistKinds),
      amount: zMinor.nullable(),
      on: zDate.nullable(),
      count: z.int().nullable(),
      words: z.string().nullable(),
    }),
  ),
  amount: zMinor,
  currency: z.string(),
  days_late: z.int(),
  assignee_id: zId('user').nullable(),
  assignee_name: z.string().nullable(),
  phone: z.string().nullable(),
  do_not_contact: z.enum(['represented', 'cease_contact']).nullable(),
  last_contact: z
    .object({ at: zInstant, outcome: z.enum([...noteOutcomes, 'message']), words: z.string() })
    .nullable(),
  /** What Owed does next by itself, if nothing happens until then. */
  next_step: z.object({ on: zDate.nullable(), words: z.string() }).nullable(),
  /** The invoice that a promise made from here is about: the oldest past due. */
  invoice: z
    .object({ id: zId('invoice'), number: z.string(), balance_due: zMinor, open_invoices: z.int() })
    .nullable(),
});
export const listWorklist = endpoint({
  method: 'GET',
  path: '/v1/worklist',
  summary: 'Customers that need somebody today, what matters most first',
  scope: 'customers:read',
  query: z.object({
    ...pageQuery,
    kind: z.enum(worklistKinds).optional(),
    assignee: z.union([z.enum(['me', 'nobody']), zId('user')]).optional(),
    min_amount: z.coerce.number().int().min(0).optional(),
  }),
  reply: listOf(zWorklistRow),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
