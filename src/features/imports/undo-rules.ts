import type { RevisableInvoice } from '#features/invoices/revision-rules.ts';

/** One thing that the batch did. */
export type Change = {
  lineNo: number;
  targetId: string;
  before: Record<string, unknown> | null;
  changedAt: Date;
};
export type Kept = { lineNo: number; value: string; reason: string };

/** How an invoice was before the batch revised it, and the revision that the batch gave it. */
export type InvoiceBefore = RevisableInvoice & { revisedTo: number };

export type InvoiceFacts = {
  invoice: RevisableInvoice;
  before: InvoiceBefore | undefined;
  /**
   * What the batch's own payment has applied to it; undefined when that was detached, refunded or voided
   * since.
   */
  ownPaid: bigint | undefined;
  isSent: boolean;
  /** Its old number or external id belongs to another invoice by now. */
  isOldKeyTaken: boolean;
};

const none = { applied: 0n, reserved: 0n, credited: 0n, writtenOff: 0n, fees: 0n };

/** Why an invoice of an undone import stays as it is; undefined when it can be taken back. */
export function keepInvoice({
  invoice,
  before,
  ownPaid,
  isSent,
  isOldKeyTaken,
}: InvoiceFacts): string | undefined {
  const kept = (what: string): string => `Kept: invoice ${invoice.number} ${what}.`;
  if (invoice.isVoid) return kept('was voided since');
  if (invoice.revision !== (before?.revisedTo ?? 0)) return kept('was edited since');
  if (isSent) return kept('was sent since. Void it, if it must go');
  if (ownPaid === undefined) return kept('has its imported payment changed since');
  const then = before ?? none;
  if (invoice.reserved !== then.reserved) return kept('has a payment under way');
  if (invoice.applied - ownPaid !== then.applied)
    return kept('was paid since. Refund or detach the payment first');
  if (
    invoice.credited !== then.credited ||
    invoice.writtenOff !== then.writtenOff ||
    invoice.fees !== then.fees
  ) {
    return kept('has credits, fees or write-offs since');
  }
  return isOldKeyTaken ? kept('cannot get its old number back: another invoice has it now') : undefined;
}

export type CustomerFacts = {
  displayName: string;
  wasMade: boolean;
  isEdited: boolean;
  /** Invoices, payments, methods, portal users or children that live. */
  isInUse: boolean;
  isOldKeyTaken: boolean;
};

/** Why a customer of an undone import stays as it is; undefined when it can be taken back. */
export function keepCustomer(facts: CustomerFacts): string | undefined {
  const kept = (what: string): string => `Kept: customer ${facts.displayName} ${what}.`;
  if (facts.isEdited) return kept('was edited since');
  if (facts.wasMade && facts.isInUse) return kept('has invoices, payments or portal users since');
  return facts.isOldKeyTaken ? kept('cannot get the old name back: another customer has it now') : undefined;
}

export type ItemFacts = {
  name: string;
  wasMade: boolean;
  isEdited: boolean;
  /** A line of a living invoice or of an estimate names it. */
  isInUse: boolean;
  isOldKeyTaken: boolean;
};

/** Why an item of an undone import stays as it is; undefined when it can be taken back. */
export function keepItem(facts: ItemFacts): string | undefined {
  const kept = (what: string): string => `Kept: item ${facts.name} ${what}.`;
  if (facts.isEdited) return kept('was edited since');
  if (facts.wasMade && facts.isInUse) return kept('is on invoices or estimates');
  return facts.isOldKeyTaken ? kept('cannot get its old name back: another item has it now') : undefined;
}
