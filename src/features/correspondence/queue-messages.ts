import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { insertAttachments, insertMessageFiles } from '#features/correspondence/insert-attachments.ts';
import { leaveOutProblems } from '#features/correspondence/leave-out-problems.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';
import { messageJob } from '#features/correspondence/message-jobs.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { type ChannelPlan, planChannels } from '#features/correspondence/plan-channels.ts';
import { type MessageState, readersOf, routeOf } from '#features/correspondence/rules.ts';
import type { PostalAddress } from '#lib/address-lines.ts';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type NewMessage = {
  /** One of messageReaders. */
  kind: string;
  /** Left out: an e-mail. A text message names `toPhone`, a letter `toAddress`; neither has `to`. */
  channel?: Channel | undefined;
  to: readonly string[];
  cc?: readonly string[] | undefined;
  /** Who is answered, if not the organization. */
  replyTo?: string | undefined;
  /** As people write it, or in E.164: `+15125550100`. */
  toPhone?: string | undefined;
  /** Whom the envelope names, and where it goes. */
  toAddress?: { name: string; address: PostalAddress } | undefined;
  subject: string;
  html: string;
  text: string;
  customerId?: string | undefined;
  invoiceId?: string | undefined;
  paymentId?: string | undefined;
  estimateId?: string | undefined;
  creditMemoId?: string | undefined;
  /** Mail whose links open an account. */
  isSecurity?: boolean | undefined;
  /** A second message with this key is not made. */
  dedupeKey?: string | undefined;
  attachments?: readonly Attachment[] | undefined;
  /** Files of its invoice that it carries. */
  fileIds?: readonly string[] | undefined;
  /** It goes once attachDocument() has brought its document. */
  awaitsDocument?: boolean | undefined;
  /** Where a press in the mail program says that no more of these are wanted (RFC 8058). One reader alone. */
  unsubscribeUrl?: string | undefined;
  /** The Message-IDs of the thread that it goes on, oldest first. */
  answers?: readonly string[] | undefined;
  /** The rule that keeps it from going: it is kept as it would have been read. */
  suppressedBy?: string | undefined;
};

export type QueuedMessage = { messageId: string; isNew: boolean; state: MessageState };

type Sender = { name: string; mode: 'live' | 'sandbox'; replyTo: string | null; clockOffsetMs: bigint };

/**
 * Write messages, each as it will be read, and send them on their way: into the built-in mailbox at once, or
 * out by SMTP or a carrier after commit. A text message or a letter that its channel's rules hold back is
 * kept with the rule's name. Nothing leaves here.
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
    await tx.row<Sender>(sql`select coalesce(sender_name, name) as name, mode, coalesce(reply_to, email) as reply_to, clock_offset_ms
    from organizations where id = ${organizationId}`),
    'the organization',
  );
  const mailRoute = routeOf(sender.mode, outbox.hasSmtp);
  const messages = await leaveOutProblems(
    tx,
    organizationId,
    input.messages.map((message) => ({
      ...message,
      id: newId('message'),
      ...readersOf(message.to, message.cc ?? []),
    })),
  );
  const plans = await planChannels(tx, organizationId, messages, now);
  const goings = messages.map((message) => goingOf(message, plans.get(message.id), mailRoute, now));
  const by = { organizationId, outbox, sender, now };
  const queued = await answers(tx, organizationId, messages, await insertMessages(tx, by, messages, goings));
  const made = messages.flatMap((message, index) => {
    const going = goings[index];
    return queued[index]?.isNew && going ? [{ message, going }] : [];
  });
  const written = made.map(({ message }) => message);
  await insertAttachments(tx, organizationId, written);
  await insertMessageFiles(tx, organizationId, written);
  await record(
    tx,
    { actor, organizationId, now },
    made.map(({ message, going }) => eventOf(message, going)),
  );
  await enqueue(
    tx,
    made
      .filter(({ message, going }) => leavesAtOnce(message, going, now))
      .map(({ message, going }) =>
        messageJob(organizationId, {
          id: message.id,
          channel: message.channel ?? 'email',
          awaitsDocument: going.awaitsDocument ?? false,
        }),
      ),
  );
  return queued;
}

type Going = Omit<ChannelPlan, 'route'> & {
  route: ChannelPlan['route'] | 'smtp';
  state: 'queued' | 'sent' | 'suppressed';
};

/** How a message goes, and what it is until then. */
function goingOf(
  message: NewMessage,
  plan: ChannelPlan | undefined,
  mailRoute: 'smtp' | 'mailbox',
  now: Date,
): Going {
  const suppressedBy = message.suppressedBy ?? plan?.suppressedBy;
  if (suppressedBy) return { ...(plan ?? { route: 'mailbox' }), suppressedBy, state: 'suppressed' };
  if (plan) {
    const waits = plan.route !== 'mailbox' || plan.awaitsDocument || plan.awaitsAddress || message.toPhone;
    return { ...plan, state: waits ? 'queued' : 'sent' };
  }
  const awaitsDocument = message.awaitsDocument ?? false;
  const waits = mailRoute === 'smtp' || awaitsDocument;
  return { route: mailRoute, awaitsDocument, firstTryAt: now, state: waits ? 'queued' : 'sent' };
}

/** Mail that waits for a document is sent on by whoever queued it, who knows what sets it. */
const leavesAtOnce = (message: NewMessage, going: Going, now: Date): boolean =>
  going.state === 'queued' &&
  going.firstTryAt !== undefined &&
  going.firstTryAt <= now &&
  !(going.awaitsDocument && (message.channel ?? 'email') === 'email');

const firstEvents = {
  queued: 'message.queued',
  sent: 'message.sent',
  suppressed: 'message.suppressed',
} as const;

