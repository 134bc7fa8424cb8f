import { parseArgs } from 'node:util';
import { play } from './play.ts';

/**
 * `npx node test/collecting/replay.ts --seed N`: that seed again, with all that was done in it. `--seeds M`
 * plays as many from there on, `--list '3 9'` those, and says of each whether it holds.
 */
const { values } = parseArgs({
  options: {
    ...{ seed: { type: 'string', default: '0' }, seeds: { type: 'string', default: '1' } },
    list: { type: 'string' },
  },
});
const first = Number(values.seed);
const waiting = values.list
  ? values.list.split(' ').map(Number)
  : Array.from({ length: Number(values.seeds) }, (_, at) => first + at);
const count = waiting.length;
let failed = 0;
async function work(): Promise<void> {
  for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
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
