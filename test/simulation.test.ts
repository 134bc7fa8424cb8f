import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulateMany } from './simulation/many.ts';
import type { Figures } from './simulation/simulate.ts';

const seeds = Number(process.env.OWED_SEEDS ?? 1000);
const first = Number(process.env.OWED_FIRST_SEED ?? 0);

/** What a seed brings of each, on the average of 1,000: books that nothing happens to are easily right. */
const usual = {
  ...{ payments: 3.6, charges: 2.8, refunds: 0.36, voids: 0.16, credits: 0.8, applied: 0.14, disputes: 0.05 },
  ...{ payouts: 0.11, exceptions: 0.05, debits: 0.65, returned: 0.45, blocked: 0.19 },
} satisfies Partial<Record<keyof Figures, number>>;

/** Half of that, less three deviations of chance: nothing for one seed, and something of each for a thousand. */
const leastOf = (each: number): number => (each / 2) * seeds - 3 * Math.sqrt((each / 2) * seeds);

test('books kept through random trade, lost answers and races agree with plain arithmetic after every step', async (t) => {
  const { figures, failures } = await simulateMany({ first, seeds });
  t.diagnostic(JSON.stringify(figures));
  assert.equal(failures.join('\n\n'), '');
  assert.ok(figures.seeds >= seeds);
  for (const [what, each] of Object.entries(usual)) {
    const [found, least] = [figures[what as keyof Figures], leastOf(each)];
    assert.ok(found >= least, `only ${found} ${what} in ${seeds} seeds: there was too little to go wrong`);
  }
});
