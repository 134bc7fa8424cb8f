import { sql } from 'kysely';
import type { Database } from '#db/db.ts';
import { sweepDays } from '#features/days/sweep-days.ts';
import { type DayPart, workDay } from '#features/days/work-day.ts';
import { organizationNow } from '#lib/clock.ts';
import { systemNow } from '#lib/dates.ts';

/** What the worker does for days; schedule.ts says when it looks for them. */
export const dayJobs = (deps: { db: Database; dayParts: readonly DayPart[] }) => ({
  'sweep-days': async () => {
    await sweepDays(
      deps.db,
      systemNow(),
      deps.dayParts.map(({ name }) => name),
    );
  },
  'work-day': async ({ organizationId }: { organizationId: string }) => {
    const actor = { kind: 'job', organizationId, name: 'work-day' } as const;
    const organization = await deps.db.transaction(actor, (tx) =>
      tx.row<{ clockOffsetMs: bigint }>(
        sql`select clock_offset_ms from organizations where id = ${organizationId}`,
      ),
    );
    if (organization) await workDay(deps.db, deps.dayParts, organizationId, organizationNow(organization));
  },
});
