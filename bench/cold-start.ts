import { startOwed } from '../test/support/owed-process.ts';
import { startBare, untilOk, withFolder } from './support/processes.ts';
import { type BenchResult, median, now_ms, round } from './support/result.ts';

const rounds = 3;
const laterStarts = 3;

async function owedStart(dataDir: string): Promise<number> {
  const begin = now_ms();
  const owed = await startOwed({ OWED_DATA_DIR: dataDir });
  await untilOk(`${owed.baseUrl}/readyz`);
  const took = now_ms() - begin;
  await owed.stop();
  return took;
}

async function bareStart(dataDir: string): Promise<number> {
  const begin = now_ms();
  const bare = await startBare(dataDir);
  const took = now_ms() - begin;
  await bare.stop();
  return took;
}

/**
 * From the command to /readyz, in an empty data directory and in one that has been used, against PostgreSQL alone by the
 * same launcher in a Node process of its own.
 */
export async function run(): Promise<BenchResult[]> {
  const starts = { first: [] as number[], later: [] as number[] };
  const bare = { first: [] as number[], later: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const [kept, start] of [
      [starts, owedStart],
      [bare, bareStart],
    ] as const) {
      await withFolder(async (folder) => {
        kept.first.push(await start(folder));
        for (let at = 0; at < laterStarts; at += 1) kept.later.push(await start(folder));
      });
    }
  }
  return (['first', 'later'] as const).map((which) => {
    const [value, against] = [median(starts[which]), median(bare[which])];
    return {
      name: `cold-start: ${which === 'first' ? 'first start' : 'later start'}`,
      value: Math.round(value),
      unit: 'ms',
      against: Math.round(against),
      ratio: round(value / against),
      note: `median of ${starts[which].length}`,
    };
  });
}
