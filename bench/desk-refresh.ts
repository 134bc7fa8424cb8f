import type { Database } from '#db/db.ts';
import { rankDesk } from '#features/collections/rank-desk.ts';
import { countEmailConflicts, listEmailConflicts } from '#features/reports/queries.ts';
import { fill, newOrganization, withDatabase } from './support/database.ts';
import { type BenchResult, median, now_ms, round } from './support/result.ts';

/** `-- desk-refresh --large` has a hundred thousand customers. */
const sizes = process.argv.includes('--large') ? [10_000, 100_000] : [2_000, 10_000];
const today = '2026-11-20';

/** What the desk ranks by money alone: one sum over what is past due, by hand. */
const bareQuery = `select customer_id, sum(balance_due - reserved), min(due_date) from invoices
  where organization_id = $1 and closed_at is null and issued_at is not null and due_date < $2 group by 1`;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = now_ms();
  await work();
  return now_ms() - began;
}

/**
 * The worklist of a whole organization anew: the first time, when every row is written; the same day again,
 * when none is; and a month later, when every customer is in another bracket of age. Half of the customers
 * owe. And the e-mail conflicts where half have no address: nobody owes, then all do.
 */
export async function run(): Promise<BenchResult[]> {
  return withDatabase(async ({ db }) => {
    const results: BenchResult[] = [];
    for (const [at, size] of sizes.entries()) results.push(...(await runSize(db, size, at + 1)));
    return results;
  });
}

async function runSize(db: Database, customers: number, tag: number): Promise<BenchResult[]> {
  const organizationId = await newOrganization(db);
  await fill(db.pool, organizationId, { customers, invoices: customers, open: 0, tag });
  await db.pool.query(
    `update customers set email = null where organization_id = $1 and right(id, 1) in ('0', '2', '4', '6', '8')`,
    [organizationId],
  );
  await db.pool.query('vacuum analyze customers, invoices');
  const conflicts = async (what: string): Promise<BenchResult> => {
    const took: number[] = [];
    for (let times = 0; times < 5; times += 1)
      took.push(
        await timed(() =>
          db.transaction({ kind: 'job', organizationId, name: 'bench' }, async (tx) => {
            await listEmailConflicts(tx, { organizationId, limit: 25, view: 'open' });
            await countEmailConflicts(tx, organizationId, 100);
          }),
        ),
      );
    const value = round(median(took));
    return { name: `email-conflicts ${customers}: ${what}`, value, unit: 'ms', against: null, ratio: null };
  };
  const results = [await conflicts('nobody owes')];
  await db.pool.query(
    `update invoices set closed_at = null, applied = 0 where organization_id = $1 and right(number, 1) in ('1', '2', '3', '4', '5')`,
    [organizationId],
  );
  await db.pool.query('vacuum analyze customers, invoices');
  results.push(await conflicts('half owe'));
  const bare = await timed(() => db.pool.query(bareQuery, [organizationId, today]));
  const rank = async (what: string, at: string): Promise<void> => {
    const now = new Date(at);
    const ms = await timed(() => rankDesk({ db }, { organizationId, today: at.slice(0, 10), now }));
    const { rows } = await db.pool.query<{ written: number }>(
      'select count(*)::int as written from worklist where organization_id = $1 and refreshed_at = $2',
      [organizationId, now],
    );
    results.push({
      ...{ name: `desk-refresh ${customers}: ${what}`, value: Math.round(ms), unit: 'ms' },
      ...{ against: Math.round(bare), ratio: round(ms / bare), note: `${rows[0]?.written} rows written` },
    });
    await db.pool.query('vacuum analyze worklist');
  };
  await rank('the first time', `${today}T12:00:00Z`);
  await rank('the same day again', `${today}T13:00:00Z`);
  await rank('a month later', '2026-12-20T12:00:00Z');
  return results;
}
