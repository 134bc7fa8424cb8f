import {
  isSaid,
  newestOccurrence,
  type ReminderType,
  type Step,
  typeToSay,
} from '#features/reminders/step-rules.ts';
import { addDays, type CalendarDate, daysBetween } from '#lib/dates.ts';

/** Invoices that are due on one day and were reminded last on one day: they have the same days to come. */
export type Alike = { dueDate: CalendarDate; lastOn: CalendarDate | null; invoices: number };

export type Forecast = { date: CalendarDate; type: ReminderType; invoices: number };

/** What the days after `today` would send, if nobody pays, and if whatever is due today goes today. */
export function forecastOf(
  steps: readonly Step[],
  alike: readonly Alike[],
  { today, days }: { today: CalendarDate; days: number },
): Forecast[] {
  const counts = new Map<string, Forecast>();
  for (const { dueDate, lastOn, invoices } of alike) {
    let said = lastOn;
    for (let ahead = 0; ahead <= days; ahead += 1) {
      const date = addDays(today, ahead);
      const day = daysBetween(dueDate, date);
      const newest = newestOccurrence(steps, day);
      if (!newest || isSaid(newest, dueDate, said)) continue;
      said = date;
      if (ahead === 0) continue;
      const type = typeToSay(newest.step, day);
      const key = `${date} ${type}`;
      const known = counts.get(key) ?? { date, type, invoices: 0 };
      counts.set(key, { ...known, invoices: known.invoices + invoices });
    }
  }
  return [...counts.values()].sort((a, b) => (a.date === b.date ? 0 : a.date < b.date ? -1 : 1));
}
