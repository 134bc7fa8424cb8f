import { sql } from 'kysely';
import type { Actor, Database } from '#db/db.ts';
import { tellDesk } from '#features/collections/tell-desk.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

type Reaction = { organizationId: string; subjectId: string };

/** What the desk does when money came or went. */
export const collectionJobs = ({ db }: { db: Database }) => ({
  'tell-the-desk': async ({ organizationId, subjectId }: Reaction) => {
    const actor: Actor = { kind: 'job', organizationId, name: 'tell-the-desk' };
    await db.transaction(actor, async (tx) => {
      const clock = must(
        await tx.row<{ timeZone: string; clockOffsetMs: bigint }>(
          sql`select time_zone, clock_offset_ms from organizations where id = ${organizationId}`,
        ),
        'the organization',
      );
      const now = organizationNow(clock);
      const today = dateIn(clock.timeZone, now);
      await tellDesk(tx, actor, { organizationId, subjectId, today }, now);
    });
  },
});
