import { parseArgs } from 'node:util';
import { play } from './play.ts';

/** `npx node test/collecting/replay.ts --seed N`: that seed again, with all that was done in it. */
const { values } = parseArgs({ options: { seed: { type: 'string', default: '0' } } });
const trace: string[] = [];
try {
  const { timetable, ...figures } = await play(Number(values.seed), trace);
  process.stdout.write(`${trace.join('\n')}\n\n${JSON.stringify(figures)}\nSeed ${values.seed} holds.\n`);
  process.exit(0);
} catch (error) {
  process.stdout.write(`${trace.join('\n')}\n\n${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
}
