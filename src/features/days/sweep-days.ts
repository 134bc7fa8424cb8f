import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';

/**
 * Find the organizations whose own day has come to its working hour and is not worked yet, and ask for it. A
 * doubled or late sweep is harmless: a day's job has the day as its key, and its parts know what is done. A
 * day of which one part failed is asked for again, until all of them are done.
 */
export async function sweepDays(db: Database, realNow: Date, parts: readonly string[]): Promise<number> {
  let asked = 0;
  for (let after: string | undefined = ''; after !== undefined; ) {
    const due = await sweepSome(db, realNow, { parts, after });
    asked += due.length;
    after = due.length < atOnce ? undefined : due.at(-1)?.organizationId;
  }
  return asked;
}

type Due = { organizationId: string; day: string };
const atOnce = 1000;

function sweepSome(
  db: Database,
  realNow: Date,
  { parts, after }: { parts: readonly string[]; after: string },
): Promise<Due[]> {
  return db.transaction(systemActor('sweep-days'), async (tx) => {
    const due = await tx.rows<Due>(sql`
      select o.id as organization_id, l.at::date::text as day from organizations o
      cross join lateral (select (${realNow}::timestamptz + o.clock_offset_ms * interval '1 millisecond')
        at time zone o.time_zone as at) l
      where o.id > ${after} and extract(hour from l.at) >= o.work_hour and exists (select from unnest(${parts}::text[]) as p(part)
        where not exists (select from organization_days d
          where d.organization_id = o.id and d.day = l.at::date and d.part = p.part))
      order by o.id limit ${atOnce}`);
    await enqueue(
      tx,
      due.map(({ organizationId, day }) => dayJob(organizationId, day)),
    );
    return due;
  });
}

export const dayJob = (organizationId: string, day: string) => ({
  job: 'work-day',
  key: `day:${organizationId}:${day}`,
  payload: { organizationId },
  maxAttempts: 3,
});
