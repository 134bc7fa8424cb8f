import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { sendJob } from '#features/correspondence/queue-messages.ts';

/**
 * Find the messages that are due by the real clock, and ask for the jobs that send them or render what they
 * wait for. A doubled sweep is harmless: whoever comes second finds the message taken. Answers how many were
 * due.
 */
export async function sweepMessages(db: Database, realNow: Date): Promise<number> {
  return db.transaction(systemActor('sweep-messages'), async (tx) => {
    const due = await tx.rows<{ organizationId: string; id: string; awaitsDocument: boolean }>(sql`
      select organization_id, id, awaits_document from messages
      where next_attempt_at is not null and next_attempt_at <= ${realNow} and state = 'queued'
        and (route = 'smtp' or awaits_document) order by next_attempt_at limit 1000`);
    await enqueue(
      tx,
      due.map((message) =>
        message.awaitsDocument
          ? documentJob(message.organizationId, message.id)
          : sendJob(message.organizationId, message.id),
      ),
    );
    return due.length;
  });
}

/** The job that renders the document a message waits for; the feature that owns the document does it. */
export const documentJob = (organizationId: string, messageId: string) => ({
  job: 'attach-document',
  key: `attach:${messageId}`,
  payload: { organizationId, messageId },
  maxAttempts: 3,
});
