import { type Line, snapshotOf } from '#features/invoices/rules.ts';
import { canonicalJson } from '#lib/json.ts';
import { formatMoney } from '#lib/money.ts';

/** All that an invoice says; a revision replaces it whole. */
export type InvoiceDocument = {
  customerId: string;
  number: string;
  externalId: string | null;
  currency: string;
  invoiceDate: string;
  dueDate: string;
  terms: string | null;
  poNumber: string | null;
  memo: string | null;
  subtotal: bigint;
  tax: bigint;
  total: bigint;
  discount?: bigint | undefined;
  discountTerms?: string | undefined;
  taxExemptReason?: string | null | undefined;
  lines: readonly Line[];
};

/** An invoice with what stands against it. */
export type RevisableInvoice = InvoiceDocument & {
  id: string;
  revision: number;
  isIssued: boolean;
  isVoid: boolean;
  fees: bigint;
  applied: bigint;
  credited: bigint;
  writtenOff: bigint;
  reserved: bigint;
  importBatchId: string | null;
  /** The invoice that it is a late fee of. */
  lateFeeOf: string | null;
};

export const isSameDocument = (one: InvoiceDocument, other: InvoiceDocument): boolean =>
  one.externalId === other.externalId && canonicalJson(snapshotOf(one)) === canonicalJson(snapshotOf(other));

/** Why an invoice cannot be revised to this, as it stands under lock; undefined when it can. */
export function refuseRevision(invoice: RevisableInvoice, next: InvoiceDocument): string | undefined {
  if (invoice.isVoid)
    return `Invoice ${invoice.number} is void and stays so. Give a new number to a new invoice.`;
  if (invoice.lateFeeOf)
    return `Invoice ${invoice.number} is over a late fee and says what the fee says. Remove the late fee instead.`;
  if (!invoice.isIssued) return `Invoice ${invoice.number} is a draft. Issue it first.`;
  const against = invoice.applied + invoice.credited + invoice.writtenOff + invoice.reserved;
  const isMoved = next.customerId !== invoice.customerId || next.currency !== invoice.currency;
  if (isMoved && invoice.fees > 0n)
    return `Invoice ${invoice.number} has late fees, so it stays with its customer. Remove them first.`;
  if (against === 0n) return undefined;
  if (isMoved) {
    return `Invoice ${invoice.number} has payments, so it stays with its customer. Detach them first.`;
  }
  if (next.total + invoice.fees < against) {
    const [paid, total] = [formatMoney(against, invoice.currency), formatMoney(next.total, invoice.currency)];
    return `Invoice ${invoice.number} has ${paid} paid or under way, above the new total of ${total}.`;
  }
  return undefined;
}
