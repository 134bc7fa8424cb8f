import type { Config } from '#config.ts';
import { sandboxGateway } from '#connectors/gateways/sandbox/sandbox-gateway.ts';
import type { Database } from '#db/db.ts';
import { customerRoutes } from '#features/customers/routes.ts';
import { invoiceRoutes } from '#features/invoices/routes.ts';
import { organizationRoutes } from '#features/organizations/routes.ts';
import { type Gateways, makeGateways } from '#features/payments/gateways.ts';
import { paymentJobs } from '#features/payments/jobs.ts';
import { paymentRoutes } from '#features/payments/routes.ts';
import { userRoutes } from '#features/users/routes.ts';
import type { App } from '#http/app.ts';
import { sweepIdempotencyKeys } from '#http/idempotency.ts';
import { makeServer } from '#http/server.ts';
import { react } from '#jobs/react.ts';
import { type Jobs, releaseJobs } from '#jobs/worker.ts';
import { systemNow } from '#lib/dates.ts';
import type { Secrets } from '#lib/secrets.ts';
import { systemActor } from '#db/db.ts';
import { reactsTo } from '#subscriptions.ts';

/** What one running Owed is made of. main.ts, cli.ts and the tests make it; nothing else knows features and connectors. */
export type Parts = {
  db: Database;
  secrets: Secrets;
  gateways: Gateways;
  config: Config;
};

export function makeParts(input: { db: Database; secrets: Secrets; config: Config; sandboxUrl: string }): Parts {
  const { db, secrets, config, sandboxUrl } = input;
  const gateways = makeGateways({
    sandbox: (credentials) => sandboxGateway({
      url: sandboxUrl, publicUrl: publicSandboxUrl(config, sandboxUrl), secretKey: credentials.secretKey ?? '',
    }),
  }, secrets);
  return { db, secrets, gateways, config };
}

/** Browsers reach the sandbox gateway at the host they reach Owed at, on its own port: its own origin. */
function publicSandboxUrl(config: Config, sandboxUrl: string): string {
  if (config.sandboxGatewayUrl) return config.sandboxGatewayUrl;
  const url = new URL(config.baseUrl);
  url.port = new URL(sandboxUrl).port;
  return url.origin;
}

export function makeJobs(parts: Parts): Jobs {
  const { db } = parts;
  return {
    react: (payload: { organizationId: string; eventIds: string[] }) => react(db, reactsTo, payload),
    ...paymentJobs(parts),
    'release-dead-jobs': () => releaseJobs(db.pool, 600),
    'sweep-idempotency-keys': async () => {
      await db.transaction(systemActor('sweep'), (tx) => sweepIdempotencyKeys(tx, systemNow()));
    },
  };
}

export async function makeApp(parts: Parts, logLevel: string): Promise<App> {
  const { db, secrets, config } = parts;
  const fastify = await makeServer({
    trustProxy: config.trustProxy, logLevel,
    pageError: (_request, reply, error) => reply.code(500).send(String(error)),
  });
  const app: App = { fastify, db, secrets, config, endpoints: [] };
  userRoutes(app);
  organizationRoutes(app);
  customerRoutes(app);
  invoiceRoutes(app);
  paymentRoutes(app, parts);
  return app;
}
