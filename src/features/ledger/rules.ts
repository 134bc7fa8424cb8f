/**
 * The chart of ledger accounts that every organization starts with, and the entries of the trade (money.md
 * 3).
 */
export const ledgerAccounts = [
  { key: 'accounts_receivable', name: 'Accounts receivable', kind: 'asset' },
  { key: 'gateway_clearing', name: 'Gateway clearing', kind: 'asset' },
  { key: 'undeposited_funds', name: 'Undeposited funds', kind: 'asset' },
  { key: 'bank', name: 'Bank', kind: 'asset' },
  { key: 'chargebacks_receivable', name: 'Chargebacks receivable', kind: 'asset' },
  { key: 'unapplied_cash', name: 'Unapplied cash', kind: 'liability' },
  { key: 'unapplied_credit', name: 'Unapplied credit', kind: 'liability' },
  { key: 'sales_tax_payable', name: 'Sales tax payable', kind: 'liability' },
  { key: 'sales', name: 'Sales', kind: 'income' },
  { key: 'surcharge_income', name: 'Surcharge income', kind: 'income' },
  { key: 'dual_pricing_income', name: 'Dual pricing income', kind: 'income' },
  { key: 'convenience_fee_income', name: 'Convenience fee income', kind: 'income' },
  { key: 'late_fee_income', name: 'Late fee income', kind: 'income' },
  { key: 'sales_returns', name: 'Sales returns', kind: 'contra_income' },
  { key: 'refunds', name: 'Refunds', kind: 'contra_income' },
  { key: 'bank_discounts', name: 'Discounts for paying by bank', kind: 'contra_income' },
  { key: 'processing_fees', name: 'Processing fees', kind: 'expense' },
  { key: 'chargeback_losses', name: 'Chargeback losses', kind: 'expense' },
] as const;

export type LedgerAccountKey = (typeof ledgerAccounts)[number]['key'];

export type JournalLine = {
  account: LedgerAccountKey;
  debit: bigint;
  credit: bigint;
  customerId?: string;
  invoiceId?: string;
};

export type JournalEntry = {
  kind:
    | 'invoice_issued'
    | 'invoice_voided'
    | 'payment_posted'
    | 'payment_reversed'
    | 'payment_applied'
    | 'payment_unapplied'
    | 'refund_posted'
    | 'refund_reversed'
    | 'credit_memo_issued'
    | 'credit_memo_voided'
    | 'credit_applied'
    | 'credit_unapplied'
    | 'late_fee_assessed'
    | 'late_fee_removed'
    | 'late_fees_voided'
    | 'chargeback_opened'
    | 'chargeback_won'
    | 'chargeback_lost'
    | 'payout_posted'
    | 'payout_reversed'
    | 'deposit_posted'
    | 'deposit_reversed'
    | 'customer_merged'
    | 'merge_undone';
  sourceId: string;
  /** Tells entries of one kind on one document apart: a revised invoice is reversed and issued again. */
  revision: number;
  entryDate: string;
  currency: string;
  lines: JournalLine[];
};

export const debit = (
  account: LedgerAccountKey,
  amount: bigint,
  about: Partial<JournalLine> = {},
): JournalLine[] =>
  amount === 0n
    ? []
    : amount > 0n
      ? [{ ...about, account, debit: amount, credit: 0n }]
      : credit(account, -amount, about);
export const credit = (
  account: LedgerAccountKey,
  amount: bigint,
  about: Partial<JournalLine> = {},
): JournalLine[] =>
  amount === 0n
    ? []
    : amount > 0n
      ? [{ ...about, account, debit: 0n, credit: amount }]
      : debit(account, -amount, about);

export type IssuedInvoice = {
  id: string;
  customerId: string;
  currency: string;
  invoiceDate: string;
  tax: bigint;
  total: bigint;
  revision: number;
  /** Over a late fee of that invoice: what it brings is late fee income. */
  lateFeeOf?: string | null;
};

