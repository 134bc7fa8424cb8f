import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { given } from '../../../test/support/given.ts';

test('every code of the network has one rule, and only a migration can change it', async () => {
  const { db } = await given.organization();
  const { rows } = await db.pool.query<{ code: string; category: string; method: string; may_retry: string }>(
    'select * from ach_return_codes order by code',
  );
  const of = (pick: (row: (typeof rows)[number]) => boolean) =>
    rows
      .filter(pick)
      .map(({ code }) => code)
      .join(' ');
  assert.equal(rows.length, 62);
  assert.equal(
    of((row) => row.category === 'unauthorized'),
    'R05 R07 R10 R11 R29 R51',
  );
  assert.equal(
    of((row) => row.category === 'administrative'),
    'R02 R03 R04',
  );
  assert.equal(
    of((row) => row.method === 'keep'),
    'R01 R09',
  );
  assert.equal(
    of((row) => row.may_retry === 'after_new_authorization'),
    'R05 R07 R08 R10 R11 R29 R51',
  );
  for (const table of ['ach_return_codes', 'ach_limits'])
    await assert.rejects(
      db.transaction(systemActor('test'), (tx) => tx.run(sql`delete from ${sql.table(table)}`)),
      { code: '42501' },
    );
});
