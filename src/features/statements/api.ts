import { z } from 'zod';
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
      description:
        'True: mailed with the balance and the oldest invoices. False: hand the link over yourself',
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
