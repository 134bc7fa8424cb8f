import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';

/** The files of its invoice that a mail carries: their bytes are read as it leaves. */
export async function insertMessageFiles(
  tx: Tx,
  organizationId: string,
  messages: readonly { id: string; fileIds?: readonly string[] | undefined }[],
): Promise<void> {
  const rows = messages.flatMap(({ id, fileIds = [] }) => fileIds.map((fileId) => ({ id, fileId })));
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into message_files (organization_id, message_id, file_id)
    select ${organizationId}, f.* from unnest(${rows.map(({ id }) => id)}::text[],
      ${rows.map(({ fileId }) => fileId)}::text[]) as f`);
}

/** `rendered`: set by Owed itself, and so anew when the message goes out again. */
export async function insertAttachments(
  tx: Tx,
  organizationId: string,
  messages: readonly { id: string; attachments?: readonly Attachment[] | undefined }[],
  rendered = false,
): Promise<void> {
  const rows = messages.flatMap((message) =>
    (message.attachments ?? []).map((each) => ({ ...each, messageId: message.id })),
  );
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into message_attachments (organization_id, message_id, file_name, content_type, bytes, rendered)
    select ${organizationId}, a.*, ${rendered} from unnest(${rows.map((r) => r.messageId)}::text[],
      ${rows.map((r) => r.fileName)}::text[],
      ${rows.map((r) => r.contentType)}::text[], ${rows.map((r) => r.bytes)}::bytea[]) as a`);
}
