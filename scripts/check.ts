import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string): string => `${root}node_modules/.bin/${name}`;

/**
 * Types, lint and format, walls between rooms, code that nobody uses, all at once. Each says what is wrong; any stops
 * the check. `npm run check -- types lint` runs these two alone.
 */
const checks: [name: string, command: string, args: string[]][] = [
  ['types', bin('tsc'), ['--noEmit', '-p', '.']],
  ['lint', bin('biome'), ['check', '--max-diagnostics=50', '--error-on-warnings']],
  ['walls', process.execPath, [bin('depcruise'), '--config', '.dependency-cruiser.mjs', 'src']],
  ['unused', bin('knip'), []],
];

const wished = process.argv.slice(2);
const unknown = wished.filter((wish) => !checks.some(([name]) => name === wish));
if (unknown.length > 0) {
  process.stderr.write(
    `No check is called ${unknown.join(', ')}: ${checks.map(([name]) => name).join(', ')}\n`,
  );
  process.exit(1);
}
const results = await Promise.all(
  checks.filter(([name]) => wished.length === 0 || wished.includes(name)).map(check),
);
const failed = results.flatMap(({ name, isFine }) => (isFine ? [] : [name]));
if (failed.length > 0) process.stdout.write(`\nFAILED: ${failed.join(', ')}; what is wrong stands above.\n`);
process.exit(failed.length === 0 ? 0 : 1);

/** What it says comes in one piece, when it is over. */
function check([name, command, args]: (typeof checks)[number]): Promise<{ name: string; isFine: boolean }> {
  return new Promise((resolve) => {
    const said: Buffer[] = [];
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('error', (error) => said.push(Buffer.from(`${error.message}\n`)));
    child.on('close', (code) => {
      const isFine = code === 0;
      process.stdout.write(Buffer.concat(said));
      process.stdout.write(`${isFine ? 'ok' : 'FAILED'}  ${name}\n`);
      resolve({ name, isFine });
    });
  });
}
