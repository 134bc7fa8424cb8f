import type { PaymentOrigin } from '#features/payments/payment-name-rules.ts';
import type { PaymentKind, PaymentState } from '#features/payments/rules.ts';

/** What staff reads for a payment's kind, source and state: in the console and in files. */
export const kindWords: Record<PaymentKind, string> = {
  card: 'Card',
  bank_account: 'Bank account',
  paypal: 'PayPal',
  check: 'Check',
  cash: 'Cash',
  wire: 'Wire',
  other: 'Other',
};

export const sourceWords: Record<PaymentOrigin, string> = {
  portal: 'In the portal',
  invoice_link: 'From the mail',
  statement_link: 'By statement link',
  payment_page: 'By payment link',
  staff: 'By your staff',
  virtual_terminal: 'Virtual terminal',
  api: 'Through the API',
  import: 'From a file',
  autopay: 'Autopay',
  schedule: 'By a schedule',
  plan_down_payment: 'Down payment of a plan',
  plan_installment: 'Installment of a plan',
};

const labels: Record<PaymentState, string> = {
  pending: 'Processing',
  unknown: 'Awaiting answer',
  submitted: 'Processing',
  accepted: 'Processing',
  collected: 'Processing',
  approved: 'Approved',
  settling: 'Settling',
  settled: 'Settled',
  declined: 'Declined',
  returned: 'Returned',
  voided: 'Voided',
};

/** What staff has in hand is received, not settled. */
const isInHand = (kind: PaymentKind): boolean =>
  kind !== 'card' && kind !== 'bank_account' && kind !== 'paypal';

export const stateLabel = (state: PaymentState, kind: PaymentKind): string =>
  state === 'settled' && isInHand(kind) ? 'Received' : labels[state];

const brands: Record<string, string> = {
  amex: 'American Express',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
  paypal: 'PayPal',
  pay_later: 'PayPal Pay Later',
};
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `Visa •••• 4242`, `Check 1042`. */
export function methodWords(payment: {
  kind: PaymentKind;
  method: { brand: string | null; last4: string | null } | null;
  reference: string | null;
}): string {
  const { kind, method, reference } = payment;
  const brand = method?.brand;
  const name = brand ? (brands[brand] ?? capital(brand)) : kindWords[kind];
  if (method?.last4) return `${name} •••• ${method.last4}`;
  return reference && isInHand(kind) ? `${name} ${reference}` : name;
}
