import { credit, debit, feeAccountOf, type JournalEntry, reversed } from '#features/ledger/rules.ts';

export type PostedRefund = {
  id: string;
  customerId: string;
  currency: string;
  amount: bigint;
  feeAmount: bigint;
  /** Of the payment. */
  feeKind?: string | null;
  fromUnapplied: bigint;
  entryDate: string;
  /** Where the money is taken from; what was deposited meanwhile goes out of the bank. */
  account: 'gateway_clearing' | 'undeposited_funds' | 'bank';
  /** False once the payment was returned: it has no fee and no unapplied cash any more. */
  paymentStands: boolean;
  lines: readonly { invoiceId: string; amount: bigint }[];
};

/**
 * Money goes back: out of income for what was applied, out of unapplied cash, and the fee's share out of the
 * fee's income. Of a payment that has ended itself nothing is left to take it from, so all of it is income
 * given up (docs/decisions/0007).
 */
export function entryOfRefund(refund: PostedRefund): JournalEntry {
  const about = { customerId: refund.customerId };
  const { feeAmount, fromUnapplied, paymentStands } = refund;
  return {
    kind: 'refund_posted',
    sourceId: refund.id,
    revision: 0,
    entryDate: refund.entryDate,
    currency: refund.currency,
    lines: [
      ...refund.lines.flatMap(({ invoiceId, amount }) => debit('refunds', amount, { ...about, invoiceId })),
      ...(paymentStands
        ? [
            ...debit('unapplied_cash', fromUnapplied, about),
            ...debit(feeAccountOf(refund.feeKind), feeAmount, about),
          ]
        : debit('refunds', fromUnapplied + feeAmount, about)),
      ...credit(refund.account, refund.amount, about),
    ],
  };
}

/** It failed after all: the money is with us again, for whatever it was before. */
export function reversalOfRefund(refund: PostedRefund): JournalEntry {
  const entry = entryOfRefund(refund);
  return { ...entry, kind: 'refund_reversed', lines: reversed(entry.lines) };
}