/**
 * Issued: the customer owes the total; the business owes the tax and earned the rest. What a discount takes
 * off was never earned (revenue is what the customer is asked for), so it has no account. An invoice of 0
 * posts nothing.
 */
export function entryOfInvoice(invoice: IssuedInvoice): JournalEntry {
  const about = { customerId: invoice.customerId, invoiceId: invoice.id };
  return {
    kind: 'invoice_issued',
    sourceId: invoice.id,
    revision: invoice.revision,
    entryDate: invoice.invoiceDate,
    currency: invoice.currency,
    lines: [
      ...debit('accounts_receivable', invoice.total, about),
      ...credit(invoice.lateFeeOf ? 'late_fee_income' : 'sales', invoice.total - invoice.tax, about),
      ...credit('sales_tax_payable', invoice.tax, about),
    ],
  };
}

/** Voided or about to be issued anew: the same amounts the other way round, on the day it happens. */
export function reversalOfInvoice(invoice: IssuedInvoice, entryDate: string): JournalEntry {
  const entry = entryOfInvoice(invoice);
  return { ...entry, kind: 'invoice_voided', entryDate, lines: reversed(entry.lines) };
}

export const reversed = (lines: readonly JournalLine[]): JournalLine[] =>
  lines.map((line) => ({ ...line, debit: line.credit, credit: line.debit }));

export type PostedPayment = {
  id: string;
  customerId: string;
  currency: string;
  amount: bigint;
  /** What the payer paid on top: income of its own, applied to no invoice. Below zero: a discount. */
  fee?: bigint;
  feeKind?: string | null;
  entryDate: string;
  throughGateway: boolean;
  applications: readonly { invoiceId: string; amount: bigint }[];
};

/** Each kind of card fee is income of its own; a discount is income given up. */
export function feeAccountOf(feeKind: string | null | undefined): LedgerAccountKey {
  if (feeKind === 'bank_discount') return 'bank_discounts';
  if (feeKind === 'dual_pricing') return 'dual_pricing_income';
  return feeKind === 'convenience_fee' ? 'convenience_fee_income' : 'surcharge_income';
}

/** What refunds have taken by now out of a payment's fee and its unapplied cash. */
export type GivenBack = { fee: bigint; unapplied: bigint };
const nothing: GivenBack = { fee: 0n, unapplied: 0n };

/**
 * The money is ours: receivables go down by what is applied, the fee is income, the rest is unapplied cash of
 * the customer.
 */
export function entryOfPayment(payment: PostedPayment, givenBack: GivenBack = nothing): JournalEntry {
  const applied = payment.applications.reduce((total, { amount }) => total + amount, 0n);
  const about = { customerId: payment.customerId };
  const fee = payment.fee ?? 0n;
  return {
    kind: 'payment_posted',
    sourceId: payment.id,
    revision: 0,
    entryDate: payment.entryDate,
    currency: payment.currency,
    lines: [
      ...debit(payment.throughGateway ? 'gateway_clearing' : 'undeposited_funds', payment.amount, about),
      ...payment.applications.flatMap(({ invoiceId, amount }) =>
        credit('accounts_receivable', amount, { ...about, invoiceId }),
      ),
      ...credit(feeAccountOf(payment.feeKind), fee - givenBack.fee, about),
      ...credit('unapplied_cash', payment.amount - fee - applied - givenBack.unapplied, about),
      ...credit('refunds', givenBack.fee + givenBack.unapplied, about),
    ],
  };
}

/**
 * Returned after it settled, or voided: receivables come back as they stand applied now. What refunds took
 * out of fee and unapplied cash is not there to be taken back: it was income given up (docs/decisions/0007).
 */
export function reversalOfPayment(payment: PostedPayment, givenBack: GivenBack = nothing): JournalEntry {
  const entry = entryOfPayment(payment, givenBack);
  return { ...entry, kind: 'payment_reversed', lines: reversed(entry.lines) };
}

export const isBalanced = (entry: JournalEntry): boolean =>
  entry.lines.reduce((rest, line) => rest + line.debit - line.credit, 0n) === 0n;
