import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { leaveOutProblems } from '#features/correspondence/leave-out-problems.ts';
import type { OutgoingMail } from '#features/correspondence/mailer.ts';
import { remainingOf, tryCountsAsLostAfter_s } from '#features/correspondence/rules.ts';
import type { Sending } from '#features/correspondence/stamp-mail.ts';
import { secondsLater } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

export type ClaimedMessage = {
  /** Without its attachments. */
  mail: OutgoingMail;
  sending: Sending;
  kind: string;
  invoiceId: string | null;
  estimateId: string | null;
  creditMemoId: string | null;
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
  estimateId: string | null;
  creditMemoId: string | null;
  customerId: string | null;
  clockOffsetMs: bigint;
  awaitsDocument: boolean;
  acceptedEmails: string[];
  refusedEmails: string[];
  createdAt: Date;
  security: boolean;
  ownReplyTo: boolean;
  trackOpens: boolean;
  trackClicks: boolean;
  unsubscribeUrl: string | null;
  answers: string[] | null;
  domain: string | null;
  fromLocal: string | null;
  selector: string | null;
  privateKey: Buffer | null;
};

/**
 * Take a message that is due, for one try. Whoever else looks finds it taken until the try counts as lost:
 * two sweeps make one mail, and a process that dies leaves it to the next. Readers whose address has turned
 * bad since it was queued are left out; with none left the mail is held back. What it carries is read apart,
 * for the row is locked here.
 */
export async function claimMessage(
  tx: Tx,
  actor: Actor,
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
      and channel = 'email' and awaits_document = ${input.awaitsDocument} and (route = 'smtp' or awaits_document)
    returning kind, from_name, from_email, to_emails, cc_emails, m.reply_to, subject, html, text, message_id,
      invoice_id, estimate_id, credit_memo_id, m.customer_id, o.clock_offset_ms, awaits_document,
      accepted_emails, refused_emails, m.created_at, security,
      m.reply_to is distinct from coalesce(o.reply_to, o.email) as own_reply_to, o.track_opens, o.track_clicks,
      unsubscribe_url, answers,
      d.domain, d.from_local, d.selector, d.private_key`);
  if (!row) return undefined;
  const readers = await goodReaders(tx, organizationId, row);
  if (readers.suppressedBy) {
    await holdBack(tx, actor, { ...input, row, rule: readers.suppressedBy }, realNow);
    return undefined;
  }
  return {
    kind: row.kind,
    invoiceId: row.invoiceId,
    estimateId: row.estimateId,
    creditMemoId: row.creditMemoId,
    awaitsDocument: row.awaitsDocument,
    sending: sendingOf(row),
    mail: {
      messageId: row.messageId,
      from: { name: row.fromName, email: row.fromEmail },
      to: readers.to,
      cc: readers.cc,
      replyTo: row.replyTo,
      subject: row.subject,
      html: row.html,
      text: row.text,
      attachments: [],
      at: row.createdAt,
      recipients: remainingOf({ ...row, recipients: [...readers.to, ...readers.cc] }),
    },
  };
}

async function goodReaders(tx: Tx, organizationId: string, row: Row) {
  const message = { isSecurity: row.security, to: row.toEmails, cc: row.ccEmails };
  const [readers] = await leaveOutProblems(tx, organizationId, [message]);
  return must(readers, 'the readers of the message');
}

async function holdBack(
  tx: Tx,
  actor: Actor,
  held: { organizationId: string; messageId: string; row: Row; rule: string },
  realNow: Date,
): Promise<void> {
  const { organizationId, messageId, row, rule } = held;
  await tx.run(sql`update messages set state = 'suppressed', suppressed_by = ${rule}, next_attempt_at = null
    where organization_id = ${organizationId} and id = ${messageId}`);
  const now = new Date(realNow.getTime() + Number(row.clockOffsetMs));
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'message.suppressed',
      subjectId: messageId,
      customerId: row.customerId ?? undefined,
      data: { kind: row.kind, to: row.toEmails, subject: row.subject, suppressed_by: rule },
    },
  ]);
}

function sendingOf(row: Row): Sending {
  const { domain, fromLocal, selector, privateKey } = row;
  return {
    isSecurity: row.security,
    ownReplyTo: row.ownReplyTo,
    trackOpens: row.trackOpens,
    trackClicks: row.trackClicks,
    unsubscribeUrl: row.unsubscribeUrl ?? undefined,
    answers: row.answers ?? [],
    domain:
      domain && fromLocal && selector && privateKey ? { domain, fromLocal, selector, privateKey } : undefined,
  };
}
