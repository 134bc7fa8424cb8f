import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { Actor, Tx } from '#db/db.ts';
import type { zMessage } from '#features/correspondence/api.ts';
import { isCancelable } from '#features/correspondence/cancel-letter.ts';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { hideLinks } from '#features/correspondence/hide-links.ts';
import { isHostMail } from '#features/correspondence/host-mail.ts';
import { addressLines, type PostalAddress } from '#lib/address-lines.ts';
import { snake } from '#lib/casing.ts';
import { must, notFound } from '#lib/errors.ts';
import { scopesOf } from '#lib/roles.ts';

type MessageRow = {
  id: string;
  kind: string;
  state: z.output<typeof zMessage>['state'];
  route: 'smtp' | 'mailbox' | 'sms' | 'letter' | 'print';
  channel: Channel;
  toPhone: string | null;
  toAddress: { name: string; address: PostalAddress } | null;
  suppressedBy: string | null;
  awaitsAddress: boolean;
  canCancel: boolean;
  cancelableUntil: Date | null;
  security: boolean;
  fromName: string;
  fromEmail: string;
  toEmails: string[];
  ccEmails: string[];
  replyTo: string | null;
  subject: string;
  messageId: string;
  customerId: string | null;
  invoiceId: string | null;
  paymentId: string | null;
  attempts: number;
  lastError: string | null;
  nextAttemptAt: Date | null;
  createdAt: Date;
  sentAt: Date | null;
  html: string;
  text: string;
};
type AttachmentRow = {
  messageId: string;
  fileName: string;
  contentType: string;
  bytes: number;
  /** A file of the invoice, which stays where it is. */
  fileId: string | null;
};

const columns = sql.raw(`${isCancelable} as can_cancel, m.cancelable_until,
  m.id, m.kind, m.state, m.route, m.channel, m.to_phone, m.to_address,
  m.suppressed_by, m.awaits_address, m.security, m.from_name, m.from_email, m.to_emails, m.cc_emails,
  m.reply_to, m.subject, m.message_id, m.customer_id, m.invoice_id, m.payment_id, m.attempts, m.last_error,
  m.next_attempt_at, m.created_at, m.sent_at, m.html, m.text`);

export type MessageFilter = {
  limit: number;
  startingAfter?: string | undefined;
  state: 'all' | 'queued' | 'sent' | 'failed' | 'suppressed';
  channel?: 'all' | 'not_email' | Channel | undefined;
  kind?: string | undefined;
  to?: string | undefined;
  customerId?: string | undefined;
  invoiceId?: string | undefined;
};

/** Who reads: it decides whether the links of mail that opens an account are shown. */
export type Reader = { actor: Actor; organization: { id: string; mode: 'live' | 'sandbox' } };

/** What the host answered to one person's request is read by that person and by who manages users. */
const isReadBy = ({ actor, organization }: Reader, messageId: RawBuilder<unknown>): RawBuilder<unknown> => {
  if (scopesOf(actor).has('users:write')) return sql`true`;
  const own = actor.kind === 'user' ? sql`asked.user_id is not distinct from ${actor.userId}` : sql`false`;
  return sql`not ${isHostMail(sql`${organization.id}`, messageId, sql`(${own})`)}`;
};

/** What has gone is sent, whatever became of it since; what did not arrive is looked after in Reports. */
const stateIs = (state: Exclude<MessageFilter['state'], 'all'>): RawBuilder<unknown> =>
  state === 'sent' ? sql`m.state in ('sent', 'delivered', 'opened', 'clicked')` : sql`m.state = ${state}`;

