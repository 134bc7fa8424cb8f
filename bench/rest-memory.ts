import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startOwed } from '../test/support/owed-process.ts';
import { familyOf, residentMemory, startBare, untilOk, withFolder } from './support/processes.ts';
import { type BenchResult, round } from './support/result.ts';

/** Longer than a pool keeps a connection that nobody uses. */
const quiet_ms = 20_000;

type Rest = { bytes: number; words: string };

/** Ask once, leave it alone for a while, and look. */
async function atRest(pid: number, url: string): Promise<Rest> {
  await untilOk(url);
  await sleep(quiet_ms);
  const byName = residentMemory(familyOf(pid));
  const bytes = [...byName.values()].reduce((total, each) => total + each.bytes, 0);
  const words = [...byName]
    .map(([name, each]) => `${each.count} ${name} ${Math.round(each.bytes / 1e6)}`)
    .join(', ');
  return { bytes, words };
}

/**
 * Everything of a running Owed at rest (web, worker, sandbox gateway, PostgreSQL with all its processes) against a bare
 * Node server with a pool on the same PostgreSQL.
 */
export async function run(): Promise<BenchResult[]> {
  const owed = await startOwed();
  const ours = await atRest(owed.child.pid ?? 0, `${owed.baseUrl}/readyz`).finally(owed.stop);
  const bare = await withFolder(async (folder) => {
    const port = await freePort();
    const running = await startBare(folder, port);
    return atRest(running.pid, `http://127.0.0.1:${port}/`).finally(running.stop);
  });
  return [
    {
      name: 'rest-memory',
      value: round(ours.bytes / 1e6),
      unit: 'MB PSS',
      against: round(bare.bytes / 1e6),
      ratio: round(ours.bytes / bare.bytes),
      note: `${ours.words}; bare: ${bare.words}`,
    },
  ];
}
