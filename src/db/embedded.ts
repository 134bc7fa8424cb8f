/**
 * PostgreSQL without installing it: found in an npm package or on the system, and run as our child.
 *
 * Who may use a data directory: one Owed server (lockDataDir); one PostgreSQL, owned by the process that
 * started it; and anybody who attaches to that one while its owner lives. So a command-line tool calls
 * attachEmbedded first, and only when nothing answers takes lockDataDir and startEmbedded itself, since its
 * server ends with it.
 */
import type { ChildProcess } from 'node:child_process';
import { readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { chooseAccount, giveDataDir, requireReachable } from './embedded-account.ts';
import { findBinaries } from './embedded-binaries.ts';
import { createCluster, launchServer, port } from './embedded-launch.ts';
import type { FileLock } from './embedded-lock.ts';
import { isLocked, tryLock, waitForLock } from './embedded-lock.ts';
import type { Places } from './embedded-places.ts';
import { createPlaces, createSocketDir, findPlaces } from './embedded-places.ts';
import type { Postmaster } from './embedded-postmaster.ts';
import { findPostmaster, forgetStalePid, startedByOwed, waitUntilGone } from './embedded-postmaster.ts';

export type EmbeddedOptions = {
  dataDir: string;
  /** False only for tests: much faster, and a power failure may lose everything. */
  durable: boolean;
  log?: (line: string) => void;
};

export type EmbeddedServer = {
  connection: { host: string; user: string; database: string; port: number };
  url: string;
  /** False when we attached to a server that another caller owns. */
  started: boolean;
  pid: number;
  /** Stops what we started, and nothing else. */
  stop(): Promise<void>;
};

const database = 'owed';
const user = 'postgres';

/** A first start on a slow disk, by somebody else, is the longest that a start waits for its turn. */
const turnWithin = 60_000;
const goneWithin = 30_000;
const answersWithin = 30_000;

/** Attaches to the PostgreSQL that runs on this data directory, or starts one. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const places = createPlaces(options.dataDir);
  const turn = await waitForLock(places.startLock, turnWithin);
  if (!turn)
    throw new Error(`For a minute another process has been starting PostgreSQL on ${places.dataDir}.`);
  try {
    await endOrphan(places, options.log);
    return (await attach(places)) ?? (await launch(places, options));
  } finally {
    turn.release();
  }
}

/** The running PostgreSQL of that data directory, or undefined when there is none to rely on. */
export async function attachEmbedded(dataDir: string): Promise<EmbeddedServer | undefined> {
  const places = findPlaces(dataDir);
  return places && !isOrphan(places) ? attach(places) : undefined;
}

/** One Owed server per data directory. The lock ends with the process, even by kill -9. */
export async function lockDataDir(dataDir: string): Promise<{ release(): Promise<void> }> {
  const places = createPlaces(dataDir);
  const lock = tryLock(places.serverLock);
  if (!lock) throw new Error(alreadyRuns(places));
  writeFileSync(places.serverPid, `${process.pid}\n`, { mode: 0o600 });
  let ours = true;
  return {
    async release() {
      if (!ours) return;
      ours = false;
      rmSync(places.serverPid, { force: true });
      lock.release();
    },
  };
}

/** The pid is told for the reader's sake and decides nothing. */
function alreadyRuns(places: Places): string {
  let holder = 'of unknown pid';
  try {
    holder = `with pid ${Number.parseInt(readFileSync(places.serverPid, 'utf8'), 10)}`;
  } catch {
    // It has only just taken the lock, or is another user's.
  }
  return (
    `Owed already runs on the data directory ${places.dataDir}: the process ${holder} holds it. ` +
    'Stop that process first, or give this one another data directory.'
  );
}

/** Our server whose owner is dead: the kernel has told it to stop, or (without setpriv) nobody has. */
function isOrphan(places: Places): Postmaster | undefined {
  const running = findPostmaster(places.cluster);
  return running && startedByOwed(places.cluster) && !isLocked(places.ownerLock) ? running : undefined;
}

/** Never attach to it, even if it still answers: it is about to go, or would stay as nobody's child. */
async function endOrphan(places: Places, log?: (line: string) => void): Promise<void> {
  const orphan = isOrphan(places);
  if (!orphan) return;
  log?.(`PostgreSQL ${orphan.pid} has lost the process that started it; waiting until it has stopped`);
  try {
    process.kill(orphan.pid, 'SIGINT');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
  if (await waitUntilGone(orphan.pid, places.cluster, goneWithin)) return;
  throw new Error(
    `PostgreSQL (pid ${orphan.pid}) on ${places.dataDir} was left over by a process that died, and ` +
      `has not stopped within ${goneWithin / 1000} s. Look at its log in ${places.cluster}/log; ` +
      `"kill -QUIT ${orphan.pid}" ends it at once, and the next start recovers every committed row.`,
  );
}

/** Undefined as soon as no server runs; waits for one that is starting or stopping. */
async function attach(places: Places): Promise<EmbeddedServer | undefined> {
  const deadline = performance.now() + answersWithin;
  let refused: unknown;
  for (;;) {
    const running = findPostmaster(places.cluster);
    if (!running) return undefined;
    const connection = { host: running.socketDir, user, database, port: running.port };
    try {
      if (running.status === 'ready') {
        await createDatabase(connection);
        return { connection, url: urlOf(connection), started: false, pid: running.pid, stop: async () => {} };
      }
    } catch (error) {
      refused = error; // most likely it is just stopping, and the next look finds it gone
    }
    if (performance.now() > deadline) {
      throw new Error(
        `PostgreSQL (pid ${running.pid}) runs on ${places.dataDir} but has not answered for ` +
          `${answersWithin / 1000} s (it is "${running.status}"). Look at its log in ${places.cluster}/log.`,
        { cause: refused },
      );
    }
    await sleep(30);
  }
}

async function launch(places: Places, options: EmbeddedOptions): Promise<EmbeddedServer> {
  // Held by an owner that is just stopping; if it stays held, by one that we cannot see.
  const owner = await waitForLock(places.ownerLock, goneWithin);
  if (!owner) {
    throw new Error(
      `Another process owns the PostgreSQL of ${places.dataDir}, although none is to be seen from here: ` +
        'is it in another container? Stop it, or use another data directory.',
    );
  }
  let child: ChildProcess;
  try {
    const account = chooseAccount(places.dataDir);
    requireReachable(account, places.dataDir); // before giving: what it cannot reach would be stuck
    giveDataDir(account, places.dataDir);
    const launching = { places, account, binaries: findBinaries(places, account), durable: options.durable };
    await createCluster(launching);
    forgetStalePid(places.cluster);
    createSocketDir(places.socketDir, account);
    child = await launchServer(launching);
  } catch (error) {
    owner.release();
    throw error;
  }
  const server = own(child, places, owner, options.log);
  try {
    await createDatabase(server.connection);
  } catch (error) {
    await server.stop();
    throw error;
  }
  options.log?.(`PostgreSQL runs as pid ${server.pid} on ${places.dataDir}`);
  return server;
}

/** From here on the lock belongs to the child's life: it is released when PostgreSQL has ended, however. */
function own(
  child: ChildProcess,
  places: Places,
  owner: FileLock,
  log?: (line: string) => void,
): EmbeddedServer {
  let stopping = false;
  const gone = new Promise<void>((resolve) => {
    const end = () => {
      if (!stopping) log?.(`PostgreSQL ${child.pid} ended (${child.signalCode ?? child.exitCode})`);
      removeSocketDir(places.socketDir);
      owner.release();
      resolve();
    };
    if (child.exitCode !== null || child.signalCode !== null) end();
    else child.once('exit', end);
  });
  child.unref(); // a server is no reason for the process to stay
  const connection = { host: places.socketDir, user, database, port };
  return {
    connection,
    url: urlOf(connection),
    started: true,
    pid: child.pid ?? 0,
    async stop() {
      stopping = true;
      child.ref();
      child.kill('SIGINT'); // fast shutdown: open transactions roll back, everything committed is written
      await gone;
    },
  };
}

/** Under the owner lock, so never from under another starter's feet. */
function removeSocketDir(socketDir: string): void {
  try {
    rmdirSync(socketDir);
  } catch {
    // Not empty after a kill, or swept away by the system: the next start copes with either.
  }
}

function urlOf(connection: EmbeddedServer['connection']): string {
  const host = encodeURIComponent(connection.host);
  return `postgresql://${user}@/${database}?host=${host}&port=${connection.port}`;
}

/** It is missing on a new cluster, on one that somebody else made, and after a kill between the two steps. */
async function createDatabase(connection: EmbeddedServer['connection']): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres', connectionTimeoutMillis: 5000 });
  client.on('error', () => {}); // a server that goes away meanwhile already fails the call below
  try {
    await client.connect();
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${database}`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== '42P04' && code !== '23505') throw error; // another caller has just created it
  } finally {
    await client.end();
  }
}
