import { byTurn, leftOf, type ReminderLimit } from '#features/reminders/limit-rules.ts';
import {
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
 * where what a customer has open is looked at together, customers with the same such invoices.
 */
export type Alike = {
  open: readonly Open[];
  /** The days of the customer's last reminders, where they are limited. */
  remindedOn?: readonly CalendarDate[] | null;
  count: number;
};

export type Forecast = { date: CalendarDate; type: ReminderType; messages: number };

type Ahead = {
  today: CalendarDate;
  days: number;
  /** One message for all of a customer. */
  oneMessage: boolean;
  limit: ReminderLimit | null;
};

/** What the days after `today` would send, if nobody pays, and if whatever is due today goes today. */
export function forecastOf(steps: readonly Step[], alike: readonly Alike[], ahead: Ahead): Forecast[] {
  const counts = new Map<string, Forecast>();
  for (const each of alike)
    for (const { date, type } of messagesOf(steps, each, ahead)) {
      const key = `${date} ${type}`;
      const known = counts.get(key) ?? { date, type, messages: 0 };
      counts.set(key, { ...known, messages: known.messages + each.count });
    }
  return [...counts.values()].sort((a, b) => (a.date === b.date ? 0 : a.date < b.date ? -1 : 1));
}

/** The messages of one of them, those of a day in turn; what the limit leaves out waits for its turn. */
function* messagesOf(
  steps: readonly Step[],
  { open, remindedOn }: Alike,
  { today, days, oneMessage, limit }: Ahead,
): Generator<Pick<Forecast, 'date' | 'type'>> {
  const said = open.map(({ lastOn }) => lastOn);
  const went = [...(remindedOn ?? [])];
  for (let ahead = 0; ahead <= days; ahead += 1) {
    const date = addDays(today, ahead);
    const due = open
      .flatMap(({ dueDate }, at) => {
        const day = daysBetween(dueDate, date);
        const newest = newestOccurrence(steps, day);
        if (!newest || isSaid(newest, dueDate, said[at] ?? null)) return [];
        return [{ says: typeToSay(newest.step, day), day: newest.day, lastOn: said[at] ?? null, at }];
      })
      .sort(byTurn);
    const messages = oneMessage && due.length > 0 ? [due] : due.map((one) => [one]);
    for (const covered of messages.slice(0, leftOf(limit, went, date))) {
      for (const { at } of covered) said[at] = date;
      went.push(date);
      if (ahead > 0 && covered[0]) yield { date, type: covered[0].says };
    }
  }
}
