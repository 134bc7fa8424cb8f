import { z } from 'zod';
import { accessWords } from '#features/portal-access/sign-in-trouble-rules.ts';
import { endpoint, zId, zInstant } from '#lib/endpoint.ts';

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

const zPortalPeople = z.object({
  object: z.literal('list'),
  data: z.array(
    z.object({
      object: z.literal('portal_person'),
      portal_user_id: zId('portalUser').nullable(),
      /** Whole where staff gave it; else its first letter and its domain. */
      email: z.string(),
      access: z.enum(Object.keys(accessWords) as [keyof typeof accessWords]),
      title: z.string(),
      why: z.string(),
      remedies: z.array(
        z.enum(['invite', 'unlock', 'send_reset', 'send_confirmation', 'change_address', 'activate']),
      ),
      failed_sign_ins: z.int(),
      last_try_at: zInstant.nullable(),
      locked_until: zInstant.nullable(),
      last_sign_in_at: zInstant.nullable(),
      address_problem: z.string().nullable(),
    }),
  ),
  /** What was mailed about signing in, newest first. */
  mails: z.array(
    z.object({
      message_id: zId('message'),
      subject: z.string(),
      state: z.string(),
      error: z.string().nullable(),
      created_at: zInstant,
    }),
  ),
});

export const listPortalPeople = endpoint({
  method: 'GET',
  path: '/v1/customers/{id}/portal-people',
  scope: 'customers:read',
  summary: 'Why the people of a customer cannot sign in to the portal, and what helps',
  params: z.object({ id: zId('customer') }),
  reply: zPortalPeople,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

export const helpPortalPerson = endpoint({
  method: 'POST',
  path: '/v1/customers/{id}/portal-people/help',
  scope: 'customers:write',
  summary: 'Unlock a login, or mail its own address the link that helps',
  params: z.object({ id: zId('customer') }),
  body: z.strictObject({
    portal_user_id: zId('portalUser'),
    remedy: z.enum(['unlock', 'send_reset', 'send_confirmation']),
  }),
  reply: zPortalPeople,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused', 'rate_limited'],
});
