import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const bareServer = fileURLToPath(new URL('./bare-server.ts', import.meta.url));

/** A folder for as long as the work takes. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'owed-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export type Running = { pid: number; stop(): Promise<void> };

/** PostgreSQL by our launcher in a process of its own, and with a port a bare web server before it. */
export async function startBare(dataDir: string, port?: number): Promise<Running> {
  const child = spawn(process.execPath, [bareServer, dataDir, ...(port ? [String(port)] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((ready, failed) => {
    child.stdout?.once('data', () => ready());
    child.once('exit', (code) => failed(new Error(`the bare server ended with ${code}`)));
  });
  return { pid: child.pid ?? 0, stop: () => ended(child) };
}

function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  return gone;
}

/** Asks until it answers 200. */
export async function untilOk(url: string): Promise<void> {
  for (let tries = 0; tries < 3000; tries += 1) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await sleep(10);
  }
  throw new Error(`${url} does not answer`);
}

type Process = { pid: number; parent: number; name: string };

function everyProcess(): Process[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      // pid (name) state parent …, and the name may hold spaces and brackets
      const [, name = '', parent] =
        /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${entry}/stat`, 'utf8')) ?? [];
      return [{ pid: Number(entry), parent: Number(parent), name }];
    } catch {
      return []; // it has just ended
    }
  });
}

/** A process and all that it started, and so on. */
export function familyOf(pid: number): Process[] {
  const all = everyProcess();
  const family = all.filter((each) => each.pid === pid);
  for (const parent of family) family.push(...all.filter((each) => each.parent === parent.pid));
  return family;
}

/** Proportional resident memory: what several share, PostgreSQL's buffers above all, is counted once in all. */
export function residentMemory(family: readonly Process[]): Map<string, { count: number; bytes: number }> {
  const byName = new Map<string, { count: number; bytes: number }>();
  for (const { pid, name } of family) {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kib = Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? Number.NaN);
    const known = byName.get(name) ?? { count: 0, bytes: 0 };
    byName.set(name, { count: known.count + 1, bytes: known.bytes + kib * 1024 });
  }
  return byName;
}
