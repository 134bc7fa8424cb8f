import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';

/** What a message carried: papers that were made for it, and files of its invoice that are kept still. */
export const readSentAttachments = (
  tx: Tx,
  organizationId: string,
  messageId: string,
): Promise<Attachment[]> => read(tx, organizationId, messageId, sql`true`);

/** What a mail carries: papers that were made for it, and files of its invoice that are there still. */
export const readAttachments = (tx: Tx, organizationId: string, messageId: string): Promise<Attachment[]> =>
  read(tx, organizationId, messageId, sql`f.goes_with_mail`);

const read = (
  tx: Tx,
  organizationId: string,
  messageId: string,
  condition: RawBuilder<unknown>,
): Promise<Attachment[]> =>
  tx.rows<Attachment>(sql`
    select file_name, content_type, bytes from (
      select 0 as place, file_name as key, file_name, content_type, bytes from message_attachments
      where organization_id = ${organizationId} and message_id = ${messageId}
      union all
      select 1, f.id, f.file_name, f.content_type, b.bytes from message_files m
        join files f on f.organization_id = m.organization_id and f.id = m.file_id and ${condition}
        join file_bytes b on b.organization_id = m.organization_id and b.file_id = m.file_id
      where m.organization_id = ${organizationId} and m.message_id = ${messageId}) a
    order by place, key`);
