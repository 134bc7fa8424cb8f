import { createHash } from 'node:crypto';
import { ZipWriter } from '@zip.js/zip.js';

export type ManifestEntry = { name: string; bytes: number; sha256: string; rows?: number };

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

  async function add(
    wanted: string,
    pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<ManifestEntry> {
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
