import type { z } from 'zod';
import type { zCreditMemo } from '#features/credit-memos/api.ts';
import { State, type Tone } from '#ui/state.tsx';

export type CreditMemo = z.output<typeof zCreditMemo>;

const words: Record<CreditMemo['state'], { label: string; tone: Tone }> = {
  draft: { label: 'Draft', tone: 'faint' },
  open: { label: 'Open', tone: 'good' },
  used: { label: 'Used up', tone: 'faint' },
  void: { label: 'Void', tone: 'faint' },
};

export function CreditMemoState({ state }: { state: CreditMemo['state'] }) {
  return <State tone={words[state].tone}>{words[state].label}</State>;
}
