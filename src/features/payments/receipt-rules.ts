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
 * payment.
 */
export function receiptReaders(
  kind: ReceiptKind,
  payment: PaidPayment & { payerEmail: string | null },
  customer: { email: string | null; ccEmails: readonly string[]; sendReceipts: boolean },
  organization: { notifyEmails: readonly string[]; emailOrganizationReceipts: boolean },
): { payer: { to: string[]; cc: readonly string[] } | undefined; organization: readonly string[] } {
  const payerEmail = payment.payerEmail ?? customer.email;
  const tellsPayer = payerEmail !== null && customer.sendReceipts && payment.sendReceipt;
  const tellsOrganization = organization.emailOrganizationReceipts && kind !== 'payment_cleared';
  return {
    payer: tellsPayer ? { to: [payerEmail], cc: customer.ccEmails } : undefined,
    organization: tellsOrganization ? organization.notifyEmails : [],
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

// The return reason codes of the ACH network in words for the payer; the code stands beside them.
const returnReasons: Record<string, string> = {
  R01: 'there was not enough money in the account',
  R02: 'the account is closed',
  R03: 'no such account was found at the bank',
  R04: 'the account number is not valid',
  R05: 'the account holder did not authorize this kind of debit',
  R07: 'the authorization was revoked',
  R08: 'the payment was stopped',
  R09: 'the money in the account was not yet available',
  R10: 'the account holder told the bank that the debit was not authorized',
  R16: 'the account is frozen',
  R20: 'this account takes no debits',
  R29: 'the company told its bank that the debit was not authorized',
};

/** `there was not enough money in the account (R01)` */
export function returnWords(code: string | null): string {
  if (!code) return 'the bank gave no reason';
  const words = returnReasons[code];
  return words ? `${words} (${code})` : `return code ${code}`;
}
