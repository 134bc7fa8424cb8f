import { gravityOf, type Sayable } from '#features/reminders/step-rules.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';

/** At most so many reminders to one customer in so many days, today counted. */
export type ReminderLimit = { messages: number; days: number };

/** How many more may go on a day, after those that went on these. */
export function leftOf(
  limit: ReminderLimit | null,
  remindedOn: readonly CalendarDate[],
  today: CalendarDate,
): number {
  if (!limit) return Number.POSITIVE_INFINITY;
  return Math.max(0, limit.messages - within(limit, remindedOn, today).length);
}

/** Those of the days that still count on a day. */
export const within = (
  { days }: ReminderLimit,
  remindedOn: readonly CalendarDate[],
  today: CalendarDate,
): CalendarDate[] => remindedOn.filter((day) => day > addDays(today, -days));

/**
 * Which of those that are due goes first: what is graver, then what has not been said for longest, so that
 * each has its turn.
 */
export function byTurn(a: Turn, b: Turn): number {
  const [before, after] = [a.lastOn ?? '', b.lastOn ?? ''];
  return gravityOf(b) - gravityOf(a) || (before === after ? b.day - a.day : before < after ? -1 : 1);
}
type Turn = Sayable & { lastOn: CalendarDate | null };

/** From which day one more may go: as soon as the oldest that counts does not any more. */
export function againOn(limit: ReminderLimit, remindedOn: readonly CalendarDate[]): CalendarDate | undefined {
  const oldest = [...remindedOn].sort().at(-limit.messages);
  return oldest && addDays(oldest, limit.days);
}
