import { messageTypes } from '#features/correspondence/channel-rules.ts';

/** What is written to a customer. Mail to staff names the customer too, and must never reach it. */
export const customerMailKinds = [
  ...messageTypes,
  ...['invoice', 'estimate', 'credit_memo', 'payment_request', 'schedule_agreed', 'schedule_changed'],
  ...['receipt', 'payment_processing', 'payment_cleared', 'refund', 'refund_failed', 'void_notice'],
  ...[
    'return_notice',
    'failed_charge',
    'autopay_notice',
    'autopay_over_maximum',
    'autopay_on',
    'autopay_off',
  ],
  // The copy of an authorization is the payer’s; every other copy is staff’s.
  ...['authorization_copy', 'authorization_request', 'method_invitation'],
  ...['plan_requested', 'plan_offered', 'plan_activated', 'plan_down_payment_failed', 'plan_rejected'],
  ...['plan_withdrawn', 'plan_cancelled', 'plan_defaulted', 'plan_completed', 'plan_rise_asked'],
  ...['plan_rise_agreed', 'plan_method_changed', 'plan_installment_moved', 'plan_installment_failed'],
  ...['plan_upcoming'],
] as const;

/**
 * How a mail that came back goes out again: one about an invoice as the invoice stands now, one that opens an
 * account or speaks in a ticket never from here, any other as it was written.
 */
export function wayToResend(message: {
  kind: string;
  security: boolean;
  invoiceId: string | null;
  awaitsDocument: boolean;
}): 'anew' | 'copy' | 'refused' {
  if (message.security || message.kind.startsWith('ticket_')) return 'refused';
  const isAboutInvoice = message.kind === 'invoice' || messageTypes.some((type) => type === message.kind);
  if (message.invoiceId && isAboutInvoice) return 'anew';
  return message.awaitsDocument ? 'refused' : 'copy';
}

/** The addresses of a customer with one of them put right; undefined where it has no such address. */
export function repaired(
  customer: { email: string | null; ccEmails: readonly string[] },
  bad: readonly string[],
  good: string,
): { email?: string; ccEmails?: string[] } | undefined {
  const isBad = (email: string): boolean => bad.includes(email.toLowerCase());
  if (!customer.email || isBad(customer.email)) return { email: good };
  if (customer.ccEmails.some(isBad))
    return { ccEmails: [...new Set(customer.ccEmails.map((email) => (isBad(email) ? good : email)))] };
  return undefined;
}
