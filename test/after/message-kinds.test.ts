import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { readerOf } from '#features/correspondence/message-kind-rules.ts';
import { databasesOfRun } from '../support/database.ts';

const server = process.env.OWED_TEST_DATABASE ?? '';
const databaseOf = (name: string): string => server.replace(/^(\w+:\/\/[^/]*\/)[^?]*/, `$1${name}`);

async function ask<Row extends pg.QueryResultRow>(
  connectionString: string,
  text: string,
  values: string[] = [],
) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<Row>(text, values);
  await client.end();
  return rows;
}

/** After the whole suite: what all of it has queued tells every kind that there is. */
test('of every kind of message that was queued it is decided who reads it', {
  skip: server === '',
}, async () => {
  const names = await ask<{ name: string }>(
    server,
    'select datname as name from pg_database where starts_with(datname, $1)',
    [databasesOfRun()],
  );
  assert.ok(names.length > 0, 'the suite has left no databases');
  const undecided = new Set<string>();
  for (const { name } of names) {
    const kinds = await ask<{ kind: string }>(databaseOf(name), 'select distinct kind from messages');
    for (const { kind } of kinds) if (!readerOf(kind)) undecided.add(kind);
  }
  assert.deepEqual([...undecided], [], 'new kinds: name them in correspondence/message-kind-rules.ts');
});
