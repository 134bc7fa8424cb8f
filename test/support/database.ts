import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { type Database, openDatabase } from '#db/db.ts';
import { type EmbeddedServer, startEmbedded } from '#db/embedded.ts';
import { migrate } from '#db/migrate.ts';

export type TestDatabase = { db: Database; config: pg.PoolConfig };

let shared: Promise<TestDatabase> | undefined;

/**
 * The one database of a test run. `npm test` starts a server and names it in OWED_TEST_DATABASE; a test file that is
 * run by itself starts its own. DATABASE_URL runs the same tests on a PostgreSQL of the caller's.
 */
export function testDatabase(): Promise<TestDatabase> {
  shared ??= open();
  return shared;
}

async function open(): Promise<TestDatabase> {
  const given = process.env.OWED_TEST_DATABASE ?? process.env.DATABASE_URL;
  const config: pg.PoolConfig = given ? await freshDatabase(given) : await ownServer();
  if (!given || !process.env.OWED_TEST_TEMPLATE) await migrate(config);
  const db = openDatabase({ ...config, max: 16, allowExitOnIdle: true });
  return { db, config };
}

/** How the databases of this run are called, whichever process makes them. */
export const databasesOfRun = (): string => `owed_test_${process.env.OWED_TEST_RUN ?? 'alone'}_`;

/** The tables, made once; each process of the run then copies them. */
export async function makeTemplate(url: string): Promise<string> {
  const name = `${databasesOfRun()}template`;
  await migrate(await createDatabase(url, name));
  return name;
}

let made = 0;
/** A database of this process's own on a given server, so that files which share it never meet. */
function freshDatabase(url: string): Promise<pg.PoolConfig> {
  made += 1;
  const name = `${databasesOfRun()}${process.pid}_${process.hrtime.bigint() % 1_000_000n}_${made}`;
  return createDatabase(url, name, process.env.OWED_TEST_TEMPLATE);
}

async function createDatabase(url: string, name: string, template?: string): Promise<pg.PoolConfig> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${name}${template ? ` template ${template}` : ''}`);
  await client.end();
  // Not by URL: an address of a socket has no host, which URL refuses.
  return { connectionString: url.replace(/^(\w+:\/\/[^/]*\/)[^?]*/, `$1${name}`) };
}

async function ownServer(): Promise<pg.PoolConfig> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'owed-test-'));
  const server: EmbeddedServer = await startEmbedded({ dataDir, durable: false });
  process.once('exit', () => {
    try {
      process.kill(server.pid, 'SIGINT');
    } catch {
      // already gone
    }
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { ...server.connection };
}
