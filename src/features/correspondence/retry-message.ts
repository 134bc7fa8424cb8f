import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { freeAddresses } from '#features/correspondence/free-addresses.ts';
import { messageJob } from '#features/correspondence/message-jobs.ts';
import { notFound, Refusal } from '#lib/errors.ts';

type Row = {
  kind: string;
  state: string;
  channel: Channel;
  awaitsDocument: boolean;
  to: string[];
  subject: string;
  customerId: string | null;
  realNow: Date;
};

/** Send a failed message again, to those who do not have it; its timetable of tries begins anew. */
export async function retryMessage(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; messageId: string },
  now: Date,
): Promise<void> {
  const { organizationId, messageId } = input;
  const row = await tx.row<Row>(sql`
    select m.kind, m.state, m.channel, m.awaits_document,
      case m.channel when 'email' then m.to_emails when 'sms' then array[m.to_phone]
        else array[m.to_address->>'name'] end as to, m.subject, m.customer_id,
      ${now}::timestamptz - o.clock_offset_ms * interval '1 millisecond' as real_now
    from messages m join organizations o on o.id = m.organization_id
    where m.organization_id = ${organizationId} and m.id = ${messageId} for update of m`);
  if (!row) throw notFound('message', messageId);
  if (row.state !== 'failed') {
    throw new Refusal(
      'state_refused',
      row.state === 'queued'
        ? 'This message is still being sent; it is tried again by itself.'
        : 'Only a message that failed can be sent again.',
    );
  }
  await tx.run(sql`
    update messages set state = 'queued', attempts = 0, refused_emails = '{}',
      next_attempt_at = ${row.realNow}
    where organization_id = ${organizationId} and id = ${messageId}`);
  // Whoever sends it again says that the address works: what was learned of it is no longer so.
  await tx.run(sql`delete from message_news where organization_id = ${organizationId} and message_id = ${messageId}
    and kind in ('delayed', 'soft_bounced', 'bounced')`);
  const bad = await tx.rows<{ email: string }>(
    sql`select email from email_problems where organization_id = ${organizationId} and message_id = ${messageId}`,
  );
  await freeAddresses(
    tx,
    organizationId,
    bad.map(({ email }) => email),
  );
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'message.queued',
      subjectId: messageId,
      customerId: row.customerId ?? undefined,
      data: { kind: row.kind, to: row.to, subject: row.subject, again: true },
    },
  ]);
  await enqueue(tx, [messageJob(organizationId, { ...row, id: messageId })]);
}
