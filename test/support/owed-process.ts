import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepOutput } from './logs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export type OwedProcess = {
  baseUrl: string;
  firstLink: string | undefined;
  dataDir: string;
  child: ChildProcess;
  stop(): Promise<void>;
};

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Owed as a newcomer has it: the server process with a data directory of its own, gone when stopped. */
export async function startOwed(env: Record<string, string> = {}): Promise<OwedProcess> {
  const dataDir = env.OWED_DATA_DIR ?? mkdtempSync(path.join(tmpdir(), 'owed-run-'));
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [path.join(root, 'src/main.ts')], {
    cwd: root,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      PORT: String(port),
      OWED_SANDBOX_GATEWAY_PORT: String(sandboxPort),
      OWED_DATA_DIR: dataDir,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  keepOutput(child, 'owed');
  let output = '';
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (output.includes('Owed runs:')) resolve();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.once('exit', (code) => reject(new Error(`Owed ended with ${code}:\n${output}`)));
  });
  await ready;
  return {
    baseUrl: `http://localhost:${port}`,
    dataDir,
    child,
    firstLink: /https?:\/\/\S+first-start\S+/.exec(output)?.[0],
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      if (!env.OWED_DATA_DIR) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
