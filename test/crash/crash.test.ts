import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashRounds } from './rounds.ts';

test('a server that is killed in the middle of payments loses none, doubles none and leaves none in doubt', async (t) => {
  const rounds = await crashRounds(
    { rounds: 3, seed: Number(process.env.OWED_FIRST_SEED ?? 1), invoices: 80, isThorough: false },
    (round) => t.diagnostic(JSON.stringify(round)),
  );
  assert.deepEqual(
    rounds.flatMap(({ round, problems }) => problems.map((problem) => `round ${round}: ${problem}`)),
    [],
  );
  const last = rounds.at(-1);
  assert.ok(last && last.acknowledged > 10 && last.captured > 5, 'there was too little business to lose any');
  assert.equal(last.captured_amount, last.posted_amount);
});
