import type { AddressInfo } from 'node:net';
import { makeParts, type Parts } from '#compose.ts';
import { makeApp } from '#compose-app.ts';
import { readConfig } from '#config.ts';
import type { Actor } from '#db/db.ts';
import { createApiKey } from '#features/organizations/create-api-key.ts';
import { systemNow } from '#lib/dates.ts';
import { scopes } from '#lib/endpoint.ts';
import { makeSecrets } from '#lib/secrets.ts';
import type { Bench } from './database.ts';

export type Serving = { origin: string; parts: Parts; apiKey: string; stop(): Promise<void> };

/** The web side of Owed behind a port on a bench's database, without a worker. */
export async function serve(bench: Bench): Promise<Serving> {
  const { db, organizationId } = bench;
  const sandboxUrl = 'http://127.0.0.1:9';
  const config = readConfig({ PORT: '0', OWED_SANDBOX_GATEWAY_URL: sandboxUrl });
  // The key under which newOrganization sealed its credentials.
  const parts = makeParts({ db, secrets: makeSecrets(Buffer.alloc(32, 1)), config, sandboxUrl });
  const app = await makeApp(parts, { level: 'warn' });
  await app.fastify.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.fastify.server.address() as AddressInfo;
  const actor: Actor = { kind: 'job', organizationId, name: 'bench' };
  const { token } = await db.transaction(actor, (tx) =>
    createApiKey(tx, actor, { organizationId, name: 'Bench', scopes }, systemNow()),
  );
  return { origin: `http://127.0.0.1:${port}`, parts, apiKey: token, stop: () => app.fastify.close() };
}
