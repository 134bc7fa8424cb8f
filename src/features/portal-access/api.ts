import { z } from 'zod';
import { endpoint, zId } from '#lib/endpoint.ts';

export const inviteCustomers = endpoint({
  method: 'POST',
  path: '/v1/portal-invitations',
  status: 202,
  scope: 'customers:write',
  summary: 'Invite one customer, many, or all who were never invited; each that cannot be invited says why',
  body: z.union([
    z.strictObject({ customer_ids: z.array(zId('customer')).min(1).max(1000) }),
    z.strictObject({ all_never_invited: z.literal(true) }),
  ]),
  reply: z.object({
    object: z.literal('invitation_report'),
    invited: z.int(),
    skipped: z.array(
      z.object({ customer_id: zId('customer'), display_name: z.string(), reason: z.string() }),
    ),
    /** Inviting all goes on in the background. */
    in_background: z.boolean(),
  }),
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'rate_limited'],
});
