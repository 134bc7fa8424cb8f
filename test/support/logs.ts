import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import type { Log } from '#http/server.ts';

// `npm test` names a folder: all that is logged there is read through when the suite is over.
const folder = process.env.OWED_TEST_LOGS;
const fileFor = (name: string, pid: number | undefined): string =>
  path.join(folder ?? '', `${name}-${pid}-${process.hrtime.bigint() % 1_000_000n}.log`);

/** A server in this process tells everything, to a file; nothing where nobody will read it. */
export const testLog = (name: string): Log =>
  folder ? { level: 'trace', file: fileFor(name, process.pid) } : { level: 'silent' };

/** What a process of its own says on both of its outputs. */
export function keepOutput(child: ChildProcess, name: string): void {
  if (!folder) return;
  const file = createWriteStream(fileFor(name, child.pid));
  child.stdout?.on('data', (chunk: Buffer) => file.write(chunk));
  child.stderr?.on('data', (chunk: Buffer) => file.write(chunk));
  child.once('close', () => file.end());
}
