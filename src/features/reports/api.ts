import { z } from 'zod';
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
} from '#lib/endpoint.ts';

export const zEmailConflict = z.object({
  object: z.literal('email_conflict'),
  /** The customer's. */
  id: zId('customer'),
  display_name: z.string(),
  phone: z.string().nullable(),
  parent: z.object({ id: zId('customer'), display_name: z.string() }).nullable(),
  /** Who bill with it, and so are written to at its address. */
  sub_customers: z.int(),
  open_invoices: z.int(),
  open_balance: zMinor,
  oldest_due_date: zDate,
  currency: zCurrency,
});

export const listEmailConflicts = endpoint({
  method: 'GET',
  path: '/v1/reports/email-conflicts',
  summary: 'Customers who owe and cannot be written to: no e-mail address, an open invoice, not ignored',
  scope: 'customers:read',
  query: z.object({ ...pageQuery, view: z.enum(['open', 'ignored']).default('open') }),
  reply: listOf(zEmailConflict),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

export const ignoreEmailConflict = endpoint({
  method: 'POST',
  path: '/v1/reports/email-conflicts/{id}/ignore',
  summary: 'Leave a customer out of the e-mail conflicts, or take it in again',
  scope: 'customers:write',
  params: z.object({ id: zId('customer') }),
  body: z.strictObject({ ignored: z.boolean() }),
  reply: z.object({ object: z.literal('email_conflict_choice'), id: zId('customer'), ignored: z.boolean() }),
  errors: ['unauthenticated', 'forbidden', 'not_found', 'invalid_request'],
});

export const zBouncedEmail = z.object({
  object: z.literal('bounced_email'),
  /** The message's. */
  id: zId('message'),
  kind: z.string(),
  subject: z.string(),
  state: z.enum(['failed', 'soft_bounced', 'bounced', 'complained']),
  reason: z.string().nullable(),
  at: zInstant,
  /** Who did not get it. */
  emails: z.array(z.string()),
  /** Mail to these is held back until they are repaired. */
  held_back: z.array(z.string()),
  /** Mail that opens an account is not sent again from here. */
  can_resend: z.boolean(),
  customer: z
    .object({ id: zId('customer'), display_name: z.string(), email: z.string().nullable() })
    .nullable(),
  invoice: z.object({ id: zId('invoice'), number: z.string() }).nullable(),
});

export const listBouncedEmails = endpoint({
  method: 'GET',
  path: '/v1/reports/bounced-emails',
  summary: 'Mails that did not arrive and that nobody has put right, newest first',
  scope: 'messages:read',
  query: z.object({ ...pageQuery, customer_id: zId('customer').optional() }),
  reply: listOf(zBouncedEmail),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

const one = z.object({ id: zId('message') });
const putRight = {
  scope: 'invoices:write',
  params: one,
  reply: z.object({
    object: z.literal('put_right'),
    id: zId('message'),
    /** What was sent in its place. */
    message_id: zId('message').nullable(),
  }),
  errors: ['unauthenticated', 'forbidden', 'not_found', 'invalid_request', 'state_refused'],
} as const;

export const resendBounced = endpoint({
  ...putRight,
  method: 'POST',
  path: '/v1/reports/bounced-emails/{id}/resend',
  summary: 'Send a mail that came back once more: to a new address, which is kept, or to the same as a try',
  body: z.strictObject({ email: zEmail.optional() }),
});

export const dismissBounced = endpoint({
  ...putRight,
  method: 'POST',
  path: '/v1/reports/bounced-emails/{id}/dismiss',
  summary: 'Take a mail that did not arrive off the list; its address stays as it is',
});

export const zEmailProblem = z.object({
  object: z.literal('email_problem'),
  email: z.string(),
  kind: z.enum(['hard_bounce', 'complaint', 'stopped']),
  reason: z.string(),
  message_id: zId('message').nullable(),
  since: zInstant,
});

const ofCustomer = z.object({ id: zId('customer') });
export const listEmailProblems = endpoint({
  method: 'GET',
  path: '/v1/customers/{id}/email-problems',
  summary: 'Which addresses of a customer are not written to, and why',
  scope: 'customers:read',
  params: ofCustomer,
  reply: z.object({
    object: z.literal('list'),
    data: z.array(zEmailProblem),
    has_more: z.literal(false),
    /** How many mails to this customer came back or were held back, and have not been sent again. */
    held_mail: z.int(),
  }),
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

export const tryEmailAgain = endpoint({
  method: 'POST',
  path: '/v1/customers/{id}/email-problems/try-again',
  summary: 'Write to an address again that mail came back from',
  scope: 'customers:write',
  params: ofCustomer,
  body: z.strictObject({ email: zEmail }),
  reply: z.object({ object: z.literal('email_tried_again'), email: z.string() }),
  errors: ['unauthenticated', 'forbidden', 'not_found', 'invalid_request'],
});

export const listHeldMail = endpoint({
  method: 'GET',
  path: '/v1/reports/held-mail',
  summary: 'Customers whose address works again, with mail that did not reach them while it did not',
  scope: 'messages:read',
  query: z.object(pageQuery),
  reply: listOf(
    z.object({
      object: z.literal('held_mail'),
      /** The customer's. */
      id: zId('customer'),
      display_name: z.string(),
      email: z.string(),
      mails: z.int(),
      newest_at: zInstant,
    }),
  ),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

export const sendHeldMail = endpoint({
  method: 'POST',
  path: '/v1/reports/held-mail/send',
  summary: 'Send customers everything that did not reach them while their address did not work, each once',
  scope: 'invoices:write',
  body: z.strictObject({ customer_ids: z.array(zId('customer')).min(1).max(25) }),
  reply: z.object({
    object: z.literal('held_mail_sent'),
    sent: z.int(),
    /** To be sent from its own page: an estimate, a credit memo, an e-invoice that lacks something. */
    left: z.int(),
  }),
  errors: ['unauthenticated', 'forbidden', 'not_found', 'invalid_request', 'state_refused'],
});
