import type { z } from 'zod';
import type { zDeposit } from '#features/deposits/api.ts';
import { State, type Tone } from '#ui/state.tsx';

export type Deposit = z.output<typeof zDeposit>;

const words: Record<Deposit['state'], { word: string; tone: Tone; ring?: boolean }> = {
  in_transit: { word: 'On its way', tone: 'accent', ring: true },
  paid: { word: 'In the bank', tone: 'good' },
  failed: { word: 'Sent back', tone: 'bad' },
  undone: { word: 'Undone', tone: 'faint' },
};

export const needsAttention = (deposit: Deposit): boolean =>
  deposit.exception !== null && deposit.resolved_at === null;

export function DepositState({ deposit }: { deposit: Deposit }) {
  if (needsAttention(deposit)) return <State tone="warn">Needs a look</State>;
  const { word, tone, ring } = words[deposit.state];
  return (
    <State tone={tone} ring={ring ?? false}>
      {word}
    </State>
  );
}

export const sourceOf = (deposit: Deposit): string =>
  deposit.kind === 'hand' ? deposit.memo || 'Deposit by hand' : (deposit.gateway_name ?? 'Payout');

export const lineWords: Record<string, string> = {
  charge: 'Payment',
  refund: 'Refund',
  return: 'Returned debit',
  chargeback: 'Chargeback',
  chargeback_reversal: 'Chargeback won',
  fee: 'Fee',
  adjustment: 'Adjustment',
  hand: 'Payment in hand',
};
