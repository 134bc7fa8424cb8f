/** Where everything of one embedded server lives. */
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Account } from './embedded-account.ts';

/**
 * `dataDir` holds more than PostgreSQL's own directory (`cluster`), so that initdb can work in a sibling and
 * be renamed into place even when dataDir is a mount point, and so that the locks travel with the data.
 */
export type Places = {
  dataDir: string;
  cluster: string;
  /** Held by the Owed server while it runs. */
  serverLock: string;
  serverPid: string;
  /** Held by the process whose child the running PostgreSQL is. */
  ownerLock: string;
  /** Held while somebody starts: one at a time. */
  startLock: string;
  /** What PostgreSQL says before its own log (in cluster/log) is open; rewritten at every start. */
  startupLog: string;
  socketDir: string;
};

/** Every path is derived from the real path, so that a symlink and its target are one directory. */
function placesOf(realDataDir: string): Places {
  const at = (name: string) => path.join(realDataDir, name);
  return {
    dataDir: realDataDir,
    cluster: at('cluster'),
    serverLock: at('server.lock'),
    serverPid: at('server.pid'),
    ownerLock: at('postgres.lock'),
    startLock: at('start.lock'),
    startupLog: at('startup.log'),
    socketDir: socketDirOf(realDataDir),
  };
}

export function createPlaces(dataDir: string): Places {
  // Only the last folder is private: the account that PostgreSQL runs under must pass through those above.
  mkdirSync(path.dirname(path.resolve(dataDir)), { recursive: true });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const real = realpathSync(dataDir);
  const us = process.getuid?.();
  const owner = statSync(real).uid;
  if (us && owner !== us) {
    throw new Error(
      `The data directory ${real} belongs to uid ${owner}, and this process is uid ${us}. Start Owed as ` +
        `its owner, or give the directory away: sudo chown -R ${us} ${real}`,
    );
  }
  return placesOf(real);
}

/** Undefined where nothing was ever started. */
export function findPlaces(dataDir: string): Places | undefined {
  try {
    return placesOf(realpathSync(dataDir));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A Unix socket's path may have 107 bytes (103 on macOS), and the data directory's is often longer. */
function socketDirOf(realDataDir: string): string {
  const name = `owed-${createHash('sha256').update(realDataDir).digest('hex').slice(0, 16)}`;
  const inTemporary = path.join(os.tmpdir(), name);
  const longest = Buffer.byteLength(path.join(inTemporary, '.s.PGSQL.5432.lock'));
  return longest <= 103 ? inTemporary : path.join('/tmp', name);
}

/**
 * The directory is the server's only door (authentication is `trust`), and it lies where anybody may create
 * files: whoever owns it could put their own server behind our name, so one that is not ours is refused.
 */
export function createSocketDir(socketDir: string, account: Account): void {
  mkdirSync(socketDir, { recursive: true, mode: 0o700 });
  const found = lstatSync(socketDir);
  const owners = [process.getuid?.(), account.ids?.uid];
  if (!found.isDirectory() || !owners.includes(found.uid)) {
    throw new Error(
      `The socket directory ${socketDir} belongs to another user (uid ${found.uid}). Remove it, or ` +
        'set TMPDIR to a directory that only you can write.',
    );
  }
  chmodSync(socketDir, 0o700);
  if (account.ids) chownSync(socketDir, account.ids.uid, account.ids.gid);
  // Left by a killed server. PostgreSQL trusts the pid in the socket's lock file, which may be anybody's by
  // now; the owner lock, which our caller holds, proves that nobody serves here.
  for (const name of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock']) {
    rmSync(path.join(socketDir, name), { force: true });
  }
}
