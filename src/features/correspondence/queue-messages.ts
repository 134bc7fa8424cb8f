import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { leaveOutProblems } from '#features/correspondence/leave-out-problems.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { readersOf, routeOf } from '#features/correspondence/rules.ts';
import type { PostalAddress } from '#lib/address-lines.ts';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type NewMessage = {
  /** `invoice`, `receipt`, `portal_invitation`, … */
  kind: string;
  /** Left out: an e-mail. A text message names `toPhone`, a letter `toAddress`; neither has `to`. */
  channel?: Channel | undefined;
  to: readonly string[];
  cc?: readonly string[] | undefined;
  /** Who is answered, if not the organization. */
  replyTo?: string | undefined;
  /** In E.164: `+15125550100`. */
  toPhone?: string | undefined;
  /** Whom the envelope names, and where it goes. */
  toAddress?: { name: string; address: PostalAddress } | undefined;
  subject: string;
  html: string;
  text: string;
  customerId?: string | undefined;
  invoiceId?: string | undefined;
  paymentId?: string | undefined;
  /** Mail whose links open an account. */
  isSecurity?: boolean | undefined;
  /** A second message with this key is not made. */
  dedupeKey?: string | undefined;
  attachments?: readonly Attachment[] | undefined;
  /** It goes once attachDocument() has brought its document. */
  awaitsDocument?: boolean | undefined;
};

/** `suppressedBy`: it was written down and does not go, by this rule. */
export type QueuedMessage = { messageId: string; isNew: boolean; suppressedBy?: string | undefined };

type Sender = { name: string; mode: 'live' | 'sandbox'; replyTo: string | null; clockOffsetMs: bigint };

/**
 * Write messages, each as it will be read, and send them on their way: into the built-in mailbox at once, or
 * out by SMTP after commit. Nothing leaves here.
 */
export async function queueMessages(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; outbox: Outbox; messages: readonly NewMessage[] },
  now: Date,
): Promise<QueuedMessage[]> {
  const { organizationId, outbox } = input;
  if (input.messages.length === 0) return [];
  const sender = must(
    await tx.row<Sender>(sql`select name, mode, coalesce(reply_to, email) as reply_to, clock_offset_ms
    from organizations where id = ${organizationId}`),
    'the organization',
  );
  const route = routeOf(sender.mode, outbox.hasSmtp);
  const messages = await leaveOutProblems(
    tx,
    organizationId,
    input.messages.map((message) => ({
      ...message,
      id: newId('message'),
      ...readersOf(message.to, message.cc ?? []),
    })),
  );
  const by = { organizationId, outbox, sender, route, now };
  const queued = await answers(tx, organizationId, messages, await insertMessages(tx, by, messages));
  const made = messages.filter((_, index) => queued[index]?.isNew);
  await insertAttachments(tx, organizationId, made);
  await record(
    tx,
    { actor, organizationId, now },
    made.map((message) => ({
      type: message.suppressedBy
        ? 'message.suppressed'
        : !leavesNow(message, route) && !message.awaitsDocument
          ? 'message.sent'
          : 'message.queued',
      subjectId: message.id,
      customerId: message.customerId,
      data: {
        kind: message.kind,
        ...(message.channel && message.channel !== 'email' ? { channel: message.channel } : {}),
        to: readersNamed(message),
        subject: message.subject,
        route: leavesNow(message, route) ? route : 'mailbox',
        ...(message.suppressedBy ? { suppressed_by: message.suppressedBy } : {}),
        ...(message.invoiceId ? { invoice_id: message.invoiceId } : {}),
        ...(message.paymentId ? { payment_id: message.paymentId } : {}),
      },
    })),
  );
  if (route === 'smtp') {
    await enqueue(
      tx,
      made
        .filter((message) => leavesNow(message, route) && !message.awaitsDocument)
        .map((message) => sendJob(organizationId, message.id)),
    );
  }
  return queued;
}

export const sendJob = (organizationId: string, messageId: string) => ({
  job: 'send-message',
  key: `send:${messageId}`,
  payload: { organizationId, messageId },
  maxAttempts: 3,
});

const leavesNow = (
  message: NewMessage & { suppressedBy?: string | undefined },
  route: 'smtp' | 'mailbox',
): boolean => route === 'smtp' && (message.channel ?? 'email') === 'email' && !message.suppressedBy;

const readersNamed = (message: NewMessage): readonly string[] =>
  message.toPhone ? [message.toPhone] : message.toAddress ? [message.toAddress.name] : message.to;

type Ready = NewMessage & { id: string; to: string[]; cc: string[]; suppressedBy?: string | undefined };

