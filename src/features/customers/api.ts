import { z } from 'zod';
import { messageCells } from '#features/correspondence/channel-rules.ts';
import { doNotContactReasons } from '#features/customers/setting-rules.ts';
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
  tax_exempt_reason: zText(200)
    .nullable()
    .meta({ description: 'Why its invoices charge no tax; null: they do' }),
  allow_card: z.boolean(),
  allow_bank_account: z.boolean(),
  allow_paypal: z.boolean(),
  allow_partial_payments: z.boolean(),
  allow_payment_plans: z.boolean(),
  send_receipts: z.boolean(),
  send_reminders: z.boolean().meta({ description: 'False: no reminder goes out by itself' }),
  charge_late_fees: z.boolean(),
  waive_next_late_fee: z
    .boolean()
    .meta({ description: 'The next late fee is not charged; then this turns itself off' }),
  ignore_conflicts: z
    .boolean()
    .meta({ description: 'True: not listed as a conflict for want of an e-mail address' }),
  bill_with_parent: z.boolean().meta({
    description: 'True: its parent gets every message, by the parent’s settings; needs a parent_id',
  }),
  message_cells: z.array(z.enum(messageCells)).max(messageCells.length).meta({
    description: 'What goes out by itself, as type.channel: payment_due.email',
  }),
  dunning_policy_id: zId('dunningPolicy').nullable().meta({
    description: 'Null: the dunning policy of its type, else the default one',
  }),
  do_not_contact: z.enum(doNotContactReasons).nullable().meta({
    description:
      'Stops every message that goes out by itself: a lawyer speaks for them, or they asked for it',
  }),
  collector_id: zId('user').nullable().meta({ description: 'The user who looks after what it owes' }),
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
  merged_into_id: zId('customer').nullable().meta({ description: 'The customer that this one is now' }),
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
    customer_type: z.string().max(100).optional(),
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
const zRelative = z.object({ id: zId('customer'), display_name: z.string() });
export const getFamily = endpoint({
  method: 'GET',
  path: '/v1/customers/{id}/family',
  summary: 'A customer’s parent and children, with what the whole family owes',
  scope: 'customers:read',
  params: one,
  reply: z.object({
    object: z.literal('family'),
    parent: zRelative.nullable(),
    children: z.array(
      zRelative.extend({
        bill_with_parent: z.boolean(),
        active: z.boolean(),
        open_balance: zMinor,
        past_due_balance: zMinor,
      }),
    ),
    /** Of the customer and all below it, grandchildren included. */
    members: z.int(),
    open_balance: zMinor,
    past_due_balance: zMinor,
    currency: z.string(),
  }),
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
