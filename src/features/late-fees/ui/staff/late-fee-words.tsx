import type { z } from 'zod';
import type { zLateFee } from '#features/late-fees/api.ts';
import { State, type Tone } from '#ui/state.tsx';

export type LateFeeShown = z.output<typeof zLateFee>;

const states: Record<LateFeeShown['state'], { word: string; tone: Tone }> = {
  posted: { word: 'Posted', tone: 'accent' },
  waived: { word: 'Waived', tone: 'good' },
  removed: { word: 'Removed', tone: 'faint' },
};

export const LateFeeState = ({ fee }: { fee: LateFeeShown }) => (
  <State tone={states[fee.state].tone}>{fee.credit_memo_id ? 'Credited' : states[fee.state].word}</State>
);
