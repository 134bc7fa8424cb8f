import type { Channel, MessageType } from '#features/correspondence/channel-rules.ts';
import type { CustomerFlag, DoNotContact, SettingName } from '#features/customers/setting-rules.ts';

export const flagWords: Record<CustomerFlag, string> = {
  allow_card: 'May pay by card',
  allow_bank_account: 'May pay from a bank account',
  allow_paypal: 'May pay by PayPal',
  allow_partial_payments: 'May pay part of an invoice',
  allow_payment_plans: 'May ask for a payment plan',
  send_receipts: 'Gets a receipt after each payment',
  send_reminders: 'Gets reminders',
  charge_late_fees: 'Is charged late fees',
  ignore_conflicts: 'Is not listed as a conflict for want of an address',
  bill_with_parent: 'Is billed with its parent, where it has one',
  portal_show_children: 'Sees invoices of its sub-customers in the portal',
  portal_edit_profile: 'May change its own profile in the portal',
  portal_edit_methods: 'May add and remove payment methods in the portal',
  portal_edit_autopay: 'May change its autopay in the portal',
};

export const typeTitles: Record<MessageType, string> = {
  new_invoice: 'New invoice',
  invoice_updated: 'Invoice updated',
  paid_invoice: 'Invoice paid',
  upcoming_payment: 'Upcoming payment',
  payment_due: 'Payment due',
  payment_past_due: 'Payment past due',
  upcoming_late_fee: 'Upcoming late fee',
  statement: 'Statement',
};
export const channelTitles: Record<Channel, string> = {
  email: 'E-mail',
  sms: 'Text message',
  paper: 'Letter',
};

export const doNotContactWords: Record<DoNotContact, { label: string; means: string }> = {
  represented: {
    label: 'Represented by counsel',
    means: 'A lawyer speaks for this customer. Nothing goes out by itself; write to the lawyer.',
  },
  cease_contact: {
    label: 'Asked not to be contacted',
    means: 'This customer asked to be left alone. Nothing goes out by itself.',
  },
};

/** `Payment due, e-mail`: a setting in words. */
export function settingWords(name: SettingName): string {
  if (name in flagWords) return flagWords[name as CustomerFlag];
  const [type, channel] = name.split('.') as [MessageType, Channel];
  return `${typeTitles[type]}: ${channelTitles[channel].toLowerCase()}`;
}
