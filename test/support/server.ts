import { makeParts, type Parts } from '#compose.ts';
import { makeApp } from '#compose-app.ts';
import { makeJobs } from '#compose-jobs.ts';
import { readConfig } from '#config.ts';
import { startSandboxGateway } from '#connectors/gateways/sandbox/sandbox-server.ts';
import { makeDemo } from '#demo/make-demo.ts';
import type { App } from '#http/app.ts';
import type { Jobs } from '#jobs/worker.ts';
import { makeSecrets } from '#lib/secrets.ts';
import { testDatabase } from './database.ts';
import { testLog } from './logs.ts';

export type TestServer = { app: App; parts: Parts; jobs: Jobs; sandboxUrl: string };

let shared: Promise<TestServer> | undefined;

/** The whole of Owed on the test database, with a sandbox gateway of its own; one for all tests of a process. */
export function testServer(): Promise<TestServer> {
  shared ??= open();
  return shared;
}

async function open(): Promise<TestServer> {
  const { db } = await testDatabase();
  const sandbox = await startSandboxGateway({ port: 0, slowAnswer_ms: 300 });
  const config = readConfig({
    PORT: '0',
    OWED_BASE_URL: 'http://owed.test',
    OWED_SANDBOX_GATEWAY_URL: sandbox.url,
  });
  const parts = makeParts({
    db,
    secrets: makeSecrets(Buffer.alloc(32, 7)),
    config,
    sandboxUrl: sandbox.url,
    privateProviders: true,
  });
  const app = await makeApp(parts, testLog('server'));
  await app.fastify.ready();
  return { app, parts, jobs: makeJobs(parts), sandboxUrl: sandbox.url };
}

let seed = 100;

/** A sandbox organization with a little history, its API key and its staff. */
export async function testDemo(size: { customers?: number; invoices?: number } = {}) {
  const { parts } = await testServer();
  seed += 1;
  return makeDemo(parts, { customers: size.customers ?? 4, invoices: size.invoices ?? 24, seed });
}

/** Call the API as it is served, with a key. */
export async function callApi(
  key: string,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const { app } = await testServer();
  const reply = await app.fastify.inject({
    method,
    url,
    headers: { authorization: `Bearer ${key}`, ...headers },
    ...(body === undefined ? {} : { payload: body as object }),
  });
  const isJson = String(reply.headers['content-type']).startsWith('application/json');
  return { status: reply.statusCode, body: isJson ? reply.json() : reply.body, headers: reply.headers };
}
