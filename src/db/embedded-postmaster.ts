/** What postmaster.pid says, and whether it is still true. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type Postmaster = { pid: number; port: number; socketDir: string; status: string };

/** Marks our servers on their command line, which PostgreSQL keeps in postmaster.opts. */
export const ourMark = 'owed-embedded';

const pidFileOf = (cluster: string) => path.join(cluster, 'postmaster.pid');

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Lines: pid, directory, start time, port, socket directory, listen address, shared memory, status. */
function readPidFile(cluster: string): Postmaster | undefined {
  const lines = readText(pidFileOf(cluster))?.split('\n');
  const pid = Number(lines?.[0]);
  if (!lines || !Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3]), socketDir: lines[4] ?? '', status: lines[7]?.trim() ?? '' };
}

/**
 * The server that runs on this cluster, in whatever state; undefined when postmaster.pid is absent or stale.
 */
export function findPostmaster(cluster: string): Postmaster | undefined {
  const found = readPidFile(cluster);
  return found && servesCluster(found.pid, cluster) ? found : undefined;
}

/** A live pid is not enough: after a crash the number may be anybody's, and in a container it soon is. */
export function servesCluster(pid: number, cluster: string): boolean {
  if (!existsSync('/proc/self/cmdline')) {
    const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return /(^|\/)(postgres|postmaster) /.test(stdout) && stdout.includes(cluster);
  }
  const words = readText(`/proc/${pid}/cmdline`)?.split('\0') ?? [];
  if (!['postgres', 'postmaster'].includes(path.basename(words[0] ?? ''))) return false;
  return words.includes(cluster) || workingDirectory(pid) === cluster;
}

/** A server that somebody started by hand may have got a relative path. */
function workingDirectory(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined; // gone meanwhile, another user's, or no /proc
  }
}

export function startedByOwed(cluster: string): boolean {
  return readText(path.join(cluster, 'postmaster.opts'))?.includes(ourMark) ?? false;
}

/** False when it still runs after that time. */
export async function waitUntilGone(pid: number, cluster: string, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (servesCluster(pid, cluster)) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/**
 * PostgreSQL refuses to start while the pid in a stale postmaster.pid is alive, whoever that is now. The file
 * is not deleted but given a pid that cannot exist: it also names the shared memory of the dead server,
 * through which PostgreSQL notices that a backend of it is still writing. The caller holds the owner lock.
 */
export function forgetStalePid(cluster: string): void {
  const file = pidFileOf(cluster);
  const text = readText(file);
  const found = readPidFile(cluster);
  if (text === undefined || (found && servesCluster(found.pid, cluster))) return;
  const impossible = 2 ** 31 - 2; // Linux's pids end at 2^22, macOS's at 99,998
  const rest = text.split('\n').slice(1);
  const owner = statSync(file);
  const next = `${file}.new`;
  writeFileSync(next, [impossible, ...rest].join('\n'));
  chmodSync(next, 0o600);
  chownSync(next, owner.uid, owner.gid);
  renameSync(next, file);
}
