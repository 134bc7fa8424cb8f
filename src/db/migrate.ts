import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { runMigrations as migrateQueue } from 'graphile-worker';
import pg from 'pg';

const folder = new URL('./migrations/', import.meta.url);

export type Migration = { number: number; name: string; sql: string; hash: string };

export function readMigrations(): Migration[] {
  const files = readdirSync(folder)
    .filter((file) => /^\d{4}-.*\.sql$/.test(file))
    .sort();
  return files.map((name) => {
    const sql = readFileSync(new URL(name, folder), 'utf8');
    return {
      number: Number(name.slice(0, 4)),
      name,
      sql,
      hash: createHash('sha256').update(sql).digest('hex'),
    };
  });
}

// Any two processes that start together migrate one after the other.
const lockKey = 730_214_001;

/**
 * Bring a database to the newest schema: the queue's first, then ours, each in its own transaction, forward
 * only. Throws when a migration that the database has differs from the one on disk, or is unknown here (a
 * newer Owed).
 */
export async function migrate(config: pg.ClientConfig): Promise<{ applied: string[] }> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    await refuseUnknownServer(client);
    const pool = new pg.Pool({ ...config, max: 2 });
    pool.on('error', () => undefined);
    pool.on('connect', (c) => c.on('error', () => undefined));
    await migrateQueue({ pgPool: pool });
    await pool.end();
    await client.query(`create table if not exists migrations (
      number int primary key, name text not null, hash text not null, applied_at timestamptz not null default now())`);
    const done = await client.query<{ number: number; name: string; hash: string }>(
      'select * from migrations',
    );
    const applied: string[] = [];
    const migrations = readMigrations();
    refuseForeign(migrations, done.rows);
    for (const migration of migrations) {
      if (done.rows.some((row) => row.number === migration.number)) continue;
      await apply(client, migration);
      applied.push(migration.name);
    }
    return { applied };
  } finally {
    await client.end();
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(`set local lock_timeout = '10s'`);
    await client.query(migration.sql);
    await client.query('insert into migrations (number, name, hash) values ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.hash,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Migration ${migration.name} failed: ${reason}`, { cause: error });
  }
}

async function refuseUnknownServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int / 10000 as version`,
  );
  const version = rows[0]?.version ?? 0;
  if (version < 15 || version > 18) {
    throw new Error(`Owed needs PostgreSQL 15 to 18; DATABASE_URL leads to version ${version}.`);
  }
}

function refuseForeign(
  migrations: Migration[],
  done: { number: number; name: string; hash: string }[],
): void {
  for (const row of done) {
    const here = migrations.find((migration) => migration.number === row.number);
    if (!here)
      throw new Error(`The database has migration ${row.name}, which this Owed does not know: it is older.`);
    if (here.hash !== row.hash)
      throw new Error(`Migration ${row.name} was edited after this database applied it.`);
  }
}
