import { sql } from 'kysely';
import type { Database, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';

/** Which of these subjects a reaction is about: asked once for a batch, where only few of them are. */
export type Concern = (
  tx: Tx,
  organizationId: string,
  subjectIds: readonly string[],
) => Promise<ReadonlySet<string>>;

/**
 * After commit: look up who reacts to each recorded event and ask for their jobs. The job's key is the event
 * and the reaction, so a second run of the same batch asks for nothing twice.
 */
export async function react(
  db: Database,
  reactsTo: (type: string) => readonly string[],
  payload: { organizationId: string; eventIds: string[] },
  concerns: Readonly<Record<string, Concern>> = {},
): Promise<void> {
  const { organizationId, eventIds } = payload;
  await db.transaction({ kind: 'job', organizationId, name: 'react' }, async (tx) => {
    const events = await tx.rows<{ id: string; type: string; subjectId: string }>(sql`
      select id, type, subject_id from events where organization_id = ${organizationId} and id = any(${eventIds}) order by id`);
    const concerned = new Map<string, ReadonlySet<string>>();
    for (const [job, concern] of Object.entries(concerns)) {
      const subjects = events
        .filter(({ type }) => reactsTo(type).includes(job))
        .map(({ subjectId }) => subjectId);
      concerned.set(job, subjects.length > 0 ? await concern(tx, organizationId, subjects) : new Set());
    }
    await enqueue(
      tx,
      events.flatMap((event) =>
        reactsTo(event.type)
          .filter((job) => concerned.get(job)?.has(event.subjectId) ?? true)
          .map((job) => ({
            job,
            key: `${event.id}:${job}`,
            payload: { organizationId, eventId: event.id, type: event.type, subjectId: event.subjectId },
          })),
      ),
    );
  });
}
