import { z } from 'zod';
import { channels } from '#features/correspondence/channel-rules.ts';
import { endpoint, zId } from '#lib/endpoint.ts';

export const makeStatementLink = endpoint({
  method: 'POST',
  path: '/v1/customers/{id}/statement-links',
  status: 201,
  scope: 'invoices:write',
  summary:
    'A link that lists all open invoices of a customer and takes one payment for them, without a sign-in',
  params: z.object({ id: zId('customer') }),
  body: z.strictObject({
    mail: z.boolean().default(true).meta({
      description: 'True: sent with the balance and the open invoices. False: hand the link over yourself',
    }),
    channels: z.array(z.enum(channels)).min(1).max(3).default(['email']).meta({
      description: 'How it goes to the customer, when mail is true; email alone when left out',
    }),
    replace: z.boolean().default(false).meta({
      description: 'True: every statement link that this customer was given before is withdrawn',
    }),
  }),
  reply: z.object({
    object: z.literal('statement_link'),
    customer_id: zId('customer'),
    url: z.string(),
    sent_to: z.string().nullable(),
  }),
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused', 'nothing_due'],
});
