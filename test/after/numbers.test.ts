import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { databasesOfRun } from '../support/database.ts';
import { holdsNumber } from '../support/numbers.ts';

/**
 * After the whole suite: no card or bank account number that a test typed or sent stands in any column of any
 * database, in any log or in any message of a failure. What the gateways' stand-ins keep is theirs.
 */
type Table = { name: string };

async function inDatabase(config: pg.ClientConfig): Promise<{ tables: number; found: string[] }> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    const { rows } = await client.query<Table>(`
      select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') order by 1`);
    const found: string[] = [];
    for (const { name } of rows) {
      // Whole tables through COPY: a hundred times faster to look through here than by the database.
      const lines = createInterface(client.query(copyTo(`copy ${name} to stdout`)));
      for await (const line of lines) if (holdsNumber(line)) found.push(`${name}: ${line.slice(0, 300)}`);
    }
    return { tables: rows.length, found };
  } finally {
    await client.end();
  }
}

const inFiles = (folder: string): string[] =>
  readdirSync(folder).flatMap((file) =>
    readFileSync(path.join(folder, file), 'utf8')
      .split('\n')
      .filter(holdsNumber)
      .map((line) => `${file}: ${line.slice(0, 300)}`),
  );

const server = process.env.OWED_TEST_DATABASE ?? '';
const database = (name: string): pg.ClientConfig => ({
  connectionString: server.replace(/^(\w+:\/\/[^/]*\/)[^?]*/, `$1${name}`),
});

test('a number is found wherever it stands', { skip: server === '' }, async () => {
  const name = `${databasesOfRun()}planted`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`create database ${name}`);
  const planted = new pg.Client(database(name));
  await planted.connect();
  await planted.query(`
    create table a as select 'paid with 4242 4242 4242 4242' as memo;
    create table b as select '{"deep": {"account": "000123456789"}}'::jsonb as body;
    create table c as select convert_to('card 5555-5555-5555-4444', 'utf8') as file;
    create table d as select convert_to('card 5555555555554444', 'utf8') as file;
    create table e as select '4242 4242 4242' as shorter, 'ending in 4242' as last4;`);
  await planted.end();
  const { found } = await inDatabase(database(name));
  await client.query(`drop database ${name}`);
  await client.end();
  assert.deepEqual(
    found.map((each) => each.slice(0, 8)),
    ['public.a', 'public.b', 'public.d'],
  );
  const folder = mkdtempSync(path.join(tmpdir(), 'owed-planted-'));
  writeFileSync(path.join(folder, 'server.log'), '{"msg":"nothing"}\n{"err":"declined 4000000000000002"}\n');
  assert.deepEqual(inFiles(folder), ['server.log: {"err":"declined 4000000000000002"}']);
  rmSync(folder, { recursive: true });
});

test('no card or bank account number is left in any column of any database', {
  skip: server === '',
}, async () => {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    'select datname as name from pg_database where starts_with(datname, $1)',
    [databasesOfRun()],
  );
  await client.end();
  assert.ok(rows.length > 0, 'the suite has left no databases');
  const found: string[] = [];
  for (const { name } of rows) {
    const looked = await inDatabase(database(name));
    assert.ok(looked.tables > 20, `${name} has ${looked.tables} tables only`);
    found.push(...looked.found.map((each) => `${name} ${each}`));
  }
  assert.deepEqual(found, []);
});

test('no card or bank account number is in any log or message', {
  skip: process.env.OWED_TEST_LOGS === undefined,
}, () => {
  const folder = process.env.OWED_TEST_LOGS ?? '';
  assert.ok(readdirSync(folder).length > 0, 'the suite has left no logs');
  assert.deepEqual(inFiles(folder), []);
});
