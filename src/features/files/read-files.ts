import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import type { About } from '#features/files/change-files.ts';
import { notFound } from '#lib/errors.ts';
import type { FileReply } from '#lib/file-reply.ts';

export type FileRow = {
  id: string;
  customerId: string;
  invoiceId: string | null;
  fileName: string;
  contentType: string;
  sizeBytes: number;
  hash: string;
  customerSees: boolean;
  goesWithMail: boolean;
  createdAt: Date;
};

const columns = sql.raw(`f.id, f.customer_id, f.invoice_id, f.file_name, f.content_type, f.size_bytes, f.hash,
  f.customer_sees, f.goes_with_mail, f.created_at`);

export async function readFile(tx: Tx, organizationId: string, id: string): Promise<FileRow> {
  const row = await tx.row<FileRow>(sql`select ${columns} from files f
    where f.organization_id = ${organizationId} and f.id = ${id}`);
  if (!row) throw notFound('file', id);
  return row;
}

/** Read as staff: all of them, and who added each. Read as a payer: those the organization shows. */
export const readFiles = (
  tx: Tx,
  organizationId: string,
  { customerId, invoiceId }: About,
): Promise<FileRow[]> =>
  tx.rows<FileRow>(sql`select ${columns} from files f where f.organization_id = ${organizationId}
    and ${invoiceId ? sql`f.invoice_id = ${invoiceId}` : sql`f.customer_id = ${customerId ?? ''} and f.invoice_id is null`}
    order by f.id limit 100`);

/** Those that go with the mails about these invoices, in the order in which they were added. */
export async function readMailedFiles(
  tx: Tx,
  organizationId: string,
  invoiceIds: readonly string[],
): Promise<Map<string, FileRow[]>> {
  const rows = await tx.rows<FileRow>(sql`select ${columns} from files f
    where f.organization_id = ${organizationId} and f.invoice_id = any(${[...invoiceIds]}::text[])
      and f.goes_with_mail order by f.id`);
  return Map.groupBy(rows, ({ invoiceId }) => invoiceId ?? '');
}

/**
 * Always handed over as a file, whatever it is: it was not made by us. Its bytes are read by whoever may read
 * it, and only once they are wanted.
 */
export const fileReply = (
  { db, actor, organizationId }: { db: Database; actor: Actor; organizationId: string },
  file: FileRow,
): FileReply => ({
  contentType: file.contentType,
  fileName: file.fileName,
  version: file.hash,
  inPlace: false,
  render: async () => {
    const kept = await db.transaction(actor, (tx) =>
      tx.row<{ bytes: Buffer }>(sql`select bytes from file_bytes
        where organization_id = ${organizationId} and file_id = ${file.id}`),
    );
    if (!kept) throw notFound('file', file.id);
    return kept.bytes;
  },
});
