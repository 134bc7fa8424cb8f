import { credit, debit, type JournalEntry, reversed } from '#features/ledger/rules.ts';

export type PostedLateFee = {
  id: string;
  customerId: string;
  invoiceId: string;
  currency: string;
  amount: bigint;
};

/**
 * Assessed: the customer owes it on top of the invoice, and it is income from the day on which it fell due.
 */
export function entryOfLateFee(fee: PostedLateFee, entryDate: string): JournalEntry {
  const about = { customerId: fee.customerId, invoiceId: fee.invoiceId };
  return {
    kind: 'late_fee_assessed',
    sourceId: fee.id,
    revision: 0,
    entryDate,
    currency: fee.currency,
    lines: [
      ...debit('accounts_receivable', fee.amount, about),
      ...credit('late_fee_income', fee.amount, about),
    ],
  };
}

/** Removed before it was paid: it is owed no more, from the day of removal. */
export function reversalOfLateFee(fee: PostedLateFee, entryDate: string): JournalEntry {
  const entry = entryOfLateFee(fee, entryDate);
  return { ...entry, kind: 'late_fee_removed', lines: reversed(entry.lines) };
}

/** An invoice is void: its late fees go with it, all in one. */
export function reversalOfLateFees(
  invoice: { id: string; customerId: string; currency: string; fees: bigint },
  entryDate: string,
): JournalEntry {
  const all = { ...invoice, invoiceId: invoice.id, amount: invoice.fees };
  return { ...reversalOfLateFee(all, entryDate), kind: 'late_fees_voided' };
}
