import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type DownloadRow, presentDownload } from '#features/downloads/read-download.ts';
import { notFound } from '#lib/errors.ts';

export type DataExport = {
  id: string;
  state: 'running' | 'done' | 'cancelled' | 'failed';
  tries: number;
  withFiles: boolean;
  withPdfs: boolean;
  entries: number;
  entriesDone: number;
  rowsDone: bigint;
  nowWriting: string;
  askedBy: string | null;
  userId: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  downloadId: string | null;
};

const columns =
  sql.raw(`x.id, x.state, x.tries, x.with_files, x.with_pdfs, x.entries, x.entries_done, x.rows_done, x.now_writing,
  staff_name(x.user_id) as asked_by, x.user_id, x.created_at, x.finished_at, x.download_id`);

export async function readDataExport(
  tx: Tx,
  organizationId: string,
  id: string,
  lock = false,
): Promise<DataExport> {
  const row = await tx.row<DataExport>(sql`select ${columns} from data_exports x
    where x.organization_id = ${organizationId} and x.id = ${id} ${lock ? sql`for no key update` : sql``}`);
  if (!row) throw notFound('export', id);
  return row;
}

async function present(tx: Tx, organizationId: string, rows: readonly DataExport[]) {
  const ids = rows.flatMap(({ downloadId }) => downloadId ?? []);
  const found =
    await tx.rows<DownloadRow>(sql`select id, file_name, scopes, size_bytes, hash, ready_at, expires_at
    from downloads where organization_id = ${organizationId} and id = any(${ids}) and ready_at is not null`);
  const downloads = new Map(found.map((row) => [row.id, row]));
  return rows.map((row) => {
    const download = downloads.get(row.downloadId ?? '');
    return {
      object: 'data_export' as const,
      id: row.id,
      state: row.state,
      with_files: row.withFiles,
      with_pdfs: row.withPdfs,
      entries: row.entries,
      entries_done: row.entriesDone,
      rows_done: Number(row.rowsDone),
      now_writing: row.nowWriting,
      asked_by: row.askedBy,
      created_at: row.createdAt,
      finished_at: row.finishedAt,
      download: download ? presentDownload(download) : null,
    };
  });
}

export async function presentDataExport(tx: Tx, organizationId: string, id: string) {
  const [shown] = await present(tx, organizationId, [await readDataExport(tx, organizationId, id)]);
  if (!shown) throw notFound('export', id);
  return shown;
}

export async function listDataExports(
  tx: Tx,
  organizationId: string,
  page: { limit: number; startingAfter?: string | undefined },
) {
  const rows = await tx.list<DataExport>(sql`select ${columns} from data_exports x
    where x.organization_id = ${organizationId} ${page.startingAfter ? sql`and x.id < ${page.startingAfter}` : sql``}
    order by x.id desc limit ${page.limit + 1}`);
  return {
    object: 'list' as const,
    data: await present(tx, organizationId, rows.slice(0, page.limit)),
    has_more: rows.length > page.limit,
  };
}
