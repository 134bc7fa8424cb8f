import type { DoNotContact } from '#features/customers/setting-rules.ts';
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
  /** Why no invoice of it charges tax; null: tax is charged. */
  taxExemptReason?: string | null | undefined;
  allowCard?: boolean | undefined;
  allowBankAccount?: boolean | undefined;
  allowPaypal?: boolean | undefined;
  allowPartialPayments?: boolean | undefined;
  allowPaymentPlans?: boolean | undefined;
  sendReceipts?: boolean | undefined;
  sendReminders?: boolean | undefined;
  chargeLateFees?: boolean | undefined;
  /** Turns itself off once a late fee was waived. */
  waiveNextLateFee?: boolean | undefined;
  ignoreConflicts?: boolean | undefined;
  billWithParent?: boolean | undefined;
  /** `payment_due.email`, … (correspondence/channel-rules.ts). */
  messageCells?: string[] | undefined;
  dunningPolicyId?: string | null | undefined;
  doNotContact?: DoNotContact | null | undefined;
  collectorId?: string | null | undefined;
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
  tax_exempt_reason: 'text',
  allow_card: 'boolean',
  allow_bank_account: 'boolean',
  allow_paypal: 'boolean',
  allow_partial_payments: 'boolean',
  allow_payment_plans: 'boolean',
  send_receipts: 'boolean',
  send_reminders: 'boolean',
  charge_late_fees: 'boolean',
  waive_next_late_fee: 'boolean',
  ignore_conflicts: 'boolean',
  bill_with_parent: 'boolean',
  message_cells: 'text[]',
  dunning_policy_id: 'text',
  do_not_contact: 'text',
  collector_id: 'text',
  portal_show_children: 'boolean',
  portal_edit_profile: 'boolean',
  portal_edit_methods: 'boolean',
  portal_edit_autopay: 'boolean',
} as const satisfies Partial<Record<keyof Snake<CustomerInput>, string>>;

/**
 * What a new customer copies when the caller is silent: its type's set where defaults go by type, else the
 * organization's. `o` is the organization, `d` the set of the type, `r` the new row.
 */
const copied = (column: string): string => `coalesce(d.${column}, o.default_${column})`;

export const seededColumns: Record<string, string> = {
  cc_emails: `'{}'`,
  billing_address: `'{}'`,
  shipping_address: `'{}'`,
  ...Object.fromEntries(
    [
      'allow_card',
      'allow_bank_account',
      'allow_paypal',
      'allow_partial_payments',
      'allow_payment_plans',
      'send_receipts',
      'send_reminders',
      'charge_late_fees',
      'ignore_conflicts',
      'message_cells',
      'portal_show_children',
      'portal_edit_profile',
      'portal_edit_methods',
      'portal_edit_autopay',
    ].map((column) => [column, copied(column)]),
  ),
  waive_next_late_fee: 'false',
  // Only who has a parent can be billed with it.
  bill_with_parent: `(r.parent_id is not null and ${copied('bill_with_parent')})`,
};
