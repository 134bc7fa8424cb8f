import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type Outlook, outlookOf } from '#features/reminders/outlook-rules.ts';
import { stepsOf } from '#features/reminders/plan-day.ts';
import { readFacts, readSetting } from '#features/reminders/read-facts.ts';
import { policyChooser, readPolicies } from '#features/reminders/read-policies.ts';
import { dateOf, typeToSay, typeWords } from '#features/reminders/step-rules.ts';
import type { CalendarDate } from '#lib/dates.ts';

/** So many of a customer's open invoices, the oldest first, are looked at: one of them speaks next. */
const mostEach = 20;

export type NextReminder = { on: CalendarDate | null; words: string };

/** The reminder that goes to each of these customers next, if nothing changes; who gets none is left out. */
export async function nextReminders(
  tx: Tx,
  about: { organizationId: string; customerIds: readonly string[]; today: CalendarDate; now: Date },
): Promise<Map<string, NextReminder>> {
  const { organizationId, customerIds, today } = about;
  const setting = await readSetting(tx, organizationId, about.now);
  const invoices = await readFacts(
    tx,
    { organizationId, today, setting },
    sql`i.id = any(array(select o.id from unnest(${customerIds}::text[]) as c(id) cross join lateral (
      select id from invoices where organization_id = ${organizationId} and customer_id = c.id and closed_at is null
        and issued_at is not null order by due_date, id limit ${mostEach}) o))`,
  );
  const policyOf = policyChooser(await readPolicies(tx, organizationId));
  const next = new Map<string, NextReminder & { on: CalendarDate }>();
  for (const invoice of invoices) {
    const steps = stepsOf(policyOf(invoice.chooses), 'due');
    const on = dayOf(
      outlookOf({ ...invoice.facts, ...setting }, steps, invoice.dueDate, today),
      invoice,
      today,
    );
    const known = next.get(invoice.customerId);
    if (on && (!known || on.on < known.on)) next.set(invoice.customerId, on);
  }
  return next;
}

function dayOf(
  { standing, occurrence }: Outlook,
  { dueDate }: { dueDate: CalendarDate },
  today: CalendarDate,
) {
  if (!occurrence || (standing !== 'goes' && standing !== 'waits')) return undefined;
  const day = dateOf(occurrence, dueDate);
  const words = `Reminder: ${typeWords[typeToSay(occurrence.step, occurrence.day)]}`;
  return { on: standing === 'goes' || day < today ? today : day, words };
}
