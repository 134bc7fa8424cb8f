import type { z } from 'zod';
import type { createPolicy, zStep } from '#features/reminders/api.ts';
import type { ReminderType } from '#features/reminders/step-rules.ts';

type Step = z.output<typeof zStep>;
type BodyStep = NonNullable<z.input<(typeof createPolicy)['body']>['steps']>[number];

/**
 * A step while it is typed: days without a sign, for its type says on which side of the due date they are.
 */
export type DraftStep = {
  key: string;
  id: string | undefined;
  type: ReminderType;
  days: number | '';
  every: number | '';
  until: number | '';
  formal: boolean;
  ownWords: boolean;
  words: DraftWords;
};

/** Empty: those of the template, or in a letter those of the mail. */
export type DraftWords = {
  subject: string;
  body: string;
  text_body: string;
  letter_subject: string;
  letter_body: string;
};
const noWords: DraftWords = { subject: '', body: '', text_body: '', letter_subject: '', letter_body: '' };
const wordKeys = Object.keys(noWords) as (keyof DraftWords)[];

export const draftOf = (step: Step): DraftStep => ({
  key: step.id,
  id: step.id,
  type: step.type,
  days: Math.abs(step.day_offset),
  every: step.every_days ?? '',
  until: step.until_days_late ?? '',
  formal: step.formal,
  ownWords: wordKeys.some((key) => step[key] !== null),
  words: {
    ...{ subject: step.subject ?? '', body: step.body ?? '', text_body: step.text_body ?? '' },
    ...{ letter_subject: step.letter_subject ?? '', letter_body: step.letter_body ?? '' },
  },
});

let keys = 0;
/** Another step: a week after the last one. */
export function newDraft(steps: readonly DraftStep[]): DraftStep {
  keys += 1;
  const late = steps.filter(({ type }) => type === 'payment_past_due').map(({ days }) => Number(days));
  return {
    ...{ key: `new ${keys}`, id: undefined, type: 'payment_past_due', days: Math.max(0, ...late) + 7 },
    ...{ every: '', until: '', formal: false, ownWords: false, words: noWords },
  };
}

export const mayRepeat = (type: ReminderType): boolean =>
  type === 'upcoming_payment' || type === 'payment_past_due';

/** The words of its own that a step has; null: those that it would have anyway. */
export function wordsOf({ ownWords, words }: DraftStep): Record<keyof DraftWords, string | null> {
  const own = (text: string): string | null => (ownWords && text.trim()) || null;
  return {
    ...{ subject: own(words.subject), body: own(words.body), text_body: own(words.text_body) },
    ...{ letter_subject: own(words.letter_subject), letter_body: own(words.letter_body) },
  };
}

export function bodyStep(draft: DraftStep): BodyStep {
  const { id, type, days, every, until, formal } = draft;
  const isBefore = type === 'upcoming_payment' || type === 'upcoming_late_fee';
  const repeats = mayRepeat(type) && every !== '';
  return {
    ...(id ? { id } : {}),
    type,
    day_offset: type === 'payment_due' ? 0 : isBefore ? -Number(days) : Number(days),
    every_days: repeats ? Number(every) : null,
    until_days_late: repeats && type === 'payment_past_due' && until !== '' ? Number(until) : null,
    formal: formal && type === 'payment_past_due',
    ...wordsOf(draft),
  };
}
