import type { z } from 'zod';
import type { zPlan, zPlanRow } from '#features/payment-plans/api.ts';
import { type PlanState, planStateWords } from '#features/payment-plans/state-rules.ts';
import type { Tone } from '#ui/state.tsx';
import { State } from '#ui/state.tsx';

export type PlanRow = z.output<typeof zPlanRow>;
export type Plan = z.output<typeof zPlan>;

const tones: Record<PlanState, Tone> = {
  offered: 'neutral',
  requested: 'warn',
  approved: 'accent',
  active: 'good',
  completed: 'good',
  defaulted: 'bad',
  cancelled: 'faint',
  rejected: 'faint',
  withdrawn: 'faint',
};

export const PlanStateMark = ({ state }: { state: PlanState }) => (
  <State tone={tones[state]}>{planStateWords[state]}</State>
);

export const installmentWords: Record<Plan['schedule'][number]['state'], { label: string; tone: Tone }> = {
  due: { label: 'To come', tone: 'neutral' },
  charging: { label: 'On its way', tone: 'accent' },
  paid: { label: 'Paid', tone: 'good' },
  missed: { label: 'Missed', tone: 'bad' },
  dropped: { label: 'Not needed', tone: 'faint' },
};
