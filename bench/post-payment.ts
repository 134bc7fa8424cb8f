import pg from 'pg';
import type { Actor, Database } from '#db/db.ts';
import { paymentDoors } from '#features/payments/post-batcher.ts';
import type { HandPayment } from '#features/payments/record-payments.ts';
import { systemNow } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';
import { batchedSql, oneByOneSql, type Row } from './post-payment-sql.ts';
import { type BenchResult, median, now_ms, round } from './result.ts';
import { fill, withDatabase } from './support.ts';

const callers = 64;
const perRound = 3000;
const rounds = 5;

/**
 * Payments recorded per second through the full command (lock, decide, applications, journal, events, job) with 64
 * callers, against the best hand-written SQL that writes the same rows: batched, and one by one.
 */
export async function run(): Promise<BenchResult[]> {
  return withDatabase(async (bench) => {
    const invoices = rounds * perRound * 3 + 1000;
    await fill(bench.db.pool, bench.organizationId, { customers: 500, invoices, open: invoices, tag: 1 });
    const ids = await idsOf(bench.db.pool, bench.organizationId);
    const pool = new pg.Pool({ ...bench.config, max: 20 });
    pool.on('error', () => undefined);
    const rates = { command: [] as number[], batched: [] as number[], oneByOne: [] as number[] };
    const take = (count: number): Row[] => ids.splice(0, count);
    await byCommand(bench, take(300));
    for (let at = 0; at < rounds; at += 1) {
      rates.command.push(await rate(perRound, () => byCommand(bench, take(perRound))));
      rates.batched.push(await rate(perRound, () => batchedSql(pool, bench.organizationId, take(perRound))));
      rates.oneByOne.push(await rate(perRound / 5, () => oneByOneSql(pool, bench.organizationId, take(perRound / 5), callers)));
    }
    await pool.end();
    const [command, batched, oneByOne] = [median(rates.command), median(rates.batched), median(rates.oneByOne)];
    return [
      { name: 'post-payment', value: round(command), unit: 'payments/s', against: round(batched), ratio: round(command / batched), note: 'against batched SQL; goal ≥ 0.5' },
      { name: 'post-payment-one-by-one', value: round(command), unit: 'payments/s', against: round(oneByOne), ratio: round(command / oneByOne), note: 'against SQL one by one; goal ≥ 5' },
    ];
  });
}

async function rate(count: number, work: () => Promise<void>): Promise<number> {
  const start = now_ms();
  await work();
  return count / ((now_ms() - start) / 1000);
}

async function idsOf(pool: pg.Pool, organizationId: string): Promise<Row[]> {
  const { rows } = await pool.query<{ id: string; customerId: string; total: string }>(
    `select id, customer_id as "customerId", total::text from invoices where organization_id = $1 order by id`, [organizationId]);
  return rows.map((row) => ({ invoiceId: row.id, customerId: row.customerId, amount: BigInt(row.total) / 2n }));
}

/** Sixty-four callers, each asking for its next payment when the last is done. */
async function byCommand({ db, organizationId }: { db: Database; organizationId: string }, rows: Row[]): Promise<void> {
  const doors = paymentDoors(db);
  const actor: Actor & { organizationId: string } = { kind: 'api_key', organizationId, apiKeyId: newId('apiKey'), scopes: [] };
  let next = 0;
  await Promise.all(Array.from({ length: callers }, async () => {
    for (let row = rows[next++]; row; row = rows[next++]) {
      const { invoiceId, customerId, amount } = row;
      const payment: HandPayment = {
        requestKey: newId('request'), customerId, kind: 'check', source: 'api', amount, currency: 'USD', receivedOn: '2026-11-20',
        reference: '1001', sendReceipt: true, applications: [{ invoiceId, amount }],
      };
      await doors.record(actor, payment, systemNow());
    }
  }));
}

