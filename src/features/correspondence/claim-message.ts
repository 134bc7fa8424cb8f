import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { OutgoingMail } from '#features/correspondence/mailer.ts';
import { remainingOf, tryCountsAsLostAfter_s } from '#features/correspondence/rules.ts';
import type { Sending } from '#features/correspondence/stamp-mail.ts';
import { secondsLater } from '#lib/dates.ts';

export type ClaimedMessage = {
  mail: OutgoingMail;
  sending: Sending;
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
  security: boolean;
  ownReplyTo: boolean;
  trackOpens: boolean;
  trackClicks: boolean;
  domain: string | null;
  fromLocal: string | null;
  selector: string | null;
  privateKey: Buffer | null;
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
    update messages m set attempts = attempts + 1,
      next_attempt_at = ${secondsLater(realNow, tryCountsAsLostAfter_s)}
    from organizations o left join sending_domains d on d.organization_id = o.id and d.state = 'verified'
    where o.id = ${organizationId}
      and m.organization_id = ${organizationId} and m.id = ${messageId} and m.state = 'queued'
      and next_attempt_at <= ${realNow}
      and awaits_document = ${input.awaitsDocument} and (route = 'smtp' or awaits_document)
    returning kind, from_name, from_email, to_emails, cc_emails, m.reply_to, subject, html, text, message_id,
      invoice_id, awaits_document, accepted_emails, refused_emails, m.created_at, security,
      m.reply_to is distinct from coalesce(o.reply_to, o.email) as own_reply_to, o.track_opens, o.track_clicks,
      d.domain, d.from_local, d.selector, d.private_key`);
  if (!row) return undefined;
  const attachments = await tx.rows<{ fileName: string; contentType: string; bytes: Buffer }>(sql`
    select file_name, content_type, bytes from message_attachments
    where organization_id = ${organizationId} and message_id = ${messageId} order by file_name`);
  return {
    kind: row.kind,
    invoiceId: row.invoiceId,
    awaitsDocument: row.awaitsDocument,
    sending: sendingOf(row),
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

function sendingOf(row: Row): Sending {
  const { domain, fromLocal, selector, privateKey } = row;
  return {
    isSecurity: row.security,
    ownReplyTo: row.ownReplyTo,
    trackOpens: row.trackOpens,
    trackClicks: row.trackClicks,
    domain:
      domain && fromLocal && selector && privateKey ? { domain, fromLocal, selector, privateKey } : undefined,
  };
}
