import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { arrivalJob } from '#features/mail-news/keep-arrival.ts';
import { secondsLater } from '#lib/dates.ts';

const day_s = 86_400;

/** Ask again for what was not worked, and let go of what was, a month after: its facts are long recorded. */
export async function sweepArrivals(db: Database, realNow: Date): Promise<void> {
  await db.transaction(systemActor('sweep'), async (tx) => {
    const left = await tx.rows<{ id: string }>(sql`
      select id from mail_arrivals where state <> 'worked' and attempts < 20
        and received_at < ${secondsLater(realNow, -3600)} order by received_at limit 500`);
    await enqueue(
      tx,
      left.map(({ id }) => arrivalJob(id)),
    );
    await tx.run(sql`delete from mail_arrivals where id in (select id from mail_arrivals
      where state = 'worked' and worked_at < ${secondsLater(realNow, -30 * day_s)} limit 5000)`);
  });
}
