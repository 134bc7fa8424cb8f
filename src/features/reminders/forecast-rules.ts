import {
  byGravity,
  isSaid,
  newestOccurrence,
  type ReminderType,
  type Step,
  typeToSay,
} from '#features/reminders/step-rules.ts';
import { addDays, type CalendarDate, daysBetween } from '#lib/dates.ts';

type Open = { dueDate: CalendarDate; lastOn: CalendarDate | null };

/**
 * What has the same days to come: invoices that are due on one day and were reminded last on one day; or,
 * where one message covers all that a customer has open, customers with the same such invoices.
 */
export type Alike = { open: readonly Open[]; count: number };

export type Forecast = { date: CalendarDate; type: ReminderType; messages: number };

/** What the days after `today` would send, if nobody pays, and if whatever is due today goes today. */
export function forecastOf(
  steps: readonly Step[],
  alike: readonly Alike[],
  { today, days }: { today: CalendarDate; days: number },
): Forecast[] {
  const counts = new Map<string, Forecast>();
  for (const { open, count } of alike) {
    const said = open.map(({ lastOn }) => lastOn);
    for (let ahead = 0; ahead <= days; ahead += 1) {
      const date = addDays(today, ahead);
      const due = open.flatMap(({ dueDate }, at) => {
        const day = daysBetween(dueDate, date);
        const newest = newestOccurrence(steps, day);
        if (!newest || isSaid(newest, dueDate, said[at] ?? null)) return [];
        said[at] = date;
        return [{ says: typeToSay(newest.step, day), day: newest.day }];
      });
      const [leading] = due.sort(byGravity);
      if (ahead === 0 || !leading) continue;
      const key = `${date} ${leading.says}`;
      const known = counts.get(key) ?? { date, type: leading.says, messages: 0 };
      counts.set(key, { ...known, messages: known.messages + count });
    }
  }
  return [...counts.values()].sort((a, b) => (a.date === b.date ? 0 : a.date < b.date ? -1 : 1));
}
