import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { keepOutput } from '../support/logs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Only what a process needs: a DATABASE_URL of the test run must not lead the server away from its data
 * directory.
 */
const bare = {
  // A process that starts again and again need not strip the same types again and again.
  NODE_COMPILE_CACHE: path.join(tmpdir(), 'owed-crash-compile-cache'),
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '',
  TMPDIR: process.env.TMPDIR ?? '',
};

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

function start(args: string[], env: Record<string, string>): { child: ChildProcess; errors: () => string } {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...bare, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  keepOutput(child, 'crash');
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-8_000);
  });
  return { child, errors: () => errors };
}

export type Gateway = { url: string; stop(): Promise<void> };

/** The sandbox gateway in a process of its own: it outlives every kill of the server. */
export async function startGateway(dataDir: string): Promise<Gateway> {
  const { child, errors } = start(
    ['src/connectors/gateways/sandbox/main.ts', '--data', dataDir, '--slow-ms', '700'],
    {},
  );
  const line = await Promise.race([
    new Promise<string>((resolve) =>
      child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8'))),
    ),
    once(child, 'exit').then(() => Promise.reject(new Error(`the gateway did not start: ${errors()}`))),
  ]);
  const { url } = JSON.parse(line) as { url: string };
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

export type ServerEnv = {
  PORT: string;
  OWED_DATA_DIR: string;
  OWED_BASE_URL: string;
  OWED_SANDBOX_GATEWAY_URL: string;
};
export type RunningServer = {
  kill9(): Promise<void>;
  stop(): Promise<void>;
  errors(): string;
  readyAfter_ms: number;
};

/** Owed as anyone runs it; answers once it says that it is ready. */
export async function startServer(env: ServerEnv): Promise<RunningServer> {
  const began = performance.now();
  const { child, errors } = start(['src/main.ts'], env);
  child.stdout?.resume();
  let ended = false;
  const exit = once(child, 'exit').then(() => {
    ended = true;
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exit;
  };
  for (let waited_ms = 0; !(await isReady(env.OWED_BASE_URL)); waited_ms += 100) {
    if (ended || waited_ms > 300_000) throw new Error(`the server did not start: ${errors()}`);
    await sleep(100);
  }
  return {
    kill9: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    errors,
    readyAfter_ms: Math.round(performance.now() - began),
  };
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    (reply) => reply.ok,
    () => false,
  );

/** `owed … --json`: what it printed. Throws when it printed no JSON. */
export async function owed(env: ServerEnv, ...args: string[]): Promise<Record<string, unknown>> {
  const { child, errors } = start(['src/cli.ts', ...args, '--json'], env);
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  await once(child, 'close');
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new Error(`owed ${args[0]} said: ${text} ${errors()}`);
  }
}
