import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { messageJob } from '#features/correspondence/message-jobs.ts';

/**
 * Find the messages that are due by the real clock, and ask for the jobs that send them or render what they
 * wait for. A doubled sweep is harmless: whoever comes second finds the message taken. Answers how many were
 * due.
 */
export async function sweepMessages(db: Database, realNow: Date): Promise<number> {
  return db.transaction(systemActor('sweep-messages'), async (tx) => {
    const due = await tx.rows<{
      organizationId: string;
      id: string;
      channel: Channel;
      awaitsDocument: boolean;
    }>(sql`
      select organization_id, id, channel, awaits_document from messages
      where next_attempt_at is not null and next_attempt_at <= ${realNow} and state = 'queued'
        and (route <> 'mailbox' or awaits_document or channel = 'sms') order by next_attempt_at limit 1000`);
    await enqueue(
      tx,
      due.map(({ organizationId, ...message }) => messageJob(organizationId, message)),
    );
    return due.length;
  });
}

/** The job that renders the document a mail waits for; the feature that owns the document does it. */
export const documentJob = (organizationId: string, messageId: string) =>
  messageJob(organizationId, { id: messageId, channel: 'email', awaitsDocument: true });
