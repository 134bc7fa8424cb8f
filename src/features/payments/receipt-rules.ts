import type { PaymentKind, PaymentState } from '#features/payments/rules.ts';

export type ReceiptKind = 'receipt' | 'payment_processing' | 'payment_cleared';

export type PaidPayment = {
  kind: PaymentKind;
  source: string;
  state: PaymentState;
  sendReceipt: boolean;
};

/**
 * Which mail a payment calls for, as it stands: received, or processing, or word that the bank has cleared
 * it. By its state and not by the news that woke us, so that news out of order says nothing that is no
 * longer so.
 */
export function receiptKindOf(payment: PaidPayment, toldProcessing: boolean): ReceiptKind | undefined {
  // What was brought over from another system was told there.
  if (payment.source === 'import') return undefined;
  switch (payment.state) {
    case 'approved':
    case 'settling':
      return 'receipt';
    case 'settled':
      return payment.kind === 'bank_account' && toldProcessing ? 'payment_cleared' : 'receipt';
    case 'submitted':
    case 'accepted':
    case 'collected':
      return 'payment_processing';
    default:
      return undefined;
  }
}

/**
 * Who is told: the payer if the customer and this payment have receipts on, the organization once for each
 * payment, by the choices of its people.
 */
export function receiptReaders(
  kind: ReceiptKind,
  payment: PaidPayment & { payerEmail: string | null; tellOrganization: boolean },
  customer: { email: string | null; ccEmails: readonly string[]; sendReceipts: boolean },
): { payer: { to: string[]; cc: readonly string[] } | undefined; organization: boolean } {
  const payerEmail = payment.payerEmail ?? customer.email;
  const tellsPayer = payerEmail !== null && customer.sendReceipts && payment.sendReceipt;
  return {
    payer: tellsPayer ? { to: [payerEmail], cc: customer.ccEmails } : undefined,
    organization: payment.tellOrganization && kind !== 'payment_cleared',
  };
}

const cardNames: Record<string, string> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
};

const paypalNames: Record<string, string> = { venmo: 'Venmo', pay_later: 'PayPal Pay Later' };

/**
 * How the money came, as the payer recognises it: `Visa •••• 4242`, `Check 1042`. Never more than four
 * digits.
 */
export function methodWords(payment: {
  kind: PaymentKind;
  methodBrand: string | null;
  methodLast4: string | null;
  reference: string | null;
}): string {
  const last4 = payment.methodLast4 ? ` •••• ${payment.methodLast4}` : '';
  const brand = payment.methodBrand ?? '';
  switch (payment.kind) {
    case 'card':
      return `${cardNames[brand.toLowerCase()] ?? (brand || 'Card')}${last4}`;
    case 'bank_account':
      return `${brand ? `${brand} account` : 'Bank account'}${last4}`;
    case 'paypal':
      return paypalNames[brand] ?? 'PayPal';
    case 'check':
      return payment.reference ? `Check ${payment.reference}` : 'Check';
    case 'cash':
      return 'Cash';
    case 'wire':
      return 'Wire transfer';
    case 'other':
      return 'Other';
  }
}

/** `there was not enough money in the account (R01)`: the words are those of the rule of the code. */
export function returnWords(payment: { returnCode: string | null; returnWords: string | null }): string {
  const { returnCode: code, returnWords: words } = payment;
  if (!code) return 'the bank gave no reason';
  return words ? `${words} (${code})` : `return code ${code}`;
}

/** What the payer of a returned debit does next. */
export const returnNextStep = (payment: { returnAdvice: string | null; methodBlocked: boolean }): string =>
  [
    ...(payment.methodBlocked ? ['This bank account can no longer be used to pay us as it is stored.'] : []),
    payment.returnAdvice ?? 'Pay with a card or from another bank account, or ask your bank.',
  ].join(' ');
