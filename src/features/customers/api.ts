import { z } from 'zod';
import { zAddress } from '#features/organizations/api.ts';
import { endpoint, listOf, pageQuery, zEmail, zId, zInstant, zMinor, zText } from '#lib/endpoint.ts';

/** Where a customer stands on the way into the portal (product 13.9). */
export const portalStates = [
  'never_invited',
  'invited',
  'account_created',
  'email_unconfirmed',
  'agreement_pending',
  'active',
  'locked',
] as const;

const fields = {
  display_name: zText(200),
  external_id: zText(200).nullable(),
  business_name: z.string().max(200).nullable(),
  first_name: z.string().max(100).nullable(),
  last_name: z.string().max(100).nullable(),
  email: zEmail.nullable(),
  cc_emails: z.array(zEmail).max(10),
  phone: z.string().max(40).nullable(),
  billing_address: zAddress,
  shipping_address: zAddress,
  customer_type: z.string().max(100).nullable(),
  parent_id: zId('customer').nullable(),
  notes: z.string().max(5000).nullable(),
  terms_days: z.int().min(0).max(365).nullable(),
  allow_card: z.boolean(),
  allow_bank_account: z.boolean(),
  allow_paypal: z.boolean(),
  allow_partial_payments: z.boolean(),
  send_receipts: z.boolean(),
  portal_show_children: z.boolean(),
  portal_edit_profile: z.boolean(),
  portal_edit_methods: z.boolean(),
  portal_edit_autopay: z.boolean(),
};

export const zCustomer = z.object({
  object: z.literal('customer'),
  id: zId('customer'),
  ...fields,
  active: z.boolean(),
  open_balance: zMinor,
  past_due_balance: zMinor,
  open_invoices: z.int(),
  unapplied_cash: zMinor,
  currency: z.string(),
  portal: z.object({
    state: z.enum(portalStates),
    invited_at: zInstant.nullable(),
    last_sign_in_at: zInstant.nullable(),
    locked_until: zInstant.nullable(),
  }),
  created_at: zInstant,
  updated_at: zInstant,
});

export const listCustomers = endpoint({
  method: 'GET',
  path: '/v1/customers',
  summary: 'Customers, by name',
  scope: 'customers:read',
  query: z.object({
    ...pageQuery,
    q: z.string().trim().max(100).optional(),
    status: z.enum(['active', 'inactive', 'all']).default('active'),
    sort: z.enum(['display_name', '-created_at']).default('display_name'),
  }),
  reply: listOf(zCustomer),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
const one = z.object({ id: zId('customer') });
export const getCustomer = endpoint({
  method: 'GET',
  path: '/v1/customers/{id}',
  summary: 'One customer',
  scope: 'customers:read',
  params: one,
  reply: zCustomer,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
export const createCustomer = endpoint({
  method: 'POST',
  path: '/v1/customers',
  summary: 'Add a customer; settings not given are copied from the defaults',
  scope: 'customers:write',
  body: z.strictObject(fields).partial().required({ display_name: true }),
  status: 201,
  reply: zCustomer,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'conflict'],
});
export const updateCustomer = endpoint({
  method: 'PATCH',
  path: '/v1/customers/{id}',
  summary: 'Change a customer',
  scope: 'customers:write',
  params: one,
  body: z.strictObject({ ...fields, active: z.boolean() }).partial(),
  reply: zCustomer,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'invalid_request', 'conflict'],
});
