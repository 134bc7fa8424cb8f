import { divideRounded, least } from '#lib/money.ts';
import type { BookedCharge } from './accounts.ts';
import { reached } from './moves.ts';

export type BalanceKind = 'card' | 'bank_account';
export type BalanceLine = {
  id: string;
  kind: 'charge' | 'refund' | 'return' | 'chargeback' | 'chargeback_reversal' | 'adjustment';
  balance: BalanceKind;
  currency: string;
  paymentId: string;
  refundId?: string;
  gross: bigint;
  fee: bigint;
  at_ms: number;
  description: string;
  /** The payout it is in comes out wrong by so much: a test card asks for it. */
  lost?: bigint;
};

const cardFee_fixed = 30n;
const bankFee_most = 500n;

/** 2.9 % and 30 for a card; 0.8 % and no more than 5.00 for a bank debit. In minor units of any currency. */
export function feeOf(kind: BalanceKind, amount: bigint): bigint {
  return kind === 'card'
    ? divideRounded(amount * 29n, 1000n) + cardFee_fixed
    : least(divideRounded(amount * 8n, 1000n), bankFee_most);
}

/** All that a charge ever does to the balance, each line at its instant, some of them still to come. */
export function linesOf(charge: BookedCharge): BalanceLine[] {
  const settled_ms = reached(charge.moves, 'settled');
  if (settled_ms === undefined || !charge.instrument) return [];
  const { id, paymentId, currency, refunds, dispute, instrument } = charge;
  const gross = BigInt(charge.amount);
  const balance = instrument.kind;
  const common = { balance, currency, paymentId };
  const lines: BalanceLine[] = [
    {
      ...common,
      id,
      kind: 'charge',
      gross,
      fee: feeOf(balance, gross),
      at_ms: settled_ms,
      description: charge.description,
      ...(instrument.behaviour === 'payout_short' && { lost: 100n }),
    },
  ];
  const back = (line: Pick<BalanceLine, 'id' | 'kind' | 'gross' | 'refundId' | 'description'>, at?: number) =>
    at !== undefined && lines.push({ ...common, ...line, fee: 0n, at_ms: at });
  back(
    { id: `${id}_return`, kind: 'return', gross: -gross, description: 'Debit returned by the bank' },
    reached(charge.moves, 'returned'),
  );
  for (const refund of refunds) {
    const { refundId } = refund;
    const amount = BigInt(refund.amount);
    back(
      { id: refund.id, kind: 'refund', refundId, gross: -amount, description: 'Refund' },
      refund.created_ms,
    );
    back(
      {
        id: `${refund.id}_failed`,
        kind: 'adjustment',
        refundId,
        gross: amount,
        description: 'Refund failed',
      },
      reached(refund.moves, 'failed'),
    );
  }
  if (!dispute) return lines;
  const disputed = BigInt(dispute.amount);
  back(
    { id: dispute.id, kind: 'chargeback', gross: -disputed, description: 'Chargeback' },
    reached(dispute.moves, 'opened'),
  );
  back(
    { id: `${dispute.id}_won`, kind: 'chargeback_reversal', gross: disputed, description: 'Chargeback won' },
    reached(dispute.moves, 'won'),
  );
  return lines;
}
