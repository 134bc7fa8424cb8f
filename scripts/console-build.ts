import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}dist/staff.hash`;

/** What the built console depends on: its pages, the shared parts, and the lock file. */
function hashOfSources(): string {
  const hash = createHash('sha256');
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (/\.(tsx?|css|html|svg|woff2)$/.test(entry.name) && !entry.name.endsWith('.test.ts'))
        hash.update(path.slice(root.length)).update(readFileSync(path));
    }
  };
  walk(`${root}src`);
  for (const file of ['package-lock.json', 'vite.config.ts']) hash.update(readFileSync(root + file));
  return hash.digest('hex');
}

export function buildConsoleIfStale(): void {
  const hash = hashOfSources();
  const isFresh =
    existsSync(stamp) && existsSync(`${root}dist/staff/index.html`) && readFileSync(stamp, 'utf8') === hash;
  if (isFresh) return;
  process.stdout.write('Building the console (once) …\n');
  const vite = fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) {
    process.stderr.write(`The console cannot be built:\n${stderr}\n`);
    process.exit(1);
  }
  mkdirSync(`${root}dist`, { recursive: true });
  writeFileSync(stamp, hash);
}
