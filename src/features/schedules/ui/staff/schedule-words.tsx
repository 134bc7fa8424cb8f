import type { z } from 'zod';
import type { zSchedule } from '#features/schedules/api.ts';
import { State, type Tone } from '#ui/state.tsx';

export type Schedule = z.output<typeof zSchedule>;

const states: Record<Schedule['state'], { label: string; tone: Tone; ring?: boolean }> = {
  running: { label: 'Running', tone: 'good', ring: true },
  paused: { label: 'Paused', tone: 'warn' },
  completed: { label: 'Completed', tone: 'neutral' },
};

export function ScheduleState({ state }: { state: Schedule['state'] }) {
  const { label, tone, ring = false } = states[state];
  return (
    <State tone={tone} ring={ring}>
      {label}
    </State>
  );
}

export const kindWords: Record<Schedule['kind'], string> = { invoice: 'Invoice', payment: 'Payment' };
