import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulationFailure } from './simulation/fleet.ts';
import { type Figures, fleetSize, simulate } from './simulation/simulate.ts';

const seeds = Number(process.env.OWED_SEEDS ?? 1000);
const first = Number(process.env.OWED_FIRST_SEED ?? 0);

test('books kept through random trade, lost answers and races agree with plain arithmetic after every step', async (t) => {
  const fleets = Array.from({ length: Math.ceil(seeds / fleetSize) }, (_, at) =>
    Array.from({ length: fleetSize }, (__, seed) => first + at * fleetSize + seed),
  );
  const sum: Figures = { seeds: 0, steps: 0, payments: 0, charges: 0, refunds: 0, voids: 0 };
  const failures: string[] = [];
  const work = async () => {
    for (let fleet = fleets.shift(); fleet && failures.length === 0; fleet = fleets.shift()) {
      try {
        const figures = await simulate(fleet);
        for (const key of Object.keys(sum) as (keyof Figures)[]) sum[key] += figures[key];
      } catch (error) {
        const what =
          error instanceof SimulationFailure
            ? error.message
            : `seeds ${fleet[0]}–${fleet.at(-1)}: ${(error as Error).stack}`;
        failures.push(
          `${what}\n\nReplay: node test/simulation/replay.ts --seed ${/seeds? (\d+)/.exec(what)?.[1]}`,
        );
      }
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  t.diagnostic(JSON.stringify(sum));
  assert.equal(failures.join('\n\n'), '');
  assert.ok(sum.seeds >= seeds && sum.payments > sum.seeds && sum.charges > sum.seeds);
  assert.ok(sum.refunds > sum.seeds / 2 && sum.voids > sum.seeds / 5);
});
