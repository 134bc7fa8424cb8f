import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulateMany } from './simulation/many.ts';
import type { Figures } from './simulation/simulate.ts';

const seeds = Number(process.env.OWED_SEEDS ?? 1000);
const first = Number(process.env.OWED_FIRST_SEED ?? 0);

/** What a seed brings of each, on the average of 1,000: books that nothing happens to are easily right. */
const usual = {
  ...{
    payments: 3.5,
    charges: 2.7,
    refunds: 0.38,
    voids: 0.16,
    credits: 0.97,
    applied: 0.17,
    disputes: 0.055,
  },
  ...{ payouts: 0.17, exceptions: 0.09, debits: 0.67, returned: 0.46, blocked: 0.18 },
  ...{ fees: 20, waived: 0.15, removed: 0.25, feesCredited: 0.05 },
} satisfies Partial<Record<keyof Figures, number>>;

/** Half of that, less three deviations of chance: nothing for one seed, and something of each for a thousand. */
const leastOf = (each: number): number => (each / 2) * seeds - 3 * Math.sqrt((each / 2) * seeds);

test('books kept through random trade, lost answers and races agree with plain arithmetic after every step', async (t) => {
  const { figures, failures } = await simulateMany({ first, seeds });
  t.diagnostic(JSON.stringify(figures));
  assert.equal(failures.join('\n\n'), '');
  for (const [what, each] of Object.entries(usual)) {
    const [found, least] = [figures[what as keyof Figures], leastOf(each)];
    assert.ok(found >= least, `only ${found} ${what} in ${seeds} seeds: there was too little to go wrong`);
  }
});
