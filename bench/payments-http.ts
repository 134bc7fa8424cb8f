import pg from 'pg';
import { newId } from '#lib/ids.ts';
import { fill, withDatabase } from './support/database.ts';
import { type Call, rateOf } from './support/http-load.ts';
import { halvesOf } from './support/open-invoices.ts';
import { batchedSql, oneByOneSql, type Row } from './support/post-payment-sql.ts';
import { type BenchResult, median, now_ms, round } from './support/result.ts';
import { serve } from './support/serving.ts';

const connections = [1, 8, 64] as const;
const rounds = 5;
/** Of one round: enough for a second or more of each. */
const perRound = { 1: 300, 8: 1200, 64: 2400, batched: 2000, one: 400 } as const;
const warmUp = 2000;

/**
 * `POST /v1/payments` over HTTP, from socket to the durable answer (key, scope, validation, locks, journal, events,
 * job), with 1, 8 and 64 connections; against bare SQL of the same rows one by one and batched, in the same run.
 */
export async function run(): Promise<BenchResult[]> {
  return withDatabase(async (bench) => {
    const perAll = Object.values(perRound).reduce((sum, each) => sum + each, 0);
    const invoices = rounds * perAll + 2 * warmUp;
    await fill(bench.db.pool, bench.organizationId, { customers: 500, invoices, open: invoices, tag: 1 });
    const rows = await halvesOf(bench.db.pool, bench.organizationId);
    const take = (count: number): Row[] => rows.splice(0, count);
    const pool = new pg.Pool({ ...bench.config, max: 70 });
    pool.on('error', () => undefined);
    const serving = await serve(bench);
    const { organizationId } = bench;
    const http = (count: number, at: number): Promise<number> => {
      const calls = take(count).map((row) => callOf(row, serving.apiKey));
      return rateOf({ origin: serving.origin, connections: at, calls });
    };
    const rates = new Map<string, number[]>();
    const add = (name: string, rate: number) => rates.set(name, [...(rates.get(name) ?? []), rate]);
    await http(warmUp, 64);
    await batchedSql(pool, organizationId, take(warmUp));
    for (let each = 0; each < rounds; each += 1) {
      for (const at of connections) add(`http ${at}`, await http(perRound[at], at));
      add(
        'one by one',
        await timed(take(perRound.one), (some) => oneByOneSql(pool, organizationId, some, 1)),
      );
      add('batched', await timed(take(perRound.batched), (some) => batchedSql(pool, organizationId, some)));
    }
    await serving.stop();
    await pool.end();
    return resultsOf((name) => median(rates.get(name) ?? []));
  });
}

function resultsOf(rate: (name: string) => number): BenchResult[] {
  const bare = rate('one by one');
  const goals: Record<number, string> = { 64: '; goal: faster than SQL one by one, ratio > 1' };
  return [
    ...connections.map((at) => ({
      name: `payments-http: ${at} connections`,
      value: round(rate(`http ${at}`)),
      unit: 'payments/s',
      against: round(bare),
      ratio: round(rate(`http ${at}`) / bare),
      note: `against bare SQL one by one, one connection${goals[at] ?? ''}`,
    })),
    {
      name: 'payments-http: 64 connections, against batched',
      value: round(rate('http 64')),
      unit: 'payments/s',
      against: round(rate('batched')),
      ratio: round(rate('http 64') / rate('batched')),
      note: 'against bare SQL in batches of 100',
    },
  ];
}

async function timed(rows: Row[], work: (rows: Row[]) => Promise<void>): Promise<number> {
  const { length } = rows;
  const start = now_ms();
  await work(rows);
  return length / ((now_ms() - start) / 1000);
}

const callOf = ({ invoiceId, customerId, amount }: Row, apiKey: string): Call => ({
  path: '/v1/payments',
  headers: {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    'idempotency-key': newId('request'),
  },
  body: JSON.stringify({
    customer_id: customerId,
    kind: 'check',
    amount: Number(amount),
    received_on: '2026-11-20',
    reference: '1001',
    applications: [{ invoice_id: invoiceId, amount: Number(amount) }],
  }),
});
