/** What a payment can be, in the words of the API. */
export const paymentStates = [
  'pending',
  'unknown',
  'approved',
  'settling',
  'settled',
  'declined',
  'submitted',
  'accepted',
  'collected',
  'returned',
  'voided',
] as const;
export const paymentKinds = ['card', 'bank_account', 'paypal', 'check', 'cash', 'wire', 'other'] as const;

export const paymentSources = [
  'portal',
  'invoice_link',
  'statement_link',
  'payment_page',
  'staff',
  'virtual_terminal',
  'api',
  'import',
  'autopay',
  'schedule',
  'plan_down_payment',
  'plan_installment',
] as const;
/** Where a payment came from. */
export type PaymentOrigin = (typeof paymentSources)[number];
/** What the part on top of a payment is, or what was taken off: a discount is a fee below zero. */
export const feeKinds = ['surcharge', 'dual_pricing', 'convenience_fee', 'bank_discount'] as const;
export type FeeKind = (typeof feeKinds)[number];
