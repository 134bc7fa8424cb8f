/**
 * A lock between processes that the kernel drops when its holder dies, however it dies.
 *
 * Node has no flock. A pid file lies after a kill -9 once the pid is reused (in a container: at every
 * restart); a listening socket leaves a file that two starters can both "clean up"; an advisory lock in
 * PostgreSQL needs the PostgreSQL that we are about to start. SQLite, which Node carries, takes a POSIX
 * byte-range lock on its file on every system: nothing to clean up, no pid to trust, and it also holds
 * between two containers that share a disk. The file stays empty; only its lock is used.
 *
 * Trap: a process loses its POSIX locks on a file when it closes ANY descriptor of that file. So never read
 * or copy the *.lock files from inside the server (a backup copies `cluster/`, which has none of them).
 */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

export type FileLock = { release(): void };

/** Keeps held locks reachable: the collector would close a forgotten handle, and with it drop the lock. */
const held = new Set<DatabaseSync>();

const sqliteBusy = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
}

/** Opens the file and runs one statement that takes a lock; undefined when another holder is in the way. */
function openLocked(file: string, statement: string): DatabaseSync | undefined {
  const handle = new DatabaseSync(file, { timeout: 0 });
  try {
    handle.exec(statement);
    return handle;
  } catch (error) {
    handle.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

export function tryLock(file: string): FileLock | undefined {
  const handle = openLocked(file, 'begin exclusive');
  if (!handle) return undefined;
  held.add(handle);
  return {
    release() {
      if (held.delete(handle)) handle.close();
    },
  };
}

/** Undefined when the lock did not come free in time. */
export async function waitForLock(file: string, milliseconds: number): Promise<FileLock | undefined> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const lock = tryLock(file);
    if (lock || performance.now() > deadline) return lock;
    await sleep(20);
  }
}

/** Looks without taking: a shared lock, so that two onlookers never mistake each other for the holder. */
export function isLocked(file: string): boolean {
  const handle = openLocked(file, 'begin; select count(*) from sqlite_schema');
  handle?.close();
  return !handle;
}
