import path from 'node:path';
import type pg from 'pg';
import type { Config } from '#config.ts';
import { type Database, openDatabase } from '#db/db.ts';
import { attachEmbedded, type EmbeddedServer, lockDataDir, startEmbedded } from '#db/embedded.ts';
import { migrate } from '#db/migrate.ts';

export type OpenDatabase = { db: Database; config: pg.PoolConfig; embedded: boolean; close(): Promise<void> };

/** The server's database: DATABASE_URL, or our own PostgreSQL on a data directory that no other Owed uses. */
export async function openForServer(config: Config, log: (line: string) => void): Promise<OpenDatabase> {
  if (config.databaseUrl)
    return opened({ connectionString: config.databaseUrl }, undefined, async () => undefined);
  const dataDir = path.join(config.dataDir, 'postgres');
  const lock = await lockDataDir(dataDir);
  const server = await startEmbedded({ dataDir, durable: true, log });
  return opened({ ...server.connection }, server, () => lock.release());
}

/**
 * The command line's: the running server's PostgreSQL if there is one, else our own for as long as the
 * command runs.
 */
export async function openForCommand(config: Config): Promise<OpenDatabase> {
  if (config.databaseUrl)
    return opened({ connectionString: config.databaseUrl }, undefined, async () => undefined);
  const dataDir = path.join(config.dataDir, 'postgres');
  const running = await attachEmbedded(dataDir);
  if (running) return opened({ ...running.connection }, undefined, async () => undefined);
  const lock = await lockDataDir(dataDir);
  const server = await startEmbedded({ dataDir, durable: true });
  return opened({ ...server.connection }, server, () => lock.release());
}

async function opened(
  config: pg.PoolConfig,
  server: EmbeddedServer | undefined,
  release: () => Promise<void>,
): Promise<OpenDatabase> {
  await migrate(config);
  const db = openDatabase(config);
  return {
    db,
    config,
    embedded: server !== undefined,
    async close() {
      await db.close();
      await server?.stop();
      await release();
    },
  };
}
