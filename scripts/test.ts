import { spawn } from 'node:child_process';
import { appendFileSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbedded } from '../src/db/embedded.ts';
import { buildConsoleIfStale } from './console-build.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Every test: one PostgreSQL for all of them (fsync off), then the files in groups. Most share one process, where 500
 * tests take a second; those that kill processes or drive a browser have one each.
 */
const patterns = process.argv.slice(2);
const all =
  patterns.length > 0
    ? patterns
    : globSync(['src/**/*.test.ts', 'test/**/*.test.ts', 'test/**/*.spec.ts'], { cwd: root });
const alone = (file: string): boolean =>
  /\.spec\.ts$|^test\/crash\/|db\/embedded|connectors\/gateways|simulation\.test|imports\/memory\.test|test\/walls\.test/.test(
    file,
  );
const isLast = (file: string): boolean => file.startsWith('test/after/');
const groups = [
  {
    name: 'together',
    files: all.filter((file) => !alone(file) && !isLast(file)),
    args: ['--test-isolation=none'],
  },
  { name: 'alone', files: all.filter(alone), args: ['--test-concurrency=2'] },
  // What the whole suite has left behind, so only after all of it.
  { name: 'after', files: all.filter(isLast), args: [] },
];

buildConsoleIfStale();
const dataDir = mkdtempSync(path.join(tmpdir(), 'owed-test-'));
const logs = mkdtempSync(path.join(tmpdir(), 'owed-logs-'));
const server = process.env.DATABASE_URL ? undefined : await startEmbedded({ dataDir, durable: false });
const env = {
  ...process.env,
  OWED_TEST_DATABASE: server?.url ?? process.env.DATABASE_URL ?? '',
  NODE_ENV: 'test',
  OWED_TEST_RUN: String(process.pid),
  OWED_TEST_LOGS: logs,
};
const totals = { passed: 0, failed: 0, skipped: 0 };

for (const group of groups) {
  if (group.files.length === 0) continue;
  const code = await run(group.files, group.args);
  if (code !== 0 && totals.failed === 0) totals.failed += 1;
}
await server?.stop();
for (const dir of [dataDir, logs]) rmSync(dir, { recursive: true, force: true });
process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);

function run(files: string[], args: string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--test', '--test-reporter=spec', '--test-force-exit', ...args, ...files],
      {
        cwd: root,
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    // Behind the counts stands all that is told of each failure, however long: they are caught as they pass.
    const counts = new Map<string, number>();
    let line = '';
    child.stdout.on('data', (chunk: Buffer) => {
      process.stdout.write(chunk);
      appendFileSync(path.join(logs, 'tests.log'), chunk);
      const lines = (line + chunk.toString('utf8')).split('\n');
      line = lines.pop() ?? '';
      for (const each of lines) {
        const [, word, number] = /^ℹ (pass|fail|cancelled|skipped) (\d+)$/.exec(each) ?? [];
        if (word) counts.set(word, Number(number));
      }
    });
    child.on('close', (code) => {
      const count = (word: string): number => counts.get(word) ?? 0;
      totals.passed += count('pass');
      totals.failed += count('fail') + count('cancelled');
      totals.skipped += count('skipped');
      resolve(code ?? 1);
    });
  });
}
