import { hostname } from 'node:os';
import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import { systemNow } from '#lib/dates.ts';

const every_ms = 15_000;

/**
 * Say every few seconds that this worker lives, so that /readyz can tell when none does. Answers how to stop.
 */
export function beat(db: Database): () => void {
  const id = `${hostname()} ${process.pid}`;
  const startedAt = systemNow();
  const once = () =>
    db
      .transaction(systemActor('heartbeat'), async (tx) => {
        await tx.run(sql`insert into workers (id, started_at, last_seen_at) values (${id}, ${startedAt}, ${systemNow()})
      on conflict (id) do update set last_seen_at = excluded.last_seen_at, started_at = excluded.started_at`);
        await tx.run(
          sql`delete from workers where last_seen_at < ${systemNow()}::timestamptz - interval '7 days'`,
        );
      })
      .catch(() => undefined); // a missed beat shows by itself: the last one grows old
  void once();
  const timer = setInterval(() => void once(), every_ms);
  timer.unref();
  return () => clearInterval(timer);
}

/** Seconds since the newest beat of any worker; undefined when none ever beat. */
export async function lastBeat(db: Database): Promise<number | undefined> {
  const row = await db.transaction(systemActor('readyz'), (tx) =>
    tx.row<{ seen: Date | null }>(sql`select max(last_seen_at) as seen from workers`),
  );
  return row?.seen ? (systemNow().getTime() - row.seen.getTime()) / 1000 : undefined;
}
