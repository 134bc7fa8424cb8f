import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { OutgoingMail } from '#features/correspondence/mailer.ts';
import { remainingOf, tryCountsAsLostAfter_s } from '#features/correspondence/rules.ts';
import { secondsLater } from '#lib/dates.ts';

export type ClaimedMessage = {
  mail: OutgoingMail;
  kind: string;
  invoiceId: string | null;
  awaitsDocument: boolean;
};

type Row = {
  kind: string;
  fromName: string;
  fromEmail: string;
  toEmails: string[];
  ccEmails: string[];
  replyTo: string | null;
  subject: string;
  html: string;
  text: string;
  messageId: string;
  invoiceId: string | null;
  awaitsDocument: boolean;
  acceptedEmails: string[];
  refusedEmails: string[];
  createdAt: Date;
};

/**
 * Take a message that is due, for one try. Whoever else looks finds it taken until the try counts as lost:
 * two sweeps make one mail, and a process that dies leaves it to the next.
 */
export async function claimMessage(
  tx: Tx,
  input: { organizationId: string; messageId: string; awaitsDocument: boolean },
  realNow: Date,
): Promise<ClaimedMessage | undefined> {
  const { organizationId, messageId } = input;
  const row = await tx.row<Row>(sql`
    update messages set attempts = attempts + 1,
      next_attempt_at = ${secondsLater(realNow, tryCountsAsLostAfter_s)}
    where organization_id = ${organizationId} and id = ${messageId} and state = 'queued'
      and next_attempt_at <= ${realNow}
      and channel = 'email' and awaits_document = ${input.awaitsDocument} and (route = 'smtp' or awaits_document)
    returning kind, from_name, from_email, to_emails, cc_emails, reply_to, subject, html, text, message_id,
      invoice_id, awaits_document, accepted_emails, refused_emails, created_at`);
  if (!row) return undefined;
  const attachments = await tx.rows<{ fileName: string; contentType: string; bytes: Buffer }>(sql`
    select file_name, content_type, bytes from message_attachments
    where organization_id = ${organizationId} and message_id = ${messageId} order by file_name`);
  return {
    kind: row.kind,
    invoiceId: row.invoiceId,
    awaitsDocument: row.awaitsDocument,
    mail: {
      messageId: row.messageId,
      from: { name: row.fromName, email: row.fromEmail },
      to: row.toEmails,
      cc: row.ccEmails,
      replyTo: row.replyTo,
      subject: row.subject,
      html: row.html,
      text: row.text,
      attachments,
      at: row.createdAt,
      recipients: remainingOf({ ...row, recipients: [...row.toEmails, ...row.ccEmails] }),
    },
  };
}
