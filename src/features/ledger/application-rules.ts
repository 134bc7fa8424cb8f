import { credit, debit, type JournalEntry } from '#features/ledger/rules.ts';

/** Money that was in the books before it met its invoice, or that leaves the invoice and stays. */
export type MovedApplication = {
  /** The application's own id: a row is never reused, so each has one entry there and one back. */
  id: string;
  invoiceId: string;
  customerId: string;
  currency: string;
  amount: bigint;
  entryDate: string;
};

/** Unapplied cash meets an invoice: the customer owes less, and has less with us. */
export function entryOfApplying(application: MovedApplication): JournalEntry {
  const { id, customerId, invoiceId, amount, entryDate, currency } = application;
  return {
    kind: 'payment_applied',
    sourceId: id,
    revision: 0,
    entryDate,
    currency,
    lines: [
      ...debit('unapplied_cash', amount, { customerId }),
      ...credit('accounts_receivable', amount, { customerId, invoiceId }),
    ],
  };
}

/** It is taken off the invoice again, however it came there: with the payment itself, or later. */
export function entryOfUnapplying(application: MovedApplication): JournalEntry {
  const { id, customerId, invoiceId, amount, entryDate, currency } = application;
  return {
    kind: 'payment_unapplied',
    sourceId: id,
    revision: 0,
    entryDate,
    currency,
    lines: [
      ...debit('accounts_receivable', amount, { customerId, invoiceId }),
      ...credit('unapplied_cash', amount, { customerId }),
    ],
  };
}
