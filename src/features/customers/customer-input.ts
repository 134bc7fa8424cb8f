import type { Address } from '#features/organizations/api.ts';
import type { Snake } from '#lib/casing.ts';

/**
 * What may be said of a customer. What is left out of a new one is copied from the organization's defaults.
 */
export type CustomerInput = {
  displayName: string;
  externalId?: string | null | undefined;
  businessName?: string | null | undefined;
  firstName?: string | null | undefined;
  lastName?: string | null | undefined;
  email?: string | null | undefined;
  ccEmails?: string[] | undefined;
  phone?: string | null | undefined;
  billingAddress?: Address | undefined;
  shippingAddress?: Address | undefined;
  customerType?: string | null | undefined;
  parentId?: string | null | undefined;
  notes?: string | null | undefined;
  termsDays?: number | null | undefined;
  allowCard?: boolean | undefined;
  allowBankAccount?: boolean | undefined;
  allowPaypal?: boolean | undefined;
  allowPartialPayments?: boolean | undefined;
  sendReceipts?: boolean | undefined;
  portalShowChildren?: boolean | undefined;
  portalEditProfile?: boolean | undefined;
  portalEditMethods?: boolean | undefined;
  portalEditAutopay?: boolean | undefined;
  active?: boolean | undefined;
};

export type CustomerPatch = { id: string; displayName?: string | undefined } & Omit<
  CustomerInput,
  'displayName'
>;

/** The columns a caller may set, with their SQL types, in the order the statements list them. */
export const customerColumns = {
  display_name: 'text',
  external_id: 'text',
  business_name: 'text',
  first_name: 'text',
  last_name: 'text',
  email: 'text',
  cc_emails: 'text[]',
  phone: 'text',
  billing_address: 'jsonb',
  shipping_address: 'jsonb',
  customer_type: 'text',
  parent_id: 'text',
  notes: 'text',
  terms_days: 'int',
  allow_card: 'boolean',
  allow_bank_account: 'boolean',
  allow_paypal: 'boolean',
  allow_partial_payments: 'boolean',
  send_receipts: 'boolean',
  portal_show_children: 'boolean',
  portal_edit_profile: 'boolean',
  portal_edit_methods: 'boolean',
  portal_edit_autopay: 'boolean',
} as const satisfies Partial<Record<keyof Snake<CustomerInput>, string>>;

/** Columns whose value for a new customer comes from the organization when the caller is silent. */
export const seededColumns: Record<string, string> = {
  cc_emails: `'{}'`,
  billing_address: `'{}'`,
  shipping_address: `'{}'`,
  allow_card: 'o.default_allow_card',
  allow_bank_account: 'o.default_allow_bank_account',
  allow_paypal: 'o.default_allow_paypal',
  allow_partial_payments: 'o.default_allow_partial_payments',
  send_receipts: 'true',
  portal_show_children: 'o.default_portal_show_children',
  portal_edit_profile: 'o.default_portal_edit_profile',
  portal_edit_methods: 'o.default_portal_edit_methods',
  portal_edit_autopay: 'o.default_portal_edit_autopay',
};
