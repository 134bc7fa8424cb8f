import { type RawBuilder, sql } from 'kysely';
import { createTransport } from 'nodemailer';
import type { Tx } from '#db/db.ts';
import { hideLinks } from '#features/correspondence/hide-links.ts';
import { isHostMail } from '#features/correspondence/host-mail.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';
import { readSentAttachments } from '#features/correspondence/read-attachments.ts';
import { addressLines, type PostalAddress } from '#lib/address-lines.ts';
import { must } from '#lib/errors.ts';

export type SentMessage = {
  id: string;
  kind: string;
  state: string;
  channel: 'email' | 'sms' | 'paper';
  fromName: string;
  fromEmail: string;
  toEmails: string[];
  ccEmails: string[];
  toPhone: string | null;
  toAddress: { name: string; address: PostalAddress } | null;
  replyTo: string | null;
  subject: string;
  html: string;
  text: string;
  messageId: string;
  answers: string[] | null;
  month: string;
  at: Date;
};
export type MessageFile = { path: string; bytes: Uint8Array };

const within = (organizationId: string): RawBuilder<unknown> =>
  sql`m.organization_id = ${organizationId} and not ${isHostMail(sql`m.organization_id`, sql`m.id`)}`;

export const countMessages = (organizationId: string): RawBuilder<{ count: number }> =>
  sql`select count(*)::int as count from messages m where ${within(organizationId)}`;

export const readMessagesAfter = (
  tx: Tx,
  organizationId: string,
  page: { after: string; limit: number },
): Promise<SentMessage[]> =>
  tx.rows<SentMessage>(sql`select m.id, m.kind, m.state, m.channel, m.from_name, m.from_email,
      m.to_emails, m.cc_emails, m.to_phone, m.to_address, m.reply_to, m.subject, m.html, m.text, m.message_id,
      m.answers, to_char(m.created_at at time zone 'UTC', 'YYYY-MM') as month, coalesce(m.sent_at, m.created_at) as at
    from messages m where ${within(organizationId)} and m.id > ${page.after} order by m.id limit ${page.limit}`);

/** The files that a message comes to: a mail with all it carried, a text, a letter as it was printed. */
export async function filesOfMessage(
  tx: Tx,
  organizationId: string,
  { message, showsLinks }: { message: SentMessage; showsLinks: boolean },
): Promise<MessageFile[]> {
  // Not of security mail alone: the link of an invoice opens its payer’s account as well.
  const hidden = showsLinks ? {} : hideLinks(message);
  const shown: SentMessage = { ...message, ...hidden };
  const path = `${shown.month}/${shown.id}`;
  if (shown.channel === 'sms') return [{ path: `${path}.txt`, bytes: Buffer.from(textFile(shown)) }];
  const attachments = await readSentAttachments(tx, organizationId, shown.id);
  if (shown.channel === 'email') return [{ path: `${path}.eml`, bytes: await mailFile(shown, attachments) }];
  const pages = attachments.map(({ fileName, bytes }) => ({ path: `${path} ${fileName}`, bytes }));
  return [{ path: `${path}.html`, bytes: Buffer.from(letterFile(shown)) }, ...pages];
}

const headOf = ({ kind, state, at }: SentMessage): string[] => [
  `Kind: ${kind}`,
  `State: ${state}`,
  `Date: ${at.toISOString()}`,
];

const textFile = (message: SentMessage): string =>
  [`From: ${message.fromName}`, `To: ${message.toPhone}`, ...headOf(message), '', message.text, ''].join(
    '\n',
  );

/** Its words, for letters of which no page was printed; the head stands in a comment. */
function letterFile(message: SentMessage): string {
  const { name, address } = must(message.toAddress, 'the address of a letter');
  const to = [name, ...addressLines(address)].join(', ');
  const head = [`To: ${to}`, `Subject: ${message.subject}`, ...headOf(message)].join('\n');
  return `<!--\n${head.replaceAll('--', '—')}\n-->\n${message.html}\n`;
}

/** Writes a mail as mail programs read it; it sends nothing. */
const writer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

async function mailFile(message: SentMessage, attachments: readonly Attachment[]): Promise<Buffer> {
  const address = (email: string) => ({ name: '', address: email });
  const written = await writer.sendMail({
    messageId: message.messageId,
    date: message.at,
    from: { name: message.fromName, address: message.fromEmail },
    to: message.toEmails.map(address),
    cc: message.ccEmails.map(address),
    ...(message.replyTo ? { replyTo: address(message.replyTo) } : {}),
    ...(message.answers?.length ? { references: message.answers, inReplyTo: message.answers.at(-1) } : {}),
    subject: message.subject,
    html: message.html,
    text: message.text,
    attachments: attachments.map(({ fileName, contentType, bytes }) => ({
      filename: fileName,
      contentType,
      content: bytes,
    })),
    headers: { 'X-Owed-Kind': message.kind, 'X-Owed-State': message.state },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return Buffer.isBuffer(written.message) ? written.message : Buffer.from(String(written.message));
}
