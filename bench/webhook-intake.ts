import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { signatureHeader, signWebhook, webhookSecretOf } from '#connectors/gateways/sandbox/keys.ts';
import { systemNow } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';
import { makeSecrets } from '#lib/secrets.ts';
import { type Bench, withDatabase } from './support/database.ts';
import { type Call, rateOf } from './support/http-load.ts';
import { type BenchResult, median, round } from './support/result.ts';
import { serve } from './support/serving.ts';

const connections = 64;
const perRound = 3000;
const rounds = 5;

/**
 * Webhooks taken in per second, 64 connections: signature over the raw bytes, stored scrubbed, work asked for, answered.
 * Against a bare server that stores the same bytes in one insert and checks nothing.
 */
export async function run(): Promise<BenchResult[]> {
  return withDatabase(async (bench) => {
    const serving = await serve(bench);
    const bare = await bareServer(bench);
    const account = await accountOf(bench);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let each = 0; each <= rounds; each += 1) {
      const calls = Array.from({ length: perRound }, () => webhookFor(account));
      const rate = await rateOf({ origin: serving.origin, connections, calls });
      const reference = await rateOf({ origin: bare.origin, connections, calls });
      if (each === 0) continue; // the first round warms both up
      ours.push(rate);
      theirs.push(reference);
    }
    await checkKept(bench, perRound * (rounds + 1));
    await serving.stop();
    await bare.stop();
    return [
      {
        name: 'webhook-intake',
        value: round(median(ours)),
        unit: 'webhooks/s',
        against: round(median(theirs)),
        ratio: round(median(ours) / median(theirs)),
        note: `${connections} connections; against one bare insert a webhook, nothing verified`,
      },
    ];
  });
}

type Account = { id: string; secretKey: string };

async function accountOf({ db, organizationId }: Bench): Promise<Account> {
  const { rows } = await db.pool.query<{ id: string; credentials: Buffer }>(
    'select id, credentials from gateway_accounts where organization_id = $1',
    [organizationId],
  );
  const [row] = rows;
  if (!row) throw new Error('the organization has no gateway account');
  const credentials = makeSecrets(Buffer.alloc(32, 1)).decrypt(row.credentials);
  return { id: row.id, secretKey: (JSON.parse(credentials) as { secretKey: string }).secretKey };
}

/** As the sandbox gateway sends them, each an event of its own. */
function webhookFor({ id, secretKey }: Account): Call {
  const charge = { id: newId('request'), payment_id: newId('payment'), status: 'settled', amount: 12_500 };
  const body = JSON.stringify({ id: newId('event'), type: 'charge.settled', data: { object: charge } });
  return {
    path: `/webhooks/gateways/${id}`,
    headers: {
      'content-type': 'application/json',
      [signatureHeader]: signWebhook(webhookSecretOf(secretKey), body, systemNow()),
    },
    body,
  };
}

async function bareServer({ config }: Bench): Promise<{ origin: string; stop(): Promise<void> }> {
  const pool = new pg.Pool({ ...config, max: 20 });
  pool.on('error', () => undefined); // the database is stopped before the last of them is closed
  await pool.query('create table bare_webhooks (id bigserial primary key, raw text not null)');
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      pool.query('insert into bare_webhooks (raw) values ($1)', [Buffer.concat(chunks).toString()]).then(
        () => response.end('{"received":true}'),
        (error: Error) => response.writeHead(500).end(error.message),
      );
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      await new Promise((closed) => server.close(closed));
      await pool.end();
    },
  };
}

/** Answered is not enough: each is kept, with its work asked for. */
async function checkKept({ db }: Bench, expected: number): Promise<void> {
  const { rows } = await db.pool.query<{ kept: number; jobs: number }>(
    `select (select count(*)::int from webhooks_in) as kept, (select count(*)::int from
      graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
      where t.identifier = 'work-webhook') as jobs`,
  );
  const { kept, jobs } = rows[0] ?? { kept: 0, jobs: 0 };
  if (kept !== expected || jobs !== expected)
    throw new Error(`${expected} webhooks were sent, ${kept} kept and ${jobs} given to the worker`);
}
