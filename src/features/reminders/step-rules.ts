import { addDays, type CalendarDate, daysBetween } from '#lib/dates.ts';

/** What reminders say; the words of each are correspondence/templates.ts. */
export const reminderTypes = [
  'upcoming_payment',
  'payment_due',
  'payment_past_due',
  'upcoming_late_fee',
] as const;
export type ReminderType = (typeof reminderTypes)[number];

/**
 * When a step speaks. Days count from the due date; those of a late fee's warning from the day of the fee.
 */
export type StepTiming = {
  type: ReminderType;
  dayOffset: number;
  everyDays: number | null;
  untilDaysLate: number | null;
};

export type Step = StepTiming & {
  id: string;
  isFormal: boolean;
  /** Words of its own, of a mail; null: those of the template. */
  subject: string | null;
  body: string | null;
  /** Of a text message. */
  textBody: string | null;
  /** Of a letter; null: those of the mail, where it has its own. */
  letterSubject: string | null;
  letterBody: string | null;
};

export type StepWords = Pick<Step, 'subject' | 'body' | 'textBody' | 'letterSubject' | 'letterBody'>;
export const noWords: StepWords = {
  ...{ subject: null, body: null, textBody: null, letterSubject: null, letterBody: null },
};

/** What a step says in a channel, where it has words of its own. */
export function wordsIn(channel: 'email' | 'sms' | 'paper', step: StepWords) {
  if (channel === 'sms') return { subject: null, body: step.textBody };
  if (channel === 'email') return { subject: step.subject, body: step.body };
  return { subject: step.letterSubject ?? step.subject, body: step.letterBody ?? step.body };
}

/**
 * The reminders of an invoice run in two tracks, each with its own newest: what is due, and what a late fee
 * will add. A warning of a fee takes no other reminder's place.
 */
export type Track = 'due' | 'fee';
export const trackOf = ({ type }: Pick<StepTiming, 'type'>): Track =>
  type === 'upcoming_late_fee' ? 'fee' : 'due';

/** One time that a step speaks. `day` counts from the date that its track counts from. */
export type Occurrence<S extends StepTiming = Step> = { step: S; number: number; day: number };

/** Is it still true on this day what the step says? */
function holdsOn({ type, untilDaysLate }: StepTiming, day: number): boolean {
  switch (type) {
    case 'upcoming_payment':
      return day <= 0;
    case 'upcoming_late_fee':
      return day < 0;
    default:
      return untilDaysLate === null || day <= untilDaysLate;
  }
}

/** The last day on which a step that repeats does so. */
const lastDayOf = ({ type, untilDaysLate }: StepTiming): number =>
  type === 'upcoming_payment' ? -1 : (untilDaysLate ?? Number.POSITIVE_INFINITY);

/** The last time up to `day` that a step speaks. */
function latestOf<S extends StepTiming>(step: S, day: number): Occurrence<S> | undefined {
  const { dayOffset, everyDays } = step;
  if (day < dayOffset || !holdsOn(step, day)) return undefined;
  const number = everyDays ? Math.floor((Math.min(day, lastDayOf(step)) - dayOffset) / everyDays) : 0;
  return { step, number, day: dayOffset + number * (everyDays ?? 0) };
}

/** The first time after `day` that a step speaks. */
function followingOf<S extends StepTiming>(step: S, day: number): Occurrence<S> | undefined {
  const { dayOffset, everyDays } = step;
  if (day < dayOffset) return { step, number: 0, day: dayOffset };
  if (!everyDays) return undefined;
  const number = Math.floor((day - dayOffset) / everyDays) + 1;
  const next = dayOffset + number * everyDays;
  return next <= lastDayOf(step) ? { step, number, day: next } : undefined;
}

/**
 * Of two on one day the one whose step begins later stands: what is said once goes before what is repeated.
 */
const isAfter = (a: Occurrence<StepTiming>, b: Occurrence<StepTiming>): boolean =>
  a.day !== b.day ? a.day > b.day : a.step.dayOffset > b.step.dayOffset;

/**
 * What is to be said of an invoice `day` days after the date its track counts from: the newest of all steps,
 * and it alone. Whatever older was missed is never said.
 */
export function newestOccurrence<S extends StepTiming>(
  steps: readonly S[],
  day: number,
): Occurrence<S> | undefined {
  let newest: Occurrence<S> | undefined;
  for (const step of steps) {
    const latest = latestOf(step, day);
    if (latest && (!newest || isAfter(latest, newest))) newest = latest;
  }
  return newest;
}

/** What is said next after `day`, if nothing happens until then. */
export function nextOccurrence<S extends StepTiming>(
  steps: readonly S[],
  day: number,
): Occurrence<S> | undefined {
  let next: Occurrence<S> | undefined;
  for (const step of steps) {
    const following = followingOf(step, day);
    if (following && (!next || !isAfter(following, next))) next = following;
  }
  return next && (newestOccurrence(steps, next.day) ?? next);
}

/**
 * Has it been said already? A reminder says what is newest on its day, so it also stands for all that fell
 * due up to then: by another policy, by a step that has since been moved, or for a due date that has.
 */
export const isSaid = (
  { day }: Pick<Occurrence, 'day'>,
  countsFrom: CalendarDate,
  lastOn: CalendarDate | null,
): boolean => lastOn !== null && day <= daysBetween(countsFrom, lastOn);

/**
 * The message that a step makes on this day. One that was missed on the due date does not say “today”
 * later.
 */
export const typeToSay = ({ type }: StepTiming, day: number): ReminderType =>
  type === 'payment_due' && day > 0 ? 'payment_past_due' : type;

export type Sayable = { says: ReminderType; day: number };
const weight = ({ says, day }: Sayable): number => gravity.indexOf(says) * 10_000 + day;
/** Of what is due in one message, the gravest first: its step gives the words. */
export const byGravity = (a: Sayable, b: Sayable): number => weight(b) - weight(a);
export const gravityOf = ({ says }: Pick<Sayable, 'says'>): number => gravity.indexOf(says);
const gravity: readonly ReminderType[] = [
  'upcoming_payment',
  'payment_due',
  'upcoming_late_fee',
  'payment_past_due',
];

export const dateOf = ({ day }: Pick<Occurrence, 'day'>, countsFrom: CalendarDate): CalendarDate =>
  addDays(countsFrom, day);

/** `3 days before it is due`: a step as staff reads it. */
export function stepWords(step: StepTiming): string {
  const { type, dayOffset, everyDays, untilDaysLate } = step;
  if (type === 'payment_due') return 'On the due date';
  const days = plural(Math.abs(dayOffset), 'day');
  if (type === 'upcoming_late_fee') return `${days} before a late fee`;
  const begin = dayOffset < 0 ? `${days} before it is due` : `${days} past due`;
  if (!everyDays) return begin;
  const end = untilDaysLate ? `, until ${plural(untilDaysLate, 'day')} past due` : '';
  return `${begin}, then every ${everyDays === 1 ? 'day' : plural(everyDays, 'day')}${end}`;
}

export const plural = (count: number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;

export const typeWords: Record<ReminderType, string> = {
  upcoming_payment: 'Upcoming payment',
  payment_due: 'Payment due',
  payment_past_due: 'Payment past due',
  upcoming_late_fee: 'Upcoming late fee',
};
