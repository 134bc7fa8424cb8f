import { credit, debit, type JournalEntry, reversed } from '#features/ledger/rules.ts';

export type PostedDeposit = {
  id: string;
  kind: 'payout' | 'hand';
  currency: string;
  amount: bigint;
  /** What the lines moved through clearing, or out of undeposited funds: charges less what went back. */
  cleared: bigint;
  /** What was kept back for processing; a difference that a person accepted is part of it. */
  fees: bigint;
  entryDate: string;
  revision: number;
};

/** Arrived: clearing is emptied by what the lines say, the bank has what it shows, the rest was fees. */
export function entryOfDeposit(deposit: PostedDeposit): JournalEntry {
  const from = deposit.kind === 'payout' ? 'gateway_clearing' : 'undeposited_funds';
  return {
    kind: deposit.kind === 'payout' ? 'payout_posted' : 'deposit_posted',
    sourceId: deposit.id,
    revision: deposit.revision,
    entryDate: deposit.entryDate,
    currency: deposit.currency,
    lines: [
      ...debit('bank', deposit.amount),
      ...debit('processing_fees', deposit.fees),
      ...credit(from, deposit.cleared),
    ],
  };
}

/** The gateway's payout failed or was told anew, or staff undid a deposit: the same the other way round. */
export function reversalOfDeposit(deposit: PostedDeposit): JournalEntry {
  const entry = entryOfDeposit(deposit);
  return {
    ...entry,
    kind: deposit.kind === 'payout' ? 'payout_reversed' : 'deposit_reversed',
    lines: reversed(entry.lines),
  };
}
