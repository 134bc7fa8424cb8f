import { sql } from 'kysely';
import { type Actor, type Database, systemActor, type Tx } from '#db/db.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { scopesOf } from '#lib/roles.ts';

export type DownloadRow = {
  id: string;
  fileName: string;
  scopes: string[];
  sizeBytes: bigint;
  hash: string;
  readyAt: Date | null;
  expiresAt: Date;
};

export async function readDownload(tx: Tx, organizationId: string, id: string): Promise<DownloadRow> {
  const row =
    await tx.row<DownloadRow>(sql`select id, file_name, scopes, size_bytes, hash, ready_at, expires_at
    from downloads where organization_id = ${organizationId} and id = ${id}`);
  if (!row?.readyAt) throw notFound('download', id);
  return row;
}

export const presentDownload = ({ id, fileName, sizeBytes, hash, expiresAt }: DownloadRow) => ({
  id,
  file_name: fileName,
  size_bytes: Number(sizeBytes),
  sha256: hash,
  expires_at: expiresAt,
});

/** Whoever may not read what is in it may not fetch it either. */
export function refuseReader(actor: Actor, download: DownloadRow, now: Date): void {
  const held = actor.kind === 'user' || actor.kind === 'api_key' ? scopesOf(actor) : new Set<string>();
  const lacking = download.scopes.filter((scope) => !held.has(scope));
  if (lacking.length > 0)
    throw new Refusal('forbidden', `This file holds what needs the permission ${lacking.join(', ')}.`);
  if (download.expiresAt <= now)
    throw new Refusal('link_expired', 'This file was kept until its day and is gone. Have it made again.');
}

/** The file, a part at a time: a slow reader holds no transaction open. */
export async function* bytesOfDownload(
  db: Database,
  actor: Actor,
  { organizationId, downloadId }: { organizationId: string; downloadId: string },
): AsyncGenerator<Uint8Array> {
  for (let part = 1; ; part += 1) {
    const row = await db.transaction(actor, (tx) =>
      tx.row<{ bytes: Buffer }>(sql`select bytes from download_parts where organization_id = ${organizationId}
        and download_id = ${downloadId} and part_no = ${part}`),
    );
    if (!row) return;
    yield row.bytes;
  }
}

/** Forget files whose day has passed, and those that nobody finished. */
export async function sweepDownloads(db: Database, now: Date): Promise<number> {
  let gone = 0;
  for (;;) {
    const some = await db.transaction(systemActor('sweep'), (tx) =>
      tx.run(sql`delete from downloads where (organization_id, id) in (
        select organization_id, id from downloads where expires_at < ${now} limit 20)`),
    );
    gone += some;
    if (some === 0) return gone;
  }
}
