/** Makes a cluster, and runs PostgreSQL on it as our child. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { totalmem } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './embedded-account.ts';
import { giveTo } from './embedded-account.ts';
import type { Binaries } from './embedded-binaries.ts';
import type { Places } from './embedded-places.ts';
import { findPostmaster, ourMark } from './embedded-postmaster.ts';

export type Launch = { places: Places; account: Account; binaries: Binaries; durable: boolean };

export const port = 5432;

/** Replaying the log after a crash may take minutes; a server that says nothing for longer is stuck. */
const readyWithin = 300_000;
/** Backends outlive a killed postmaster by a moment, and it is right that PostgreSQL waits for them. */
const busyWithin = 30_000;

function run(launch: Launch, command: string[], stderr: number | 'pipe'): ChildProcess {
  const [file = '', ...rest] = [...launch.account.prefix, ...command];
  // A session of its own: Ctrl-C in a terminal goes to the whole foreground group, and the database must
  // outlive the requests that the server is still finishing.
  return spawn(file, rest, {
    cwd: launch.places.dataDir,
    detached: true,
    stdio: ['ignore', 'ignore', stderr],
    ...launch.account.ids,
  });
}

/**
 * Once per data directory. Made aside and renamed, so that a kill in the middle leaves nothing that looks
 * finished.
 */
export async function createCluster(launch: Launch): Promise<void> {
  const { places, account, binaries, durable } = launch;
  if (existsSync(path.join(places.cluster, 'PG_VERSION'))) return;
  removeHalfMade(places);
  const half = `${places.cluster}.new-${randomBytes(4).toString('hex')}`;
  mkdirSync(half, { mode: 0o700 });
  giveTo(account, half);
  const locale = `--locale=${process.platform === 'darwin' ? 'C' : 'C.UTF-8'}`;
  // From 17 PostgreSQL has C.UTF-8 itself: sorts by bytes without the system's library, whose updates break
  // indexes.
  const provider = binaries.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
  const child = run(
    launch,
    [
      ...[binaries.initdb, '-D', half, '-U', 'postgres', '--encoding=UTF8', locale, ...provider],
      ...['--auth-local=trust', '--auth-host=reject', '--data-checksums', '--no-instructions'],
      ...(durable ? [] : ['--no-sync']),
    ],
    'pipe',
  );
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  if ((await ended(child)) !== 0) {
    removeHalfMade(places);
    throw new Error(`PostgreSQL could not make its data directory in ${places.dataDir}: ${said.trim()}`);
  }
  renameSync(half, places.cluster);
  if (durable) syncDirectory(places.dataDir);
}

function removeHalfMade(places: Places): void {
  for (const name of readdirSync(places.dataDir)) {
    if (!name.startsWith('cluster.new-')) continue;
    try {
      rmSync(path.join(places.dataDir, name), { recursive: true, force: true });
    } catch {
      // The initdb of a killed start is itself cleaning up there: the next first start takes what is left.
    }
  }
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** The exit code; a spawn that fails rejects. */
function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

/** Starts the server and waits until it accepts connections. */
export async function launchServer(launch: Launch): Promise<ChildProcess> {
  const deadline = performance.now() + busyWithin;
  for (;;) {
    const child = spawnServer(launch);
    if (await isReady(child, launch.places)) return child;
    const said = lastWords(launch.places);
    const busy = /pre-existing shared memory block|lock file .* already exists/.test(said);
    if (!busy || performance.now() > deadline) {
      throw new Error(`PostgreSQL did not start on ${launch.places.dataDir}. It said:\n${said}`);
    }
    await sleep(100);
  }
}

function spawnServer(launch: Launch): ChildProcess {
  const { places, binaries } = launch;
  const settings = Object.entries(settingsOf(launch)).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(places.startupLog, 'w', 0o600);
  try {
    return run(launch, [binaries.postgres, '-D', places.cluster, ...settings], log);
  } finally {
    closeSync(log); // the child has its own descriptor
  }
}

/** False when it ended instead. */
async function isReady(child: ChildProcess, places: Places): Promise<boolean> {
  const deadline = performance.now() + readyWithin;
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  for (;;) {
    if (failure) throw failure;
    if (child.exitCode !== null || child.signalCode !== null) return false;
    const found = findPostmaster(places.cluster);
    if (found?.pid === child.pid && found?.status === 'ready') return true;
    if (performance.now() > deadline) {
      child.kill('SIGINT');
      throw new Error(`PostgreSQL on ${places.dataDir} was not ready after ${readyWithin / 1000} s.`);
    }
    await sleep(10);
  }
}

function lastWords(places: Places): string {
  const directory = path.join(places.cluster, 'log');
  const logs = existsSync(directory) ? readdirSync(directory).map((name) => path.join(directory, name)) : [];
  return [places.startupLog, ...logs].map((file) => readFileSync(file, 'utf8').slice(-2000)).join('\n');
}

const mebibyte = 1024 * 1024;

/**
 * An eighth of the machine's memory, or of what this process may have of it: pages of indexes that many
 * payments have made large are then found here. Unused, it is not taken from the machine.
 */
function buffers_mb(): number {
  const limit = process.constrainedMemory();
  const memory = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return Math.min(4096, Math.max(256, Math.floor(memory / mebibyte / 8)));
}

/** For a small to middling machine. On the command line, where a new release of Owed can change them. */
function settingsOf({ places, durable }: Launch): Record<string, string | number> {
  const kind = durable
    ? // This build knows only pglz, which costs a busy server more than the bytes it saves.
      { shared_buffers: `${buffers_mb()}MB`, wal_compression: 'off' }
    : { shared_buffers: '128MB', fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  return {
    cluster_name: ourMark,
    // No network at all: the socket's directory, closed to other users, is the authentication.
    listen_addresses: '',
    unix_socket_directories: places.socketDir,
    unix_socket_permissions: '0700',
    port,
    max_connections: 100,
    ...kind,
    work_mem: '8MB',
    maintenance_work_mem: '128MB',
    random_page_cost: 1.1,
    // Compiling a plan costs more than our short statements do.
    jit: 'off',
    checkpoint_timeout: '10min',
    max_wal_size: '2GB',
    TimeZone: 'UTC',
    log_timezone: 'UTC',
    // A week of files, each overwritten when its day comes again.
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'postgresql-%a.log',
    log_rotation_age: '1d',
    log_rotation_size: 0,
    log_truncate_on_rotation: 'on',
    log_checkpoints: 'off',
    // Without DETAIL, which quotes the rows: names and addresses of customers do not belong into a log.
    log_error_verbosity: 'terse',
  };
}
