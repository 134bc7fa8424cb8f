import assert from 'node:assert/strict';
import { test } from 'node:test';
import { given } from '../../test/support/given.ts';

// In a table without statistics every index that begins with the organization costs the same, and the newest
// is taken (0012-found-by-id.sql). A migration that adds one has to make the index by id anew, after it.
for (const table of ['customers', 'invoices', 'payments', 'messages']) {
  test(`rows that refer to a young table are checked by id: ${table}`, async () => {
    const { db } = await given.organization();
    const client = await db.pool.connect();
    try {
      await client.query('begin');
      await client.query(`truncate ${table} cascade`);
      await client.query('set local plan_cache_mode = force_generic_plan');
      await client.query(
        `prepare refers as select 1 from only ${table} x where organization_id = $1 and id = $2 for key share of x`,
      );
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain execute refers('o', 'i')`);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      assert.match(plan, new RegExp(`Index Scan using ${table}_id on`), plan);
    } finally {
      await client.query('rollback');
      client.release(true);
    }
  });
}
