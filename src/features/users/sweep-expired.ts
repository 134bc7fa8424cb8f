import { type RawBuilder, sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import { secondsLater } from '#lib/dates.ts';

const day_s = 86_400;

/** So many rows a transaction, so that nobody waits for it, and so many transactions a table and day. */
export const sweepLimits = { batch: 2000, batches: 250 };

type Heap = {
  table:
    | 'sessions'
    | 'link_tokens'
    | 'address_guards'
    | 'sign_in_challenges'
    | 'email_changes'
    | 'oidc_attempts'
    | 'event_origins';
  outdated(now: Date): RawBuilder<unknown>;
};

const heaps: readonly Heap[] = [
  { table: 'sessions', outdated: (now) => sql`expires_at < ${now}` },
  {
    table: 'link_tokens',
    // For three months an old link still says that it is old. Of the installation's links the newest that
    // knows the sample company stays: the next start hands it on.
    outdated: (now) => sql`expires_at < ${secondsLater(now, -90 * day_s)} and id is distinct from (
      select id from link_tokens where purpose = 'installation' and user_id is not null order by id desc limit 1)`,
  },
  // A lock ends after a day at the latest, and mails are counted for a day.
  { table: 'address_guards', outdated: (now) => sql`last_at < ${secondsLater(now, -7 * day_s)}` },
  { table: 'sign_in_challenges', outdated: (now) => sql`expires_at < ${now}` },
  // The link that undoes one works for a week; what happened stands in the audit log.
  { table: 'email_changes', outdated: (now) => sql`expires_at < ${secondsLater(now, -30 * day_s)}` },
  { table: 'oidc_attempts', outdated: (now) => sql`expires_at < ${now}` },
  // A year and a month: who looks back over a year finds all of it. The act itself stays in the audit log.
  { table: 'event_origins', outdated: (now) => sql`kept_since < ${secondsLater(now, -400 * day_s)}` },
];

/** Forget what is out of date: sessions, links from mails, tries at the doors. Answers how many rows went. */
export async function sweepExpired(
  db: Database,
  now: Date,
  limits = sweepLimits,
): Promise<Record<Heap['table'], number>> {
  const swept = {
    ...{ sessions: 0, link_tokens: 0, address_guards: 0 },
    ...{ sign_in_challenges: 0, email_changes: 0, oidc_attempts: 0, event_origins: 0 },
  };
  for (const { table, outdated } of heaps) {
    for (let batch = 0; batch < limits.batches; batch += 1) {
      const gone = await db.transaction(systemActor('sweep'), (tx) =>
        tx.run(sql`delete from ${sql.table(table)} where ctid = any(array(
          select ctid from ${sql.table(table)} where ${outdated(now)} limit ${limits.batch} for update skip locked))`),
      );
      swept[table] += gone;
      if (gone < limits.batch) break;
    }
  }
  return swept;
}
