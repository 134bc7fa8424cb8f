import pg from 'pg';
import { byCommand } from './support/by-command.ts';
import { fill, withDatabase } from './support/database.ts';
import { halvesOf } from './support/open-invoices.ts';
import { batchedSql, oneByOneSql, type Row } from './support/post-payment-sql.ts';
import { type BenchResult, median, now_ms, round } from './support/result.ts';

const perRound = 2000;
const rounds = 5;
/** Of each, before anything is measured: a server that runs has its code compiled, its plans and pages at hand. */
const warmUp = 3000;

/**
 * Payments recorded per second through the full command (lock, decide, applications, journal, events, job) with 64 and
 * with 200 callers, against the best hand-written SQL that writes the same rows: batched, and one by one.
 */
export async function run(): Promise<BenchResult[]> {
  return withDatabase(async (bench) => {
    const invoices = rounds * perRound * 3.2 + 2 * warmUp;
    await fill(bench.db.pool, bench.organizationId, { customers: 500, invoices, open: invoices, tag: 1 });
    const ids = await halvesOf(bench.db.pool, bench.organizationId);
    const pool = new pg.Pool({ ...bench.config, max: 70 });
    pool.on('error', () => undefined);
    const rates = {
      of64: [] as number[],
      of200: [] as number[],
      batched: [] as number[],
      oneByOne: [] as number[],
    };
    const take = (count: number): Row[] => ids.splice(0, count);
    await byCommand(bench, take(warmUp), 64);
    await batchedSql(pool, bench.organizationId, take(warmUp));
    for (let at = 0; at < rounds; at += 1) {
      rates.of64.push(await rate(perRound, () => byCommand(bench, take(perRound), 64)));
      rates.batched.push(await rate(perRound, () => batchedSql(pool, bench.organizationId, take(perRound))));
      rates.of200.push(await rate(perRound, () => byCommand(bench, take(perRound), 200)));
      rates.oneByOne.push(
        await rate(perRound / 5, () => oneByOneSql(pool, bench.organizationId, take(perRound / 5), 64)),
      );
    }
    await pool.end();
    const against = (value: number, reference: number) => ({
      value: round(value),
      unit: 'payments/s',
      against: round(reference),
      ratio: round(value / reference),
    });
    const [of64, of200, batched, oneByOne] = [rates.of64, rates.of200, rates.batched, rates.oneByOne].map(
      median,
    ) as [number, number, number, number];
    return [
      { name: 'post-payment', ...against(of64, batched), note: '64 callers against batched SQL; goal ≥ 0.5' },
      {
        name: 'post-payment-200-callers',
        ...against(of200, batched),
        note: 'as many in flight as the batched SQL',
      },
      {
        name: 'post-payment-one-by-one',
        ...against(of64, oneByOne),
        note: 'against SQL one by one, 64 callers both; goal ≥ 5',
      },
    ];
  });
}

async function rate(count: number, work: () => Promise<void>): Promise<number> {
  const start = now_ms();
  await work();
  return count / ((now_ms() - start) / 1000);
}
