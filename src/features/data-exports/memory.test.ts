import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { testDatabase } from '../../../test/support/database.ts';
import { given } from '../../../test/support/given.ts';

const child = fileURLToPath(new URL('../../../test/support/export-child.ts', import.meta.url));

test('memory does not grow with the rows', async () => {
  const books = await given.organization();
  const count = 60_000;
  await books.db.pool.query(
    `insert into events (organization_id, id, type, subject_id, actor_kind, data, occurred_at)
    select $1, 'evt_' || lpad(n::text, 22, '0'), 'test.happened', 'evt_' || lpad(n::text, 22, '0'), 'job',
      jsonb_build_object('words', (select string_agg(md5(n::text || m), '') from generate_series(1, 8) m)), now()
    from generate_series(1, ${count}) n`,
    [books.organizationId],
  );
  try {
    const { config } = await testDatabase();
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--max-old-space-size=64',
      child,
      JSON.stringify(config),
      books.organizationId,
    ]);
    const made = JSON.parse(stdout) as { rows: number; size: number; grew_mb: number };
    assert.ok(made.rows >= count, `${made.rows} rows`);
    assert.ok(made.size > 8_000_000, `${made.size} bytes in the archive`);
    assert.ok(made.grew_mb < 250, `${made.grew_mb} MB more`);
  } finally {
    await books.db.transaction({ kind: 'system', name: 'test' }, (tx) =>
      tx.run(sql`delete from downloads where organization_id = ${books.organizationId}`),
    );
  }
});
