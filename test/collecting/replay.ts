import { parseArgs } from 'node:util';
import { play } from './play.ts';

/**
 * `npx node test/collecting/replay.ts --seed N`: that seed again, with all that was done in it. `--seeds M`
 * plays as many from there on, and says of each whether it holds.
 */
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '0' }, seeds: { type: 'string', default: '1' } },
});
const [first, count] = [Number(values.seed), Number(values.seeds)];
let failed = 0;
let next = first;
async function work(): Promise<void> {
  while (next < first + count) {
    const seed = next;
    next += 1;
    const trace: string[] = [];
    const { said, isWhole } = await play(seed, trace).then(
      ({ timetable, ...figures }) => ({
        said: `${JSON.stringify(figures)}\nSeed ${seed} holds.`,
        isWhole: true,
      }),
      (error: Error) => ({ said: error.stack ?? error.message, isWhole: false }),
    );
    if (!isWhole) failed += 1;
    process.stdout.write(`${count === 1 ? `${trace.join('\n')}\n\n` : ''}${said}\n`);
  }
}
await Promise.all(Array.from({ length: Math.min(4, count) }, work));
process.exit(failed === 0 ? 0 : 1);
