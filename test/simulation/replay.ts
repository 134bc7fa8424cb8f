import { parseArgs } from 'node:util';
import { SimulationFailure } from './fleet.ts';
import { fleetOf, simulate } from './simulate.ts';

/**
 * `npx node test/simulation/replay.ts --seed N`: that seed again, with the fleet it sailed in, and what was
 * done in it.
 */
const { values } = parseArgs({ options: { seed: { type: 'string', default: '0' } } });
const seed = Number(values.seed);
try {
  const { fleet } = await simulate(fleetOf(seed));
  const run = fleet.runs.find((each) => each.seed === seed);
  process.stdout.write(`${run?.trace.join('\n')}\n\nSeed ${seed} holds.\n`);
  process.exit(0);
} catch (error) {
  if (!(error instanceof SimulationFailure)) throw error;
  process.stdout.write(`${error.message}\n`);
  process.exit(1);
}
