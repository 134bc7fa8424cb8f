import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '#db/db.ts';
import { presentDataExport } from '#features/data-exports/queries.ts';
import { cancelDataExport } from '#features/data-exports/start-data-export.ts';
import { exportedTables, leftOut } from '#features/data-exports/table-rules.ts';
import { addFile } from '#features/files/change-files.ts';
import { must } from '#lib/errors.ts';
import { sha256 } from '#lib/secrets.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { exported, exportOf, startExport, textOf } from '../../../test/support/exports.ts';
import { given, later } from '../../../test/support/given.ts';

test('every table of an organization is exported or left out by name, and nothing secret is taken along', async () => {
  const { db } = await testDatabase();
  const { rows } = await db.pool.query<{ table: string; column: string; type: string }>(`
    select c.relname as table, a.attname as column, format_type(a.atttypid, null) as type from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and exists (select from pg_attribute o
      where o.attrelid = c.oid and o.attname = 'organization_id' and not o.attisdropped)`);
  const known = new Set([...Object.keys(exportedTables), ...Object.keys(leftOut)]);
  const tables = [...new Set(rows.map(({ table }) => table))].sort();
  assert.deepEqual(
    tables.filter((table) => !known.has(table)),
    [],
    'new tables: name them in data-exports/table-rules.ts, exported or left out with the reason',
  );
  assert.deepEqual(
    [...known].filter((table) => !tables.includes(table)),
    [],
  );
  const columns = new Set(rows.map(({ table, column }) => `${table}.${column}`));
  for (const [table, without] of Object.entries(exportedTables))
    for (const column of without) assert.ok(columns.has(`${table}.${column}`), `no ${table}.${column}`);
  for (const { table, column, type } of rows) {
    const without = exportedTables[table];
    if (!without || without.includes(column)) continue;
    assert.notEqual(type, 'bytea', `${table}.${column} is bytes`);
    assert.doesNotMatch(
      column,
      /token|secret|credential|password|private|unsubscribe_url/,
      `${table}.${column} may be a secret`,
    );
  }
});

test('the archive has every row, names each file with its length and hash, and guards against formulas', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books, { displayName: '=cmd|calc', email: 'a@b.test' });
  await given.invoice(books, customerId, 123_456n, { memo: 'Für "uns"' });
  await books.tx((tx) =>
    addFile(
      tx,
      books.actor,
      {
        organizationId: books.organizationId,
        customerId,
        fileName: 'plan.txt',
        bytes: Buffer.from('words'),
        customerSees: false,
      },
      books.now,
    ),
  );
  const { archive, shown } = await exported(books, { withFiles: true, withPdfs: true });
  assert.deepEqual([shown.state, shown.entries_done], ['done', shown.entries]);
  assert.match(textOf(archive, 'customers.csv'), /'=cmd\|calc/);
  assert.match(textOf(archive, 'invoices.csv'), /1234\.56/);
  const record = JSON.parse(textOf(archive, 'records/invoices.jsonl').trim()) as {
    total: number;
    memo: string;
  };
  assert.deepEqual([record.total, record.memo], [123_456, 'Für "uns"']);
  assert.equal(textOf(archive, `files/${customerId}/plan.txt`), 'words');
  assert.ok([...archive.keys()].some((name) => /^invoices\/Invoice .*\.pdf$/.test(name)));
  const { files } = JSON.parse(textOf(archive, 'manifest.json')) as {
    files: { name: string; bytes: number; sha256: string; rows?: number }[];
  };
  assert.equal(files.length, archive.size - 1, 'all but the manifest itself');
  for (const { name, bytes, sha256: hash } of files) {
    const content = must(archive.get(name), name);
    assert.deepEqual([content.length, sha256(content)], [bytes, hash], name);
  }
  assert.equal(files.find(({ name }) => name === 'records/customers.jsonl')?.rows, 1);
});

test('one export at a time; stopped, nothing of it can be fetched; the next may begin', async () => {
  const books = await given.organization();
  const exportId = await startExport(books);
  await assert.rejects(startExport(books), { code: 'conflict' });
  const one = { organizationId: books.organizationId, exportId };
  await books.tx((tx) => cancelDataExport(tx, books.actor, one, books.now));
  await exportOf(books, exportId);
  const shown = await books.tx((tx) => presentDataExport(tx, books.organizationId, exportId));
  assert.deepEqual([shown.state, shown.download], ['cancelled', null]);
  await assert.rejects(
    books.tx((tx) => cancelDataExport(tx, books.actor, one, later(1))),
    { code: 'state_refused' },
  );
  await startExport(books);
});

test('an export that cannot be written is tried a few times, and then it failed and another may begin', async () => {
  const books = await given.organization();
  const exportId = await startExport(books);
  const broken: Database = {
    ...books.db,
    transaction: (actor, work, id) =>
      books.db.transaction(
        actor,
        (tx) => work({ ...tx, list: () => Promise.reject(new Error('no such thing')) }),
        id,
      ),
  };
  const states: string[] = [];
  for (let no = 1; no <= 5; no += 1) {
    await assert.rejects(exportOf({ ...books, db: broken }, exportId), /no such thing/);
    const shown = await books.tx((tx) => presentDataExport(tx, books.organizationId, exportId));
    states.push(shown.state);
  }
  assert.deepEqual(states, ['running', 'running', 'running', 'running', 'failed']);
  await startExport(books);
});

test('whoever may not read all of it may not have it made', async () => {
  const books = await given.organization();
  const actor = {
    kind: 'api_key',
    organizationId: books.organizationId,
    apiKeyId: 'key',
    scopes: ['settings:write', 'settings:read'],
  } as const;
  await assert.rejects(startExport({ ...books, actor }), { code: 'forbidden', message: /customers:read/ });
});
