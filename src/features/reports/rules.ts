import { messageTypes } from '#features/correspondence/channel-rules.ts';
import { readerOf } from '#features/correspondence/message-kind-rules.ts';

/**
 * How a mail that came back goes out again: one about an invoice as the invoice stands now, one that opens an
 * account, speaks in a ticket or told staff never from here, any other as it was written.
 */
export function wayToResend(message: {
  kind: string;
  security: boolean;
  invoiceId: string | null;
  awaitsDocument: boolean;
}): 'anew' | 'copy' | 'refused' {
  if (message.security || readerOf(message.kind) !== 'customer') return 'refused';
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
