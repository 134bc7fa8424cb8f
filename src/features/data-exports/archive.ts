import { createHash } from 'node:crypto';
import { configure, ZipWriter } from '@zip.js/zip.js';

export type ManifestEntry = { name: string; bytes: number; sha256: string; rows?: number };
type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

// Entries under way in the whole process; by default as many as it has processors, and an archive inside an
// archive would wait for ever for the one that it is an entry of.
configure({ maxWorkers: 1000 });

/** A folder that has more files than this goes on in archives of its own: what is open is kept in memory. */
const mostFiles = 2000;

/**
 * A ZIP archive that is written as it is made, in the form that has no limit of size: it holds one piece of
 * one entry. Each entry is counted and hashed on its way, and the manifest names them all.
 */
export function archiveTo(write: (bytes: Uint8Array) => Promise<void>) {
  const zip = new ZipWriter(new WritableStream({ write }), { useWebWorkers: false, zip64: true });
  const manifest: ManifestEntry[] = [];
  const names = new Set<string>();

  /** Two files of one name are told apart. */
  function freeName(name: string): string {
    let free = name;
    for (let no = 2; names.has(free.toLowerCase()); no += 1) {
      const dot = name.lastIndexOf('.');
      free =
        dot > name.lastIndexOf('/') ? `${name.slice(0, dot)} (${no})${name.slice(dot)}` : `${name} (${no})`;
    }
    names.add(free.toLowerCase());
    return free;
  }

  async function add(wanted: string, pieces: Pieces): Promise<ManifestEntry> {
    const hash = createHash('sha256');
    let bytes = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const piece of pieces) {
        hash.update(piece);
        bytes += piece.byteLength;
        yield piece;
      }
    }
    const name = freeName(wanted);
    await zip.add(name, streamOf(counted()));
    const entry = { name, bytes, sha256: hash.digest('hex') };
    manifest.push(entry);
    return entry;
  }
  return { add, manifest, close: () => zip.close() };
}

/** Pulled as it is read: no piece is made before the one before it has gone. */
const streamOf = (pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> =>
  new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });

export type Archive = ReturnType<typeof archiveTo>;

/** One more archive inside the archive, as an entry that grows with what is added to it. */
function partOf(archive: Archive, name: string) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const written = archive.add(name, readable);
  // Awaited when the part is closed; until then its failure is one of every write.
  written.catch((error: unknown) => writer.abort(error).catch(() => undefined));
  const part = archiveTo((bytes) => writer.write(bytes));
  return {
    add: part.add,
    async close(): Promise<void> {
      await part.add('manifest.json', [manifestOf({ files: part.manifest })]);
      await part.close();
      await writer.close();
      await written;
    },
  };
}

export const manifestOf = (manifest: object): Uint8Array =>
  Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);

/**
 * A folder of the archive. While one is open nothing else is added to the archive: beyond so many files it
 * goes on in `NAME-2.zip`, `NAME-3.zip`, each with the next ones under the names that they would have here.
 */
export function folderIn(archive: Archive, name: string, most = mostFiles) {
  let count = 0;
  let part: ReturnType<typeof partOf> | undefined;
  return {
    async add(path: string, pieces: Pieces): Promise<ManifestEntry> {
      if (count > 0 && count % most === 0) {
        await part?.close();
        part = partOf(archive, `${name}-${count / most + 1}.zip`);
      }
      count += 1;
      return (part ?? archive).add(`${name}/${path}`, pieces);
    },
    close: async (): Promise<void> => part?.close(),
  };
}

export type Folder = ReturnType<typeof folderIn>;
