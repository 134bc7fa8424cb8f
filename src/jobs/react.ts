import { sql } from 'kysely';
import type { Database } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';

/**
 * After commit: look up who reacts to each recorded event and ask for their jobs. The job's key is the event
 * and the reaction, so a second run of the same batch asks for nothing twice.
 */
export async function react(
  db: Database,
  reactsTo: (type: string) => readonly string[],
  payload: { organizationId: string; eventIds: string[] },
): Promise<void> {
  const { organizationId, eventIds } = payload;
  await db.transaction({ kind: 'job', organizationId, name: 'react' }, async (tx) => {
    const events = await tx.rows<{ id: string; type: string; subjectId: string }>(sql`
      select id, type, subject_id from events where organization_id = ${organizationId} and id = any(${eventIds}) order by id`);
    await enqueue(
      tx,
      events.flatMap((event) =>
        reactsTo(event.type).map((job) => ({
          job,
          key: `${event.id}:${job}`,
          payload: { organizationId, eventId: event.id, type: event.type, subjectId: event.subjectId },
        })),
      ),
    );
  });
}
