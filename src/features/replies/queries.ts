import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { snake } from '#lib/casing.ts';
import { notFound } from '#lib/errors.ts';

type Row = {
  id: string;
  messageId: string;
  answers: string;
  customerId: string | null;
  invoiceId: string | null;
  fromName: string;
  fromEmail: string;
  subject: string;
  text: string;
  quoted: string;
  leftOut: string[];
  receivedAt: Date;
};
type Filter = {
  organizationId: string;
  limit: number;
  startingAfter?: string | undefined;
  customerId?: string | undefined;
  invoiceId?: string | undefined;
};

/** Newest first. */
export async function listReplies(tx: Tx, filter: Filter) {
  const { organizationId, limit } = filter;
  const conditions: RawBuilder<unknown>[] = [sql`r.organization_id = ${organizationId}`];
  if (filter.startingAfter) conditions.push(sql`r.id < ${filter.startingAfter}`);
  if (filter.customerId) conditions.push(sql`r.customer_id = ${filter.customerId}`);
  if (filter.invoiceId) conditions.push(sql`r.invoice_id = ${filter.invoiceId}`);
  const rows = await tx.list<Row>(sql`
    select r.id, r.message_id, m.subject as answers, r.customer_id, r.invoice_id, r.from_name, r.from_email, r.subject,
      r.text, r.quoted, r.left_out, r.received_at
    from replies r join messages m on m.organization_id = r.organization_id and m.id = r.message_id
    where ${sql.join(conditions, sql` and `)} order by r.id desc limit ${limit + 1}`);
  const shown = rows.slice(0, limit);
  const files = await tx.rows<{ replyId: string; fileName: string; contentType: string; bytes: number }>(sql`
    select reply_id, file_name, content_type, octet_length(bytes) as bytes from reply_attachments
    where organization_id = ${organizationId} and reply_id = any(${shown.map((row) => row.id)}) order by file_name`);
  const ofReply = Map.groupBy(files, (file) => file.replyId);
  const data = shown.map((row) => ({
    object: 'reply' as const,
    ...snake(row),
    attachments: (ofReply.get(row.id) ?? []).map(({ replyId, ...file }) => ({
      ...snake(file),
      url: `/v1/replies/${replyId}/attachments/${encodeURIComponent(file.fileName)}`,
    })),
  }));
  return { object: 'list' as const, data, has_more: rows.length > limit };
}

export async function readReplyAttachment(tx: Tx, organizationId: string, replyId: string, fileName: string) {
  const row = await tx.row<{ contentType: string; bytes: Buffer }>(sql`
    select content_type, bytes from reply_attachments
    where organization_id = ${organizationId} and reply_id = ${replyId} and file_name = ${fileName}`);
  if (!row) throw notFound('attachment', fileName);
  return row;
}