/** Newest first. */
export async function listMessages(tx: Tx, reader: Reader, filter: MessageFilter) {
  const conditions: RawBuilder<unknown>[] = [
    sql`m.organization_id = ${reader.organization.id}`,
    isReadBy(reader, sql`m.id`),
  ];
  if (filter.startingAfter) conditions.push(sql`m.id < ${filter.startingAfter}`);
  if (filter.state !== 'all') conditions.push(stateIs(filter.state));
  if (filter.channel === 'not_email') conditions.push(sql`m.channel <> 'email'`);
  else if (filter.channel && filter.channel !== 'all') conditions.push(sql`m.channel = ${filter.channel}`);
  if (filter.kind) conditions.push(sql`m.kind = ${filter.kind}`);
  if (filter.customerId) conditions.push(sql`m.customer_id = ${filter.customerId}`);
  if (filter.invoiceId) conditions.push(sql`m.invoice_id = ${filter.invoiceId}`);
  if (filter.to)
    conditions.push(
      sql`exists (select from unnest(m.to_emails || m.cc_emails) e where lower(e) = lower(${filter.to}))`,
    );
  const rows = await tx.list<MessageRow>(sql`
    select ${columns} from messages m where ${sql.join(conditions, sql` and `)}
      order by m.id desc limit ${filter.limit + 1}`);
  const data = await present(tx, reader, rows.slice(0, filter.limit));
  return { object: 'list' as const, data, has_more: rows.length > filter.limit };
}

export async function getMessage(tx: Tx, reader: Reader, id: string) {
  const row = await tx.row<MessageRow>(sql`
    select ${columns} from messages m where m.organization_id = ${reader.organization.id} and m.id = ${id}
      and ${isReadBy(reader, sql`m.id`)}`);
  if (!row) throw notFound('message', id);
  return must((await present(tx, reader, [row]))[0], 'the message');
}

async function present(tx: Tx, reader: Reader, rows: readonly MessageRow[]) {
  const attachments =
    rows.length === 0
      ? []
      : await tx.rows<AttachmentRow>(sql`
    select message_id, file_name, content_type, octet_length(bytes) as bytes, null as file_id from message_attachments
    where organization_id = ${reader.organization.id} and message_id = any(${rows.map((row) => row.id)})
    union all
    select m.message_id, f.file_name, f.content_type, f.size_bytes, f.id from message_files m
      join files f on f.organization_id = m.organization_id and f.id = m.file_id
    where m.organization_id = ${reader.organization.id} and m.message_id = any(${rows.map((row) => row.id)})
      order by file_id nulls first, file_name`);
  const showsLinks = !rows.some((row) => row.security) || (await mayOpenAccounts(tx, reader));
  return rows.map(({ fromName, fromEmail, toEmails, ccEmails, toAddress, security, html, text, ...row }) => ({
    object: 'message' as const,
    ...snake(row),
    from: row.channel === 'email' ? `${fromName} <${fromEmail}>` : fromName,
    to: row.toPhone ? [row.toPhone] : toAddress ? [toAddress.name] : toEmails,
    to_address: toAddress && { ...toAddress, lines: addressLines(toAddress.address) },
    cc: ccEmails,
    attachments: attachments
      .filter((each) => each.messageId === row.id)
      .map(({ messageId, fileId, ...each }) => ({
        ...snake(each),
        url: fileId
          ? `/v1/files/${fileId}/content`
          : `/v1/messages/${messageId}/attachments/${encodeURIComponent(each.fileName)}`,
      })),
    ...(security && !showsLinks ? hideLinks({ html, text }) : { html, text }),
  }));
}

/** Practice accounts open nothing real; the operator could read the database anyway. Nobody else may. */
async function mayOpenAccounts(tx: Tx, { actor, organization }: Reader): Promise<boolean> {
  if (organization.mode === 'sandbox') return true;
  if (actor.kind !== 'user') return false;
  const row = await tx.row<{ isOperator: boolean }>(sql`select is_operator(${actor.userId}) as is_operator`);
  return row?.isOperator ?? false;
}

export async function readAttachment(tx: Tx, reader: Reader, messageId: string, fileName: string) {
  const row = await tx.row<{ contentType: string; bytes: Buffer }>(sql`
    select content_type, bytes from message_attachments
    where organization_id = ${reader.organization.id} and message_id = ${messageId} and file_name = ${fileName}
      and ${isReadBy(reader, sql`${messageId}`)}`);
  if (!row) throw notFound('attachment', fileName);
  return row;
}
