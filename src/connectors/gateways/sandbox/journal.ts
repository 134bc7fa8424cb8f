import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The gateway's memory on disk: one JSON line a fact, appended and never changed. Facts that arrive while one
 * sync is under way share the next one, so that many charges at once cost few syncs.
 */
export type Journal = {
  append(fact: object): void;
  /** Resolves when everything appended so far is on disk. No answer leaves before it. */
  synced(): Promise<void>;
  close(): Promise<void>;
};

export const memoryJournal: Journal = {
  append() {},
  async synced() {},
  async close() {},
};

/** Reads the facts of an earlier life into `onFact`, then stands ready for more. */
export async function openJournal(dataDir: string, onFact: (fact: unknown) => void): Promise<Journal> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = await open(join(dataDir, 'journal.jsonl'), 'a+', 0o600);
  await replay(file, onFact);
  let waiting: string[] = [];
  let writing: Promise<void> = Promise.resolve();
  let scheduled: Promise<void> | undefined;

  async function flush(): Promise<void> {
    scheduled = undefined;
    const lines = waiting.join('');
    waiting = [];
    await file.appendFile(lines);
    await file.datasync();
  }

  return {
    append(fact) {
      waiting.push(`${JSON.stringify(fact)}\n`);
      // A failed write rejects every later one as well: a gateway that cannot remember must not answer.
      if (scheduled) return;
      scheduled = writing = writing.then(flush);
      // Whoever waits on synced() is told of the failure; a fact that nobody waits for must not end the
      // process.
      scheduled.catch(() => {});
    },
    synced: () => writing,
    async close() {
      await writing.finally(() => file.close());
    },
  };
}

async function replay(file: FileHandle, onFact: (fact: unknown) => void): Promise<void> {
  const { size: size_bytes } = await file.stat();
  const chunk = Buffer.alloc(1 << 20);
  let rest = Buffer.alloc(0);
  for (let at = 0; at < size_bytes; ) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) break;
    at += bytesRead;
    const seen = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    const end = seen.lastIndexOf(10) + 1;
    for (const line of seen.toString('utf8', 0, end).split('\n')) if (line !== '') onFact(JSON.parse(line));
    rest = seen.subarray(end);
  }
  // Killed in the middle of a line: nobody was told of that fact, so it did not happen.
  if (rest.length > 0) await file.truncate(size_bytes - rest.length);
}
