import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulateMany } from './simulation/many.ts';

const seeds = Number(process.env.OWED_SEEDS ?? 1000);
const first = Number(process.env.OWED_FIRST_SEED ?? 0);

test('books kept through random trade, lost answers and races agree with plain arithmetic after every step', async (t) => {
  const { figures, failures } = await simulateMany({ first, seeds });
  t.diagnostic(JSON.stringify(figures));
  assert.equal(failures.join('\n\n'), '');
  assert.ok(figures.seeds >= seeds);
});
