import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { type CalendarDate, dateIn } from '#lib/dates.ts';

/** One organization's day: its own date and time, a sandbox organization's clock included. */
export type LocalDay = { organizationId: string; today: CalendarDate; now: Date };

/**
 * One part of a day's work, for instance its late fees. It finds by itself what fell due up to today, also on
 * days on which nobody worked, and a second run of it changes nothing: each effect has a key of its own.
 */
export type DayPart = { name: string; run: (day: LocalDay) => Promise<void> };

/**
 * Do what a day asks for, part by part in its order (money.md, 5). A part that is done is left out when the
 * day is worked again. One that fails stops none of the others, and is done at the next try.
 */
export async function workDay(
  db: Database,
  parts: readonly DayPart[],
  organizationId: string,
  now: Date,
): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId, name: 'work-day' };
  const organization = await db.transaction(actor, (tx) =>
    tx.row<{ timeZone: string }>(sql`select time_zone from organizations where id = ${organizationId}`),
  );
  if (!organization) return;
  const today = dateIn(organization.timeZone, now);
  const done = await db.transaction(actor, (tx) =>
    tx.rows<{ part: string }>(
      sql`select part from organization_days where organization_id = ${organizationId} and day = ${today}`,
    ),
  );
  const failures: unknown[] = [];
  for (const part of parts.filter(({ name }) => !done.some((each) => each.part === name))) {
    try {
      await part.run({ organizationId, today, now });
      await db.transaction(actor, (tx) => keepDone(tx, { organizationId, today, now }, part.name));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} parts of ${today} failed`);
}

const keepDone = (tx: Tx, { organizationId, today, now }: LocalDay, part: string) =>
  tx.run(sql`insert into organization_days (organization_id, day, part, done_at)
    values (${organizationId}, ${today}, ${part}, ${now}) on conflict do nothing`);
