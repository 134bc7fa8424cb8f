import type { MovedApplication } from '#features/ledger/application-rules.ts';
import { credit, debit, type JournalEntry, reversed } from '#features/ledger/rules.ts';

export type IssuedCreditMemo = {
  id: string;
  customerId: string;
  currency: string;
  tax: bigint;
  total: bigint;
};

/** Issued: a sale is taken back with its tax, and the customer has credit with us. */
export function entryOfCreditMemo(memo: IssuedCreditMemo, entryDate: string): JournalEntry {
  const about = { customerId: memo.customerId };
  return {
    kind: 'credit_memo_issued',
    sourceId: memo.id,
    revision: 0,
    entryDate,
    currency: memo.currency,
    lines: [
      ...debit('sales_returns', memo.total - memo.tax, about),
      ...debit('sales_tax_payable', memo.tax, about),
      ...credit('unapplied_credit', memo.total, about),
    ],
  };
}

/** Void: the sale stands again, on the day it is voided. */
export function reversalOfCreditMemo(memo: IssuedCreditMemo, entryDate: string): JournalEntry {
  const entry = entryOfCreditMemo(memo, entryDate);
  return { ...entry, kind: 'credit_memo_voided', lines: reversed(entry.lines) };
}

/** Credit meets an invoice: the customer owes less, and has less credit. */
export function entryOfCredit(application: MovedApplication): JournalEntry {
  const { id, customerId, invoiceId, amount, entryDate, currency } = application;
  return {
    kind: 'credit_applied',
    sourceId: id,
    revision: 0,
    entryDate,
    currency,
    lines: [
      ...debit('unapplied_credit', amount, { customerId }),
      ...credit('accounts_receivable', amount, { customerId, invoiceId }),
    ],
  };
}

export function reversalOfCredit(application: MovedApplication): JournalEntry {
  const entry = entryOfCredit(application);
  return { ...entry, kind: 'credit_unapplied', lines: reversed(entry.lines) };
}
