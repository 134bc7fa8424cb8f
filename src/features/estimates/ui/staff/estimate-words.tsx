import type { z } from 'zod';
import type { zEstimate } from '#features/estimates/api.ts';
import { State, type Tone } from '#ui/state.tsx';

export type Estimate = z.output<typeof zEstimate>;

const words: Record<Estimate['state'], { label: string; tone: Tone }> = {
  draft: { label: 'Draft', tone: 'faint' },
  sent: { label: 'Sent', tone: 'neutral' },
  viewed: { label: 'Viewed', tone: 'neutral' },
  accepted: { label: 'Accepted', tone: 'good' },
  declined: { label: 'Declined', tone: 'bad' },
  expired: { label: 'Expired', tone: 'faint' },
  invoiced: { label: 'Invoiced', tone: 'faint' },
};

export function EstimateState({ state }: { state: Estimate['state'] }) {
  return <State tone={words[state].tone}>{words[state].label}</State>;
}

export const percentOf = (bps: number): string => `${bps / 100} %`;
