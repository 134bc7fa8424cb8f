import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Format } from '#features/downloads/list-file.ts';
import type { ListName } from '#features/downloads/list-name-rules.ts';
import { type DownloadRow, presentDownload } from '#features/downloads/read-download.ts';
import type { Scope } from '#lib/endpoint.ts';
import { notFound } from '#lib/errors.ts';

export type ListFileRow = {
  id: string;
  list: ListName;
  format: Format;
  search: Record<string, string>;
  chosen: string[] | null;
  scope: Scope;
  held: string[];
  state: 'running' | 'done' | 'cancelled' | 'failed';
  tries: number;
  rowsDone: bigint;
  userId: string | null;
  askedBy: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  downloadId: string | null;
};

const columns =
  sql.raw(`x.id, x.list, x.format, x.search, x.chosen, x.scope, x.held, x.state, x.tries, x.rows_done, x.user_id,
  staff_name(x.user_id) as asked_by, x.created_at, x.finished_at, x.download_id`);

export async function readListFile(
  tx: Tx,
  organizationId: string,
  id: string,
  lock = false,
): Promise<ListFileRow> {
  const row = await tx.row<ListFileRow>(sql`select ${columns} from list_files x
    where x.organization_id = ${organizationId} and x.id = ${id} ${lock ? sql`for no key update` : sql``}`);
  if (!row) throw notFound('list file', id);
  return row;
}

async function present(tx: Tx, organizationId: string, rows: readonly ListFileRow[]) {
  const ids = rows.flatMap(({ downloadId }) => downloadId ?? []);
  const found =
    await tx.rows<DownloadRow>(sql`select id, file_name, scopes, size_bytes, hash, ready_at, expires_at
    from downloads where organization_id = ${organizationId} and id = any(${ids}) and ready_at is not null`);
  const downloads = new Map(found.map((row) => [row.id, row]));
  return rows.map((row) => {
    const download = downloads.get(row.downloadId ?? '');
    return {
      object: 'list_file' as const,
      id: row.id,
      list: row.list,
      format: row.format,
      state: row.state,
      rows_done: Number(row.rowsDone),
      chosen: row.chosen?.length ?? null,
      asked_by: row.askedBy,
      created_at: row.createdAt,
      finished_at: row.finishedAt,
      download: download ? presentDownload(download) : null,
    };
  });
}

export async function presentListFile(tx: Tx, organizationId: string, id: string) {
  const [shown] = await present(tx, organizationId, [await readListFile(tx, organizationId, id)]);
  if (!shown) throw notFound('list file', id);
  return shown;
}

type Page = { limit: number; startingAfter?: string | undefined };

/** Those of lists that the reader may read. */
export async function listListFiles(
  tx: Tx,
  organizationId: string,
  held: ReadonlySet<string>,
  { limit, startingAfter }: Page,
) {
  const rows = await tx.list<ListFileRow>(sql`select ${columns} from list_files x
    where x.organization_id = ${organizationId} and x.scope = any(${[...held]}::text[])
      ${startingAfter ? sql`and x.id < ${startingAfter}` : sql``} order by x.id desc limit ${limit + 1}`);
  const data = await present(tx, organizationId, rows.slice(0, limit));
  return { object: 'list' as const, data, has_more: rows.length > limit };
}
