import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openJournal } from './journal.ts';

test('what was synced can be read from the disk, and comes back in its order', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'owed-sandbox-'));
  t.after(() => rm(dataDir, { recursive: true }));
  const journal = await openJournal(dataDir, () => assert.fail('a new journal has no facts'));
  for (let n = 0; n < 500; n += 1) {
    journal.append({ n, word: 'café'.repeat(n) });
    if (n % 7 !== 0) continue;
    await journal.synced();
    assert.match(readFileSync(join(dataDir, 'journal.jsonl'), 'utf8'), new RegExp(`"n":${n},`));
  }
  await journal.close();
  const facts: unknown[] = [];
  await (await openJournal(dataDir, (fact) => facts.push(fact))).close();
  assert.deepEqual(
    facts,
    Array.from({ length: 500 }, (_, n) => ({ n, word: 'café'.repeat(n) })),
  );
});
