import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';

/** So many changes a transaction, and so many transactions a sweep. */
export const foldLimits = { batch: 10_000, batches: 100 };

/**
 * Make one row of all that stands for one figure, currency and day. The sum stays as it is: whoever reads
 * meanwhile sees the rows of before or the one of after, and who changes something adds a row of its own.
 */
export async function foldDailySums(db: Database, limits = foldLimits): Promise<number> {
  let folded = 0;
  for (let batch = 0; batch < limits.batches; batch += 1) {
    const { changes } = (await db.transaction(systemActor('sweep'), (tx) =>
      tx.row<{ changes: number }>(sql`
        with changes as (select organization_id, figure, day from daily_sums where not folded limit ${limits.batch}),
        gone as (delete from daily_sums d using (select distinct organization_id, figure, day from changes) c
          where d.organization_id = c.organization_id and d.figure = c.figure and d.day = c.day returning d.*),
        kept as (insert into daily_sums (organization_id, figure, currency, day, amount, count, folded)
          select organization_id, figure, currency, day, sum(amount), sum(count), true from gone
          group by organization_id, figure, currency, day having sum(amount) <> 0 or sum(count) <> 0)
        select count(*)::int as changes from changes`),
    )) ?? { changes: 0 };
    folded += changes;
    if (changes < limits.batch) break;
  }
  return folded;
}
