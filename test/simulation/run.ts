import { parseArgs } from 'node:util';
import { simulateMany } from './many.ts';

/**
 * `npm run simulate -- --seeds 10000`: in one process, a line of progress every thousand seeds, a summary,
 * and 1 where a promise broke, with the seed that shows it again.
 */
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '10000' }, first: { type: 'string', default: '0' } },
});
const began = performance.now();
let told = 0;
const { figures, failures } = await simulateMany(
  { first: Number(values.first), seeds: Number(values.seeds) },
  ({ seeds }) => {
    if (seeds - told < 1000) return;
    told = seeds;
    const took_s = Math.round((performance.now() - began) / 1000);
    const heap_mb = Math.round(process.memoryUsage().heapUsed / 1e6);
    process.stdout.write(`${JSON.stringify({ seeds, took_s, heap_mb })}\n`);
  },
);
const took_s = Math.round((performance.now() - began) / 1000);
process.stdout.write(`${JSON.stringify({ ...figures, violations: failures.length, took_s })}\n`);
for (const failure of failures) process.stdout.write(`${failure}\n`);
process.exit(failures.length === 0 ? 0 : 1);
