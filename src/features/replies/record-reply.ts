import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { footerOf, mailOrganization, readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { keptAttachments, safeType, splitQuoted, wordsOfHtml } from '#features/replies/rules.ts';
import { newId } from '#lib/ids.ts';
import { sha256 } from '#lib/secrets.ts';
import { renderMail } from '#ui/mail-layout.ts';

type File = { fileName: string; contentType: string; bytes: Buffer };
export type IncomingReply = {
  from: { name: string; address: string };
  subject: string;
  /** Its own Message-ID. */
  mailKey: string | undefined;
  text: string | undefined;
  html: string | undefined;
  attachments: readonly File[];
};

type Answered = { kind: string; subject: string; customerId: string | null; invoiceId: string | null };
const longest = 100_000;
const isAddress = /^[^\s@<>",;]+@[^\s@<>",;]+$/;
const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '');

/**
 * A customer answered a mail: it stands on the customer's timeline, and goes to the person whom the
 * organization named for replies as well. The same mail a second time is nothing.
 */
export async function recordReply(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; messageId: string; outbox: Outbox; mail: IncomingReply },
  now: Date,
): Promise<string | undefined> {
  const { organizationId, messageId, mail } = input;
  const answered = await tx.row<Answered>(sql`
    select kind, subject, customer_id, invoice_id from messages
    where organization_id = ${organizationId} and id = ${messageId} and channel = 'email'`);
  if (!answered) return undefined;
  const words = storable(mail.text?.trim() || wordsOfHtml(mail.html ?? ''));
  const { text, quoted } = splitQuoted(words.slice(0, longest * 2));
  const { kept, leftOut } = keptAttachments(mail.attachments);
  const replyId = newId('reply');
  const subject = storable(mail.subject).replace(/\s+/g, ' ').trim().slice(0, 300);
  const from = {
    name: storable(mail.from.name).slice(0, 200),
    email: storable(mail.from.address).slice(0, 254),
  };
  const key = mail.mailKey ?? sha256(`${from.email}\n${subject}\n${words}`);
  const isNew = await tx.run(sql`
    insert into replies (organization_id, id, message_id, customer_id, invoice_id, from_name, from_email, subject, text,
      quoted, mail_key, left_out, received_at)
    values (${organizationId}, ${replyId}, ${messageId}, ${answered.customerId}, ${answered.invoiceId}, ${from.name},
      ${from.email}, ${subject}, ${text.slice(0, longest)}, ${quoted.slice(0, longest)}, ${key.slice(0, 300)},
      ${leftOut}, ${now})
    on conflict (organization_id, message_id, mail_key) do nothing`);
  if (isNew === 0) return undefined;
  const files = kept.map((each) => ({
    ...each,
    contentType: safeType(each.contentType, each.bytes.subarray(0, 4).toString('hex')),
  }));
  await insertFiles(tx, organizationId, replyId, files);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'message.answered',
      subjectId: messageId,
      customerId: answered.customerId ?? undefined,
      data: {
        reply_id: replyId,
        kind: answered.kind,
        from: from.email,
        subject: subject || answered.subject,
        ...(answered.invoiceId ? { invoice_id: answered.invoiceId } : {}),
      },
    },
  ]);
  await passOn(tx, actor, { ...input, replyId, answered, from, subject, text, quoted, files }, now);
  return replyId;
}

async function insertFiles(
  tx: Tx,
  organizationId: string,
  replyId: string,
  files: readonly File[],
): Promise<void> {
  if (files.length === 0) return;
  await tx.run(sql`
    insert into reply_attachments (organization_id, reply_id, file_name, content_type, bytes)
    select ${organizationId}, ${replyId}, f.* from unnest(${files.map((f) => f.fileName)}::text[],
      ${files.map((f) => f.contentType)}::text[], ${files.map((f) => f.bytes)}::bytea[]) as f`);
}

type Told = {
  organizationId: string;
  outbox: Outbox;
  replyId: string;
  answered: Answered;
  from: { name: string; email: string };
  subject: string;
  text: string;
  quoted: string;
  files: readonly File[];
};

/** To the person whom replies went to before there was a door for them, who answers the customer directly. */
async function passOn(tx: Tx, actor: Actor, told: Told, now: Date): Promise<void> {
  const from = await readCorrespondent(tx, told.organizationId);
  const to = from.replyTo ?? from.email;
  // A mail of our own that came back to us would go round for ever.
  if (!to || to.toLowerCase() === told.from.email.toLowerCase()) return;
  const who = told.from.name ? `${told.from.name} (${told.from.email})` : told.from.email;
  const paragraphs = `${told.text || '(no words)'}`.slice(0, 15_000).split(/\n\s*\n/);
  const mail = renderMail({
    organization: mailOrganization(from, told.outbox),
    preheader: told.text.slice(0, 150),
    heading: `${told.from.name || told.from.email} answered`,
    blocks: [
      { kind: 'small', words: `${who} answered “${told.answered.subject}”:` },
      ...paragraphs.map((words) => ({ kind: 'paragraph' as const, words })),
      { kind: 'small', words: 'Your answer to this mail goes straight to them.' },
    ],
    footer: footerOf(from, 'You receive this because replies to your organization come to this address.'),
  });
  await queueMessages(
    tx,
    actor,
    {
      organizationId: told.organizationId,
      outbox: told.outbox,
      messages: [
        {
          kind: 'reply_copy',
          to: [to],
          ...(isAddress.test(told.from.email) ? { replyTo: told.from.email } : {}),
          subject: told.subject || `Re: ${told.answered.subject}`,
          ...mail,
          customerId: told.answered.customerId ?? undefined,
          invoiceId: told.answered.invoiceId ?? undefined,
          attachments: told.files,
          dedupeKey: `reply ${told.replyId}`,
        },
      ],
    },
    now,
  );
}
