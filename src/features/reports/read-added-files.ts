import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';
import { freeNames } from '#features/files/rules.ts';

/** The files that somebody added to these mails, each once and under names that differ. */
export async function readAddedFiles(
  tx: Tx,
  organizationId: string,
  messageIds: readonly string[],
): Promise<Attachment[]> {
  const files = await tx.rows<Attachment>(sql`
    select file_name, content_type, bytes from message_attachments
    where organization_id = ${organizationId} and message_id = any(${[...messageIds]}) and not rendered
    order by message_id, file_name`);
  const different = files.filter(
    (file, at) =>
      !files
        .slice(0, at)
        .some(({ fileName, bytes }) => fileName === file.fileName && bytes.equals(file.bytes)),
  );
  const names = freeNames(different.map(({ fileName }) => fileName));
  return different.map((file, at) => ({ ...file, fileName: names[at] ?? file.fileName }));
}
