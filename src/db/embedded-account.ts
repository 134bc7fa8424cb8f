/**
 * Under which account PostgreSQL runs, and how it learns that we died.
 *
 * PostgreSQL refuses to run as root, and the checkout may lie where no other user can read (/root, mode 700).
 * In a user namespace of its own the process sees itself as uid 65534 while its files stay root's, so both
 * are content. Where the kernel or a container's seccomp refuses namespaces, root's data is handed to uid
 * 65534.
 *
 * `setpriv --pdeathsig INT` makes the kernel send SIGINT (PostgreSQL's fast shutdown) when we die, even by
 * kill -9. The kernel watches the THREAD that spawned: call startEmbedded from the main thread, not from a
 * worker that ends.
 */
import { spawnSync } from 'node:child_process';
import { chownSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

export type Account = {
  /** Commands before the binary; each replaces itself by the next, so the pid is PostgreSQL's own. */
  prefix: string[];
  /** Set when root gives the process to another user. */
  ids?: { uid: number; gid: number };
};

const nobody = { uid: 65534, gid: 65534 };
const watched = ['setpriv', '--pdeathsig', 'INT'];

function works(command: string[], ids: Account['ids']): boolean {
  const [file = '', ...rest] = command;
  return spawnSync(file, rest, { stdio: 'ignore', ...ids }).status === 0;
}

/** The first prefix that works here. Older setpriv and BusyBox know no pdeathsig; macOS has no setpriv. */
function firstWorking(prefixes: string[][], ids?: Account['ids']): string[] | undefined {
  return prefixes.find((prefix) => prefix.length === 0 || works([...prefix, 'true'], ids));
}

/** Prefers whom the data already belongs to, so that a directory never changes hands without need. */
export function chooseAccount(dataDir: string): Account {
  const owner = statSync(dataDir);
  if (process.getuid?.() !== 0) return { prefix: firstWorking([watched, []]) ?? [] };
  if (owner.uid !== 0) {
    const ids = { uid: owner.uid, gid: owner.gid };
    return { prefix: firstWorking([watched, []], ids) ?? [], ids };
  }
  const namespace = firstWorking([
    ['unshare', '--user', ...watched],
    ['unshare', '--user'],
  ]);
  if (namespace) return { prefix: namespace };
  return { prefix: firstWorking([watched, []], nobody) ?? [], ids: nobody };
}

/** What we made as root and the server must be able to write. Only safe while no server runs on it. */
export function giveTo(account: Account, target: string): void {
  if (!account.ids || statSync(target).uid === account.ids.uid) return;
  const done = spawnSync('chown', ['-R', `${account.ids.uid}:${account.ids.gid}`, target], {
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`Cannot give ${target} to uid ${account.ids.uid}: ${done.stderr}`);
}

/** With the files directly in it, which we go on making as root: its owner may start Owed alone one day. */
export function giveDataDir(account: Account, dataDir: string): void {
  if (!account.ids) return;
  giveTo(account, dataDir);
  for (const entry of readdirSync(dataDir, { withFileTypes: true })) {
    if (entry.isFile()) chownSync(path.join(dataDir, entry.name), account.ids.uid, account.ids.gid);
  }
}

/** May it enter the folder, or run the file? The kernel knows; modes and capabilities are a maze. */
export function canReach(account: Account, target: string): boolean {
  return works([...account.prefix, 'test', '-x', target], account.ids);
}

export function requireReachable(account: Account, dataDir: string): void {
  if (canReach(account, path.dirname(dataDir))) return;
  throw new Error(
    'PostgreSQL does not run as root, and the unprivileged account that it must use here cannot reach ' +
      `${dataDir}: a folder above it is closed to other users. Start Owed as an ordinary user, put the ` +
      'data directory elsewhere (for example under /var/lib/owed), or set ' +
      'DATABASE_URL to a PostgreSQL that you run.',
  );
}
