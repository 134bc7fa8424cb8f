import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { insertAttachments } from '#features/correspondence/insert-attachments.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';
import { messageJob } from '#features/correspondence/message-jobs.ts';
import { freeNames } from '#features/files/rules.ts';

type Waiting = {
  kind: string;
  channel: Channel;
  route: 'smtp' | 'mailbox' | 'letter' | 'print';
  to: string[];
  subject: string;
  customerId: string | null;
  invoiceId: string | null;
  now: Date;
};

/** Bring a message the document it waited for, and let it go. Harmless the second time. */
export async function attachDocument(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; messageId: string; attachments: readonly Attachment[] },
  realNow: Date,
): Promise<void> {
  const { organizationId, messageId } = input;
  const waiting = await tx.row<Waiting>(sql`
    select m.kind, m.channel, m.route,
      case m.channel when 'email' then m.to_emails else array[m.to_address->>'name'] end as to, m.subject, m.customer_id, m.invoice_id,
      ${realNow}::timestamptz + o.clock_offset_ms * interval '1 millisecond' as now
    from messages m join organizations o on o.id = m.organization_id
    where m.organization_id = ${organizationId} and m.id = ${messageId} and m.state = 'queued'
      and m.awaits_document
    for update of m`);
  if (!waiting) return;
  const { now } = waiting;
  const attachments = await underFreeNames(tx, input);
  await insertAttachments(tx, organizationId, [{ id: messageId, attachments }], true);
  const isSent = waiting.route === 'mailbox';
  // It rests until a person has printed it and says that it is mailed.
  const isPrinted = waiting.route === 'print';
  await tx.run(sql`
    update messages set awaits_document = false, attempts = 0, last_error = null,
      state = ${isSent ? 'sent' : 'queued'},
      sent_at = ${isSent ? now : null}, next_attempt_at = ${isSent || isPrinted ? null : realNow}
    where organization_id = ${organizationId} and id = ${messageId}`);
  if (isPrinted) return;
  const message = { id: messageId, channel: waiting.channel, awaitsDocument: false };
  if (!isSent) return enqueue(tx, [messageJob(organizationId, message)]);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'message.sent',
      subjectId: messageId,
      customerId: waiting.customerId ?? undefined,
      data: {
        kind: waiting.kind,
        to: waiting.to,
        subject: waiting.subject,
        route: 'mailbox',
        ...(waiting.channel === 'email' ? {} : { channel: waiting.channel }),
        ...(waiting.invoiceId ? { invoice_id: waiting.invoiceId } : {}),
      },
    },
  ]);
}

/** A file of that name may go with the message already. */
async function underFreeNames(
  tx: Tx,
  { organizationId, messageId, attachments }: Parameters<typeof attachDocument>[2],
): Promise<Attachment[]> {
  const there = await tx.rows<{ fileName: string }>(sql`select file_name from message_attachments
    where organization_id = ${organizationId} and message_id = ${messageId}`);
  const names = freeNames(
    attachments.map(({ fileName }) => fileName),
    there.map(({ fileName }) => fileName),
  );
  return attachments.map((each, at) => ({ ...each, fileName: names[at] ?? each.fileName }));
}
