import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbedded } from '../src/db/embedded.ts';
import { makeTemplate } from '../test/support/database.ts';
import { buildConsoleIfStale } from './console-build.ts';
import { fewSeeds, type Job, planOf } from './test-plan.ts';
import { type Report, textOf } from './test-report.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The tests, on one PostgreSQL for all of them (fsync off), two processes at once. `npm test` leaves out what takes
 * long; `npm run test:all` leaves out nothing; files that are named are run whole.
 */
const named = process.argv.slice(2).filter((word) => word !== '--all');
const isWhole = named.length > 0 || process.argv.includes('--all');
const files =
  named.length > 0 ? named : globSync(['src/**/*.test.ts', 'test/**/*.{test,spec}.ts'], { cwd: root });
const { jobs, after } = planOf(files, isWhole);

const began = performance.now();
buildConsoleIfStale();
const dataDir = mkdtempSync(path.join(tmpdir(), 'owed-test-'));
const logs = mkdtempSync(path.join(tmpdir(), 'owed-logs-'));
const reports = mkdtempSync(path.join(tmpdir(), 'owed-reports-'));
const server = process.env.DATABASE_URL ? undefined : await startEmbedded({ dataDir, durable: false });
const url = server?.url ?? process.env.DATABASE_URL ?? '';
process.env.OWED_TEST_RUN = String(process.pid);
const env = {
  ...(isWhole ? {} : fewSeeds),
  // Processes that start one after the other need not strip the same types again and again.
  NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/owed-compiled'),
  ...process.env,
  OWED_TEST_DATABASE: url,
  OWED_TEST_TEMPLATE: await makeTemplate(url),
  NODE_ENV: 'test',
  OWED_TEST_LOGS: logs,
};
const total: Report = { passed: 0, failed: 0, skipped: 0, failures: [] };
const times: [name: string, seconds: number][] = [];

await Promise.all([work(jobs), work(jobs)]);
await work(after);
await server?.stop();
for (const dir of [dataDir, logs, reports]) rmSync(dir, { recursive: true, force: true });

tellAtTheEnd();
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

/** One lane: it takes the next job until none is left. */
async function work(queue: Job[]): Promise<void> {
  for (let job = queue.shift(); job; job = queue.shift()) {
    const started = performance.now();
    const report = await run(job, path.join(reports, `${times.length}-${process.hrtime.bigint()}.json`));
    times.push([job.name, (performance.now() - started) / 1000]);
    total.passed += report.passed;
    total.failed += report.failed;
    total.skipped += report.skipped;
    total.failures.push(...report.failures);
  }
}

function run({ name, files, args }: Job, reportFile: string): Promise<Report> {
  const reporter = path.join(root, 'scripts/test-report.ts');
  const words = ['--test', `--test-reporter=${reporter}`, '--test-force-exit', ...args, ...files];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, words, {
      cwd: root,
      env: { ...env, OWED_TEST_REPORT: reportFile },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // Whole lines, so that two processes do not cut each other's.
    let line = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const end = chunk.lastIndexOf('\n') + 1;
      process.stdout.write(end === 0 ? '' : line + chunk.slice(0, end));
      line = end === 0 ? line + chunk : chunk.slice(end);
      appendFileSync(path.join(logs, 'tests.log'), chunk);
    });
    child.on('close', (code, signal) => {
      const report = readReport(reportFile);
      // A process that fell over before its end, or that failed though each of its tests passed.
      if (code !== 0 && report.failed === 0) {
        const message = `Their process ended with ${signal ?? `code ${code}`}; what it said last stands above.`;
        report.failures.push({ name, place: files.join(' '), message });
        report.failed += 1;
      }
      resolve(report);
    });
  });
}

function readReport(file: string): Report {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0, failures: [] };
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

/** What took long, what failed and why, and last of all the counts. */
function tellAtTheEnd(): void {
  const say = (text: string): boolean => process.stdout.write(`${text}\n`);
  const longest = times.sort(([, a], [, b]) => b - a).slice(0, 5);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  say(
    `\nIn ${seconds} s; the longest: ${longest.map(([name, took]) => `${name} ${took.toFixed(0)} s`).join(', ')}`,
  );
  if (total.failures.length > 0) say('\nWhat failed:\n');
  for (const failure of total.failures) say(`✖ ${failure.name}\n${textOf(failure)}`);
  say(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
}
