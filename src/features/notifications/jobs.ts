import { sql } from 'kysely';
import type { Actor, Database } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { tellOfEvent } from '#features/notifications/tell-of-event.ts';
import { organizationNow } from '#lib/clock.ts';
import { must } from '#lib/errors.ts';

type Reaction = { organizationId: string; eventId: string };

/** What staff are told of events that nothing else writes to them about. */
export const notificationJobs = ({ db, outbox }: { db: Database; outbox: Outbox }) => ({
  'tell-staff': ({ organizationId, eventId }: Reaction): Promise<void> => {
    const actor: Actor = { kind: 'job', organizationId, name: 'tell-staff' };
    return db.transaction(actor, async (tx) => {
      const clock = await tx.row<{ clockOffsetMs: bigint }>(
        sql`select clock_offset_ms from organizations where id = ${organizationId}`,
      );
      const now = organizationNow(must(clock, 'the organization'));
      await tellOfEvent(tx, actor, { organizationId, eventId, outbox }, now);
    });
  },
});
