import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { About } from '#features/files/change-files.ts';
import { must, notFound } from '#lib/errors.ts';
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
  createdAt: Date;
};

const columns = sql.raw(`f.id, f.customer_id, f.invoice_id, f.file_name, f.content_type, f.size_bytes, f.hash,
  f.customer_sees, f.created_at`);

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

/** All of an organization, in the order they came. */
export const readFilesAfter = (
  tx: Tx,
  organizationId: string,
  page: { after: string; limit: number },
): Promise<FileRow[]> =>
  tx.rows<FileRow>(sql`select ${columns} from files f where f.organization_id = ${organizationId}
    and f.id > ${page.after} order by f.id limit ${page.limit}`);

/** Always handed over as a file, whatever it is: it was not made by us. */
export async function fileContent(tx: Tx, organizationId: string, id: string): Promise<FileReply> {
  const file = await readFile(tx, organizationId, id);
  const kept = await tx.row<{ bytes: Buffer }>(sql`select bytes from file_bytes
    where organization_id = ${organizationId} and file_id = ${id}`);
  const { bytes } = must(kept, 'the bytes of the file');
  return {
    contentType: file.contentType,
    fileName: file.fileName,
    version: file.hash,
    inPlace: false,
    render: async () => bytes,
  };
}
