import { setTimeout as sleep } from 'node:timers/promises';
import { byCommand } from './support/by-command.ts';
import { fill, newOrganization, withDatabase } from './support/database.ts';
import { halvesOf } from './support/open-invoices.ts';
import { fillPayments } from './support/past-payments.ts';
import type { Row } from './support/post-payment-sql.ts';
import { type BenchResult, median, now_ms, round } from './support/result.ts';

const sizes = { small: 10_000, big: Number(process.env.OWED_BENCH_PAYMENTS ?? 10_000_000) };
const rounds = 9;
const perRound = { 1: 200, 64: 1500 } as const;
// The first of the 64 find every page as filling and its checkpoint left it: each is read and logged whole once more.
const batches = [
  { at: 1, name: '1 caller' },
  { at: 64, name: '64 callers, just filled' },
  { at: 64, name: '64 callers, afterwards' },
] as const;
const warmUp = 1500;

type Side = { organizationId: string; rows: Row[] };

/**
 * What a payment costs in an organization that has ten million behind it (with their applications, journal and events)
 * against one that has ten thousand, in the same database, in turns: one caller (the time it waits) and 64 (the rate).
 * Filling takes ten minutes and 25 GB; OWED_BENCH_PAYMENTS makes it less.
 */
export async function run(): Promise<BenchResult[]> {
  return withDatabase(async ({ db, organizationId }) => {
    const side = async (id: string, payments: number, tag: number): Promise<Side> => {
      const open = batches.reduce((sum, { at }) => sum + rounds * perRound[at], warmUp);
      const invoices = open + Math.ceil(payments / 10) + 1;
      await fill(db.pool, id, { customers: 1000, invoices, open, tag });
      await db.pool.query(`alter system set max_wal_size = '16GB'`);
      await db.pool.query('select pg_reload_conf()');
      await fillPayments(db.pool, id, { payments, tag });
      return { organizationId: id, rows: await halvesOf(db.pool, id) };
    };
    // The small one first: each filling builds the indexes of all rows again.
    const small = await side(await newOrganization(db), sizes.small, 2);
    const big = await side(organizationId, sizes.big, 1);
    await db.pool.query('checkpoint');
    process.stderr.write('filled; measuring\n');
    await sleep(20_000);
    const cost = async ({ organizationId: id, rows }: Side, count: number, at: number): Promise<number> => {
      const start = now_ms();
      await byCommand({ db, organizationId: id }, rows.splice(0, count), at);
      return (now_ms() - start) / count;
    };
    for (const each of [big, small]) await cost(each, warmUp, 64);
    const results: BenchResult[] = [];
    for (const { at, name } of batches) {
      const [ours, theirs] = [[] as number[], [] as number[]];
      for (let each = 0; each < rounds; each += 1) {
        ours.push(await cost(big, perRound[at], at));
        theirs.push(await cost(small, perRound[at], at));
      }
      results.push({
        name: `payment-at-10m: ${name}`,
        value: round(median(ours)),
        unit: 'ms/payment',
        against: round(median(theirs)),
        ratio: round(median(ours) / median(theirs)),
        note: `${sizes.big.toLocaleString('en')} payments against ${sizes.small.toLocaleString('en')}; goal ≤ 1.2`,
      });
    }
    return results;
  });
}