/** JSON cannot carry these, and no reader misses them. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '');

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Answers which were made: the others carry a key that a message has already. */
async function insertMessages(
  tx: Tx,
  by: { organizationId: string; outbox: Outbox; sender: Sender; route: 'smtp' | 'mailbox'; now: Date },
  messages: readonly Ready[],
): Promise<Set<string>> {
  const { organizationId, outbox, sender, route, now } = by;
  const made = new Set<string>();
  // Tries are timed by the real clock, also where the organization's clock runs ahead.
  const firstTryAt = new Date(now.getTime() - Number(sender.clockOffsetMs));
  for (let start = 0; start < messages.length; start += 100) {
    const rows = messages.slice(start, start + 100).map((message) => {
      const goes = message.suppressedBy === undefined;
      const waits = goes && (leavesNow(message, route) || message.awaitsDocument === true);
      return {
        id: message.id,
        kind: message.kind,
        state: waits ? 'queued' : goes ? 'sent' : 'suppressed',
        suppressed_by: message.suppressedBy,
        reply_to: message.replyTo ?? sender.replyTo,
        security: message.isSecurity ?? false,
        channel: message.channel ?? 'email',
        to_emails: message.to,
        cc_emails: message.cc,
        to_phone: message.toPhone,
        to_address: message.toAddress,
        subject: oneLine(storable(message.subject)).slice(0, 300),
        html: storable(message.html),
        text: storable(message.text),
        message_id: `<${message.id}@${outbox.host}>`,
        customer_id: message.customerId,
        invoice_id: message.invoiceId,
        payment_id: message.paymentId,
        awaits_document: goes && (message.awaitsDocument ?? false),
        dedupe_key: message.dedupeKey,
        next_attempt_at: waits ? firstTryAt : null,
        sent_at: waits || !goes ? null : now,
      };
    });
    const inserted = await tx.rows<{ id: string }>(sql`
      insert into messages (organization_id, id, kind, state, suppressed_by, route, channel, to_phone, to_address, security, from_name, from_email,
        to_emails, cc_emails, reply_to, subject, html, text, message_id, customer_id, invoice_id, payment_id,
        awaits_document, dedupe_key, next_attempt_at, created_at, sent_at)
      select ${organizationId}, m.id, m.kind, m.state, m.suppressed_by, case when m.channel = 'email' then ${route} else 'mailbox' end, m.channel,
        m.to_phone, m.to_address, m.security, ${sender.name},
        ${outbox.fromEmail}, m.to_emails,
        m.cc_emails, m.reply_to, m.subject, m.html, m.text, m.message_id, m.customer_id, m.invoice_id,
        m.payment_id, m.awaits_document, m.dedupe_key, m.next_attempt_at, ${now}, m.sent_at
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as m(id text, kind text, state text, suppressed_by text, reply_to text,
        security boolean, channel text, to_phone text, to_address jsonb, to_emails text[], cc_emails text[], subject text, html text, text text,
        message_id text, customer_id text, invoice_id text, payment_id text, awaits_document boolean,
        dedupe_key text, next_attempt_at timestamptz, sent_at timestamptz)
      on conflict (organization_id, dedupe_key) where dedupe_key is not null do nothing
      returning id`);
    for (const row of inserted) made.add(row.id);
  }
  return made;
}

async function answers(
  tx: Tx,
  organizationId: string,
  messages: readonly Ready[],
  made: ReadonlySet<string>,
): Promise<QueuedMessage[]> {
  const keys = messages.filter((message) => !made.has(message.id)).map((message) => message.dedupeKey ?? '');
  const earlier =
    keys.length === 0
      ? []
      : await tx.rows<{ id: string; dedupeKey: string; suppressedBy: string | null }>(sql`
    select id, dedupe_key, suppressed_by from messages where organization_id = ${organizationId}
      and dedupe_key = any(${keys})`);
  const earlierOf = new Map(earlier.map((row) => [row.dedupeKey, row]));
  return messages.map(({ id, dedupeKey, suppressedBy }) => {
    if (made.has(id)) return { messageId: id, isNew: true, ...(suppressedBy ? { suppressedBy } : {}) };
    const { id: messageId, suppressedBy: rule } = must(earlierOf.get(dedupeKey ?? ''), 'the earlier message');
    return { messageId, isNew: false, ...(rule ? { suppressedBy: rule } : {}) };
  });
}

export async function insertAttachments(
  tx: Tx,
  organizationId: string,
  messages: readonly { id: string; attachments?: readonly Attachment[] | undefined }[],
): Promise<void> {
  const rows = messages.flatMap((message) =>
    (message.attachments ?? []).map((each) => ({ ...each, messageId: message.id })),
  );
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into message_attachments (organization_id, message_id, file_name, content_type, bytes)
    select ${organizationId}, a.* from unnest(${rows.map((r) => r.messageId)}::text[],
      ${rows.map((r) => r.fileName)}::text[],
      ${rows.map((r) => r.contentType)}::text[], ${rows.map((r) => r.bytes)}::bytea[]) as a`);
}
