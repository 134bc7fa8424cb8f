import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { testDatabase } from '../../../test/support/database.ts';
import { given } from '../../../test/support/imports.ts';

const count = 100_000;
const child = fileURLToPath(new URL('../../../test/support/import-child.ts', import.meta.url));

const header =
  'Customer,External ID,Number,Invoice date,Due date,Item,Description,Quantity,Unit price,Line amount\n';
const row = (n: number): string =>
  `Customer ${n % 100},E-${n},N-${n},2026-03-${10 + (n % 20)},2026-04-11,Item ${n % 50},Words,2,5.00,10.00\n`;

it('brings in 100,000 invoices in a process with little memory', async () => {
  const own = await given.organization();
  await own.customers(...Array.from({ length: 100 }, (_, n) => `Customer ${n}`));
  const folder = mkdtempSync(path.join(tmpdir(), 'owed-memory-'));
  const file = path.join(folder, 'many.csv');
  writeFileSync(file, header + Array.from({ length: count }, (_, n) => row(n)).join(''));
  try {
    const { config } = await testDatabase();
    const input = { organizationId: own.id, kind: 'invoices', path: file };
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--max-old-space-size=120',
      child,
      JSON.stringify(config),
      JSON.stringify(input),
    ]);
    const { most_mb, ...result } = JSON.parse(stdout) as { most_mb: number };
    assert.deepEqual(result, { created: count, rejected: 0, state: 'imported' });
    assert.ok(most_mb < 120, `${most_mb} MB`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
