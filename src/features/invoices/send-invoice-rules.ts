import { readersOf } from '#features/correspondence/rules.ts';
import { type InvoiceFacts, type InvoiceState, stateOfInvoice } from '#features/invoices/rules.ts';

export type InvoiceToSend = InvoiceFacts & {
  customerName: string;
  customerEmail: string | null;
  ccEmails: readonly string[];
};

export type SendVerdict =
  | { ok: true; to: string[]; cc: string[] }
  | { ok: false; code: 'state_refused' | 'invalid_request'; reason: string; param?: string };

const refusedStates: Partial<Record<InvoiceState, string>> = {
  draft: 'This invoice is a draft. Issue it first.',
  void: 'This invoice is void: nobody owes it.',
  written_off: 'This invoice is written off: nobody is asked to pay it.',
};

/** Why nobody is sent this invoice; undefined when it may go. */
export const whyNotSent = (invoice: InvoiceFacts): string | undefined =>
  refusedStates[stateOfInvoice(invoice)];

/** Who gets it when nobody says otherwise. */
export const usualReaders = ({ customerEmail, ccEmails }: InvoiceToSend): { to: string[]; cc: string[] } =>
  readersOf(customerEmail ? [customerEmail] : [], ccEmails);

/**
 * May this invoice be mailed, and to whom? The customer with its copies, unless readers are given: then to
 * these alone, so that a copy to oneself reaches nobody else.
 */
export function decideSend(
  invoice: InvoiceToSend,
  given: { to?: readonly string[] | undefined; cc?: readonly string[] | undefined },
): SendVerdict {
  const reason = whyNotSent(invoice);
  if (reason) return { ok: false, code: 'state_refused', reason };
  const to = given.to ?? (invoice.customerEmail ? [invoice.customerEmail] : []);
  if (to.length === 0) {
    return {
      ok: false,
      code: 'invalid_request',
      param: 'to',
      reason: `${invoice.customerName} has no e-mail address. Add one to the customer, or give one in "to".`,
    };
  }
  return { ok: true, ...readersOf(to, given.cc ?? (given.to ? [] : invoice.ccEmails)) };
}
