import type { z } from 'zod';
import type { zDispute, zNote, zPromise, zTask, zWorklistRow } from '#features/collections/api.ts';
import type { NoteOutcome, WorklistKind } from '#features/collections/rules.ts';
import type { Tone } from '#ui/state.tsx';

export type WorklistRow = z.output<typeof zWorklistRow>;
export type Note = z.output<typeof zNote>;
export type Task = z.output<typeof zTask>;
export type PromiseToPay = z.output<typeof zPromise>;
export type Dispute = z.output<typeof zDispute>;

export const outcomeWords: Record<NoteOutcome, string> = {
  note: 'Note',
  reached: 'Reached',
  left_message: 'Left a message',
  no_answer: 'No answer',
  wrong_number: 'Wrong number',
  promised: 'Promised to pay',
};

export const kindWords: Record<WorklistKind, { word: string; tone: Tone }> = {
  broken_promise: { word: 'Broken promise', tone: 'bad' },
  promise_due: { word: 'Promise due', tone: 'accent' },
  failed_payment: { word: 'Failed payment', tone: 'bad' },
  dispute: { word: 'Dispute waits', tone: 'warn' },
  task: { word: 'Task due', tone: 'accent' },
  bounce: { word: 'Mail bounced', tone: 'warn' },
  past_due: { word: 'Past due', tone: 'neutral' },
};

export const promiseWords: Record<PromiseToPay['state'], { word: string; tone: Tone }> = {
  open: { word: 'Open', tone: 'accent' },
  kept: { word: 'Kept', tone: 'good' },
  broken: { word: 'Broken', tone: 'bad' },
  withdrawn: { word: 'Withdrawn', tone: 'faint' },
};
