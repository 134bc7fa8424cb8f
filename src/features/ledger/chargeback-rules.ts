import { credit, debit, type JournalEntry, type JournalLine } from '#features/ledger/rules.ts';

export type PostedChargeback = {
  id: string;
  customerId: string;
  currency: string;
  amount: bigint;
  entryDate: string;
};

type Kind = 'chargeback_opened' | 'chargeback_won' | 'chargeback_lost';

/**
 * Opened: the network took the money back from the gateway, and it may come again. Won: it did. Lost: it is
 * gone. The invoice stays as it is: whether the customer still owes is between the two.
 */
export function entryOfChargeback(kind: Kind, chargeback: PostedChargeback): JournalEntry {
  const { amount } = chargeback;
  const about = { customerId: chargeback.customerId };
  const lines: Record<Kind, JournalLine[]> = {
    chargeback_opened: [
      ...debit('chargebacks_receivable', amount, about),
      ...credit('gateway_clearing', amount, about),
    ],
    chargeback_won: [
      ...debit('gateway_clearing', amount, about),
      ...credit('chargebacks_receivable', amount, about),
    ],
    chargeback_lost: [
      ...debit('chargeback_losses', amount, about),
      ...credit('chargebacks_receivable', amount, about),
    ],
  };
  return {
    kind,
    sourceId: chargeback.id,
    revision: 0,
    entryDate: chargeback.entryDate,
    currency: chargeback.currency,
    lines: lines[kind],
  };
}
