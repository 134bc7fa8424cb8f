import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeParts, type Parts } from '#compose.ts';
import { makeApp } from '#compose-app.ts';
import { makeJobs } from '#compose-jobs.ts';
import { ConfigError, masterKey, readConfig, redacted } from '#config.ts';
import { startSandboxGateway } from '#connectors/gateways/sandbox/sandbox-server.ts';
import { systemActor } from '#db/db.ts';
import { readMigrations } from '#db/migrate.ts';
import { type MailDoor, startMailDoor } from '#features/mail-news/mail-door.ts';
import { isGatewayKey } from '#features/payments/gateways.ts';
import { sweepCutSubmissions } from '#features/payments/sweep-lookups.ts';
import { newInstallationToken } from '#features/users/installation.ts';
import type { App } from '#http/app.ts';
import { type Probe, serveHealth } from '#http/server.ts';
import { beat, lastBeat } from '#jobs/heartbeat.ts';
import { releaseJobs, startWorker } from '#jobs/worker.ts';
import { systemNow } from '#lib/dates.ts';
import { makeSecrets } from '#lib/secrets.ts';
import { openForServer } from '#open-database.ts';
import { schedule } from '#schedule.ts';

// The hosted fields sit inside our pages, so they speak in our letters.
const fontFile = fileURLToPath(new URL('./ui/fonts/owed-sans.woff2', import.meta.url));

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const database = await openForServer(config, say);
  const { db } = database;
  const sandbox = config.sandboxGatewayUrl
    ? undefined
    : await startSandboxGateway({
        port: config.sandboxGatewayPort,
        host: '0.0.0.0',
        dataDir: path.join(config.dataDir, 'sandbox-gateway'),
        fontFile,
        isKnown: (key) => isGatewayKey(db, key),
      });
  const sandboxUrl = config.sandboxGatewayUrl ?? `http://127.0.0.1:${sandbox?.port}`;
  const parts = makeParts({ db, secrets: makeSecrets(masterKey(config)), config, sandboxUrl });
  // With a data directory of our own no other worker can be alive, so what the last one held is free.
  if (config.roles.worker) {
    await releaseJobs(db.pool, database.embedded ? 0 : 600);
    await sweepCutSubmissions(db);
  }
  const worker = config.roles.worker
    ? await startWorker({
        pool: db.pool,
        jobs: makeJobs(parts),
        schedule,
        concurrency: 8,
        onError: reportJob,
      })
    : undefined;
  const stopBeating = worker ? beat(db) : () => undefined;
  const app = config.roles.web ? await listen(parts) : undefined;
  const mailDoor = config.roles.web ? await openMailDoor(parts) : undefined;
  if (app) await sayWhere(parts, app);
  say(`Owed runs: ${JSON.stringify(redacted(config).roles)}`);

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    stopBeating();
    await app?.fastify.close();
    await mailDoor?.close();
    await worker?.stop();
    await sandbox?.stop();
    await database.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
}

/** Where other servers hand over bounces and answers. */
async function openMailDoor({ db, secrets, config }: Parts): Promise<MailDoor | undefined> {
  return config.mailInPort === undefined
    ? undefined
    : startMailDoor({ db, secrets, port: config.mailInPort, host: '0.0.0.0' });
}

async function listen(parts: Parts): Promise<App> {
  const app = await makeApp(parts, { level: 'warn' });
  serveHealth(app, probes(parts));
  await app.fastify.listen({ port: parts.config.port, host: '0.0.0.0' });
  return app;
}

function probes({ db }: Parts): Probe[] {
  return [
    {
      name: 'database',
      check: async () => {
        await db.pool.query('select 1');
        return undefined;
      },
    },
    {
      name: 'migrations',
      check: async () => {
        const { rows } = await db.pool.query<{ done: number }>(
          'select count(*)::int as done from migrations',
        );
        const known = readMigrations().length;
        return rows[0]?.done === known
          ? undefined
          : `${rows[0]?.done} of ${known} migrations applied: restart Owed to apply them`;
      },
    },
    {
      name: 'worker',
      check: async () => {
        const age_s = await lastBeat(db);
        if (age_s === undefined) return 'no worker has ever run: start one with ROLE=worker';
        return age_s > 60
          ? `the last sign of a worker is ${Math.round(age_s)} s old: start one with ROLE=worker`
          : undefined;
      },
    },
  ];
}

async function sayWhere(parts: Parts, app: App): Promise<void> {
  const address = app.fastify.server.address();
  const baseUrl =
    parts.config.port === 0 && typeof address === 'object' && address
      ? `http://localhost:${address.port}`
      : parts.config.baseUrl;
  const token = await parts.db.transaction(systemActor('installation'), (tx) =>
    newInstallationToken(tx, systemNow()),
  );
  say(
    token
      ? `\n  Open this link to begin:  ${baseUrl}/console/first-start?token=${token}\n`
      : `\n  Sign in:  ${baseUrl}/console\n`,
  );
}

function reportJob(job: string, error: unknown): void {
  process.stderr.write(
    `${JSON.stringify({ level: 'error', job, error: error instanceof Error ? error.stack : String(error) })}\n`,
  );
}

main().catch((error: unknown) => {
  // What the reader can remedy is told in a sentence; anything else is ours and comes with its stack.
  const text =
    error instanceof ConfigError || (error instanceof Error && 'remedy' in error)
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`Owed cannot start.\n${text}\n`);
  process.exit(1);
});
