import { BlobReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { presentDataExport } from '#features/data-exports/queries.ts';
import { startDataExport } from '#features/data-exports/start-data-export.ts';
import { workDataExport } from '#features/data-exports/work-data-export.ts';
import { bytesOfDownload } from '#features/downloads/read-download.ts';
import { must } from '#lib/errors.ts';
import { makings } from './bulk-actions.ts';
import type { Books } from './given.ts';

type Wish = { withFiles?: boolean; withPdfs?: boolean };
type Whose = Pick<Books, 'db' | 'organizationId' | 'now' | 'actor'>;

export async function startExport(books: Whose, wish: Wish = {}): Promise<string> {
  const ask = { organizationId: books.organizationId, withFiles: false, withPdfs: false, ...wish };
  const { exportId } = await books.db.transaction(books.actor, (tx) =>
    startDataExport(tx, books.actor, ask, books.now),
  );
  return exportId;
}

export const exportOf = (books: Whose, exportId: string): Promise<void> =>
  workDataExport(
    { db: books.db, ...makings },
    { organizationId: books.organizationId, exportId },
    () => books.now,
  );

/** The whole way: asked for, made, fetched and unpacked. */
export async function exported(books: Whose, wish: Wish = {}) {
  const exportId = await startExport(books, wish);
  await exportOf(books, exportId);
  const shown = await books.db.transaction(books.actor, (tx) =>
    presentDataExport(tx, books.organizationId, exportId),
  );
  const downloadId = must(shown.download, 'the archive').id;
  const parts: Uint8Array[] = [];
  const one = { organizationId: books.organizationId, downloadId };
  for await (const part of bytesOfDownload(books.db, books.actor, one)) parts.push(part);
  const bytes = new Uint8Array(Buffer.concat(parts));
  return { shown, bytes, archive: await unpack(bytes) };
}

export async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<Map<string, Uint8Array>> {
  const entries = await new ZipReader(new BlobReader(new Blob([bytes]))).getEntries();
  const files = new Map<string, Uint8Array>();
  for (const entry of entries)
    if (!entry.directory) files.set(entry.filename, await entry.getData(new Uint8ArrayWriter()));
  return files;
}

export const textOf = (archive: ReadonlyMap<string, Uint8Array>, name: string): string =>
  Buffer.from(must(archive.get(name), name)).toString('utf8');
