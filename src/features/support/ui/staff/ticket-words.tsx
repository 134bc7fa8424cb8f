import type { z } from 'zod';
import type { zTicket, zTicketPost } from '#features/support/api.ts';
import { type Desk, type Priority, stateWords, type TicketState } from '#features/support/rules.ts';
import { State, type Tone } from '#ui/state.tsx';

export type Ticket = z.output<typeof zTicket>;
export type TicketPost = z.output<typeof zTicketPost>;

/** Which of the three places a ticket is looked at from. */
export type Place = 'desk' | 'request' | 'host';
export const pathOf: Record<Place, string> = {
  desk: '/tickets',
  request: '/help/requests',
  host: '/help/desk',
};

const tones: Record<TicketState, Tone> = {
  new: 'accent',
  open: 'warn',
  waiting: 'neutral',
  solved: 'good',
  closed: 'faint',
};

export function TicketStateMark({ state, desk }: { state: TicketState; desk: Desk }) {
  const words = state === 'waiting' && desk === 'organization' ? 'Waiting for customer' : stateWords[state];
  return (
    <State tone={tones[state]} ring={state === 'new' || state === 'open' || state === 'waiting'}>
      {words}
    </State>
  );
}

export const priorityWords: Record<Priority, string> = {
  low: 'Low',
  normal: 'Normal',
  high: 'High',
  urgent: 'Urgent',
};

export function PriorityMark({ priority }: { priority: Priority }) {
  if (priority === 'normal') return <span className="fine">Normal</span>;
  const tone = priority === 'urgent' ? 'bad' : priority === 'high' ? 'warn' : 'faint';
  return <State tone={tone}>{priorityWords[priority]}</State>;
}

export const sizeOf = (bytes: number): string =>
  bytes < 1024 * 1024
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : `${(bytes / 1024 / 1024).toPrecision(2)} MB`;