const eventOf = (message: Ready, going: Going) => ({
  type: firstEvents[going.state],
  subjectId: message.id,
  customerId: message.customerId,
  data: {
    kind: message.kind,
    ...(message.channel && message.channel !== 'email' ? { channel: message.channel } : {}),
    to: readersNamed(message),
    subject: message.subject,
    route: going.route,
    ...(going.suppressedBy ? { suppressed_by: going.suppressedBy } : {}),
    ...(message.invoiceId ? { invoice_id: message.invoiceId } : {}),
    ...(message.paymentId ? { payment_id: message.paymentId } : {}),
  },
});

/** Whom a message is for, as the timeline says it. */
export const readersNamed = (message: NewMessage): readonly string[] =>
  message.toPhone ? [message.toPhone] : message.toAddress ? [message.toAddress.name] : message.to;

type Ready = NewMessage & { id: string; to: string[]; cc: string[] };

/** JSON cannot carry these, and no reader misses them. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '');

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Answers the states of those made: the others carry a key that a message has already. */
async function insertMessages(
  tx: Tx,
  by: { organizationId: string; outbox: Outbox; sender: Sender; now: Date },
  messages: readonly Ready[],
  goings: readonly Going[],
): Promise<Map<string, MessageState>> {
  const { organizationId, outbox, sender, now } = by;
  const made = new Map<string, MessageState>();
  // Tries are timed by the real clock, also where the organization's clock runs ahead.
  const real = (at: Date): Date => new Date(at.getTime() - Number(sender.clockOffsetMs));
  for (let start = 0; start < messages.length; start += 100) {
    const rows = messages.slice(start, start + 100).map((message, at) => {
      const going = must(goings[start + at], 'the way it goes');
      return {
        id: message.id,
        kind: message.kind,
        state: going.state,
        route: going.route,
        reply_to: message.replyTo ?? sender.replyTo,
        suppressed_by: going.suppressedBy,
        unsubscribe_url: message.unsubscribeUrl,
        answers: message.answers,
        awaits_address: going.state === 'queued' && (going.awaitsAddress ?? false),
        security: message.isSecurity ?? false,
        channel: message.channel ?? 'email',
        to_emails: message.to,
        cc_emails: message.cc,
        to_phone: going.toPhone ?? message.toPhone,
        to_address: message.toAddress,
        subject: oneLine(storable(message.subject)).slice(0, 300),
        html: storable(message.html),
        text: storable(message.text),
        message_id: `<${message.id}@${outbox.host}>`,
        customer_id: message.customerId,
        invoice_id: message.invoiceId,
        payment_id: message.paymentId,
        estimate_id: message.estimateId,
        credit_memo_id: message.creditMemoId,
        awaits_document: going.state === 'queued' && (going.awaitsDocument ?? false),
        dedupe_key: message.dedupeKey,
        next_attempt_at: going.state === 'queued' && going.firstTryAt ? real(going.firstTryAt) : null,
        sent_at: going.state === 'sent' ? now : null,
      };
    });
    const inserted = await tx.rows<{ id: string; state: MessageState }>(sql`
      insert into messages (organization_id, id, kind, state, route, channel, to_phone, to_address, security, from_name, from_email,
        to_emails, cc_emails, reply_to, subject, html, text, message_id, customer_id, invoice_id, payment_id,
        estimate_id, credit_memo_id, awaits_document, awaits_address, suppressed_by, unsubscribe_url, answers,
        dedupe_key, next_attempt_at, created_at, sent_at)
      select ${organizationId}, m.id, m.kind, m.state, m.route, m.channel, m.to_phone, m.to_address, m.security,
        ${sender.name}, ${outbox.fromEmail}, m.to_emails, m.cc_emails, m.reply_to,
        m.subject, m.html, m.text, m.message_id, m.customer_id, m.invoice_id, m.payment_id,
        m.estimate_id, m.credit_memo_id, m.awaits_document, m.awaits_address, m.suppressed_by,
        m.unsubscribe_url, m.answers, m.dedupe_key, m.next_attempt_at, ${now},
        m.sent_at
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as m(id text, kind text, state text, route text, reply_to text,
        suppressed_by text, unsubscribe_url text, answers text[], awaits_address boolean,
        security boolean, channel text, to_phone text, to_address jsonb, to_emails text[], cc_emails text[],
        subject text, html text, text text, message_id text, customer_id text, invoice_id text, payment_id text,
        estimate_id text, credit_memo_id text, awaits_document boolean,
        dedupe_key text, next_attempt_at timestamptz, sent_at timestamptz)
      on conflict (organization_id, dedupe_key) where dedupe_key is not null do nothing
      returning id, state`);
    for (const row of inserted) made.set(row.id, row.state);
  }
  return made;
}

async function answers(
  tx: Tx,
  organizationId: string,
  messages: readonly Ready[],
  made: ReadonlyMap<string, MessageState>,
): Promise<QueuedMessage[]> {
  const keys = messages.filter((message) => !made.has(message.id)).map((message) => message.dedupeKey ?? '');
  const earlier =
    keys.length === 0
      ? []
      : await tx.rows<{ id: string; dedupeKey: string; state: MessageState }>(sql`
    select id, dedupe_key, state from messages where organization_id = ${organizationId}
      and dedupe_key = any(${keys})`);
  const byKey = new Map(earlier.map((row) => [row.dedupeKey, row]));
  return messages.map((message) => {
    const state = made.get(message.id);
    if (state) return { messageId: message.id, isNew: true, state };
    const row = must(byKey.get(message.dedupeKey ?? ''), 'the earlier message');
    return { messageId: row.id, isNew: false, state: row.state };
  });
}
