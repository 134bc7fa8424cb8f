import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { secondsLater, systemNow } from '#lib/dates.ts';
import type { Scope } from '#lib/endpoint.ts';
import { newId } from '#lib/ids.ts';

export type NewDownload = {
  organizationId: string;
  fileName: string;
  /** Who fetches it needs all of these. */
  scopes: readonly Scope[];
  expiresAt: Date;
};

/** A file to be, without a byte yet. */
export async function openDownload(tx: Tx, input: NewDownload, now: Date): Promise<string> {
  const id = newId('download');
  await tx.run(sql`insert into downloads (organization_id, id, file_name, scopes, made_at, touched_at, expires_at)
    values (${input.organizationId}, ${id}, ${input.fileName}, ${[...input.scopes]}, ${now}, ${systemNow()},
      ${input.expiresAt})`);
  return id;
}

const partSize = 1024 * 1024;

type Target = { db: Database; actor: Actor; organizationId: string; downloadId: string };

/**
 * Takes the bytes of a file as they are made and keeps them part by part, each in a transaction of its own:
 * it holds one part, however long the file becomes.
 */
export function downloadWriter(target: Target) {
  const hash = createHash('sha256');
  const waiting: Uint8Array[] = [];
  let held = 0;
  let parts = 0;
  let size = 0;
  const keep = async (): Promise<void> => {
    const bytes = Buffer.concat(waiting.splice(0));
    held = 0;
    parts += 1;
    const { organizationId, downloadId } = target;
    await target.db.transaction(target.actor, async (tx) => {
      await tx.run(sql`insert into download_parts (organization_id, download_id, part_no, bytes)
        values (${organizationId}, ${downloadId}, ${parts}, ${bytes})`);
      await touchDownload(tx, organizationId, downloadId);
    });
  };
  const write = async (bytes: Uint8Array): Promise<void> => {
    hash.update(bytes);
    waiting.push(bytes);
    size += bytes.byteLength;
    held += bytes.byteLength;
    if (held >= partSize) await keep();
  };
  return {
    write,
    /** Keeps what is left, and says how long it was and what its hash is. */
    end: async (): Promise<{ size: number; hash: string }> => {
      if (held > 0) await keep();
      return { size, hash: hash.digest('hex') };
    },
  };
}

/** Whoever makes it is at work. */
export const touchDownload = (tx: Tx, organizationId: string, downloadId: string): Promise<number> =>
  tx.run(sql`update downloads set touched_at = ${systemNow()}
    where organization_id = ${organizationId} and id = ${downloadId}`);

/** A job that lasts is given to a second worker after a while; a file that has two writers has none. */
export const restsBeforeAnother_s = 120;
export async function hasWriter(tx: Tx, organizationId: string, downloadId: string): Promise<boolean> {
  const since = secondsLater(systemNow(), -restsBeforeAnother_s);
  const row = await tx.row(sql`select 1 as busy from downloads where organization_id = ${organizationId}
    and id = ${downloadId} and touched_at > ${since}`);
  return row !== undefined;
}

/** From now on it can be fetched. */
export async function finishDownload(
  tx: Tx,
  input: { organizationId: string; downloadId: string; size: number; hash: string },
  now: Date,
): Promise<void> {
  await tx.run(sql`update downloads set size_bytes = ${input.size}, hash = ${input.hash}, ready_at = ${now}
    where organization_id = ${input.organizationId} and id = ${input.downloadId}`);
}

/** Of work that began anew or was given up. */
export const dropDownload = (tx: Tx, organizationId: string, downloadId: string): Promise<number> =>
  tx.run(sql`delete from downloads where organization_id = ${organizationId} and id = ${downloadId}`);
