import { z } from 'zod';
import { consequenceKinds } from '#features/customer-deactivations/rules.ts';
import { endpoint, zId, zMinor } from '#lib/endpoint.ts';

const one = z.object({ id: zId('customer') });

export const zDeactivation = z.object({
  object: z.literal('deactivation'),
  customer_id: zId('customer'),
  active: z.boolean(),
  currency: z.string(),
  open_balance: zMinor,
  open_invoices: z.int(),
  drafts: z.int(),
  unapplied_cash: zMinor,
  autopay: z.boolean(),
  invoice_schedules: z.int(),
  payment_schedules: z.int(),
  plans: z.int(),
  plan_remaining: zMinor,
  portal_users: z.int(),
  billed_with: z.int(),
  consequences: z.array(
    z.object({
      what: z.enum(consequenceKinds),
      stops: z.boolean().meta({ description: 'False: it goes on or stays as it is' }),
      says: z.string(),
    }),
  ),
});

export const getDeactivation = endpoint({
  method: 'GET',
  path: '/v1/customers/{id}/deactivation',
  summary: 'What a customer has, and what becomes of each part when it is deactivated',
  scope: 'customers:read',
  params: one,
  reply: zDeactivation,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
export const deactivateCustomer = endpoint({
  method: 'POST',
  path: '/v1/customers/{id}/deactivate',
  summary: 'Deactivate a customer: autopay ends, schedules pause, what is owed stays owed',
  scope: 'customers:write',
  params: one,
  reply: zDeactivation,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
export const reactivateCustomer = endpoint({
  method: 'POST',
  path: '/v1/customers/{id}/reactivate',
  summary: 'Activate a customer again; autopay and schedules stay as they are',
  scope: 'customers:write',
  params: one,
  reply: zDeactivation,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});
