import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { testDatabase } from '../../../test/support/database.ts';
import { given } from '../../../test/support/given.ts';

const child = fileURLToPath(new URL('../../../test/support/export-child.ts', import.meta.url));

test('memory grows neither with the rows nor with the files and messages', async () => {
  const books = await given.organization();
  const count = 60_000;
  const [mails, files, large_bytes] = [2100, 24, 10_000_000];
  await books.db.pool.query(
    `insert into events (organization_id, id, type, subject_id, actor_kind, data, occurred_at)
    select $1, 'evt_' || lpad(n::text, 22, '0'), 'test.happened', 'evt_' || lpad(n::text, 22, '0'), 'job',
      jsonb_build_object('words', (select string_agg(md5(n::text || m), '') from generate_series(1, 8) m)), now()
    from generate_series(1, ${count}) n`,
    [books.organizationId],
  );
  // Mails that fill a folder and go on in another archive, and files as large as one may be.
  await books.db.pool.query(
    `insert into messages (organization_id, id, kind, state, route, from_name, from_email, to_emails, subject, html, text,
      message_id, created_at)
    select $1, 'msg_' || lpad(n::text, 22, '0'), 'invoice', 'sent', 'mailbox', 'A', 'a@a.test', '{b@b.test}', 'Invoice',
      (select string_agg(md5(n::text || m), '') from generate_series(1, 100) m), '', n::text, now()
    from generate_series(1, ${mails}) n`,
    [books.organizationId],
  );
  const customerId = await given.customer(books);
  await books.db.pool.query(
    `with large as (select convert_to(repeat('owed', ${large_bytes / 4}), 'UTF8') as bytes),
    kept as (insert into files (organization_id, id, customer_id, file_name, content_type, size_bytes, hash,
      customer_sees, created_at)
    select $1, 'fil_' || lpad(n::text, 22, '0'), $2, 'large.bin', 'text/plain', ${large_bytes},
      encode(sha256(bytes), 'hex'), false, now() from generate_series(1, ${files}) n, large returning id)
    insert into file_bytes (organization_id, file_id, bytes) select $1, id, bytes from kept, large`,
    [books.organizationId, customerId],
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
