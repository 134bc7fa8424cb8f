import { sql } from 'kysely';
import { type Database, systemActor, type Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';

/**
 * Find the payments whose gateway is to be asked now, each by its organization's clock, and ask for the jobs
 * that do. The job's key makes a doubled sweep harmless. Answers how many were due.
 */
export async function sweepLookups(db: Database, now: Date, organizationId?: string): Promise<number> {
  return db.transaction(systemActor('sweep-lookups'), async (tx) => {
    const due = await tx.rows<{ organizationId: string; id: string }>(sql`
      select p.organization_id, p.id from payments p join organizations o on o.id = p.organization_id
      where p.next_lookup_at is not null and (${organizationId ?? null}::text is null or o.id = ${organizationId ?? null})
        and p.next_lookup_at <= ${now}::timestamptz + o.clock_offset_ms * interval '1 millisecond'
      order by p.next_lookup_at limit 1000`);
    await enqueueLookups(tx, due);
    return due.length;
  });
}

/**
 * At a start: ask at once about every charge that may have left and was never answered. The process that
 * waited for the answer is dead, and who pays should not wait for the timetable because of it.
 */
export async function sweepCutSubmissions(db: Database): Promise<number> {
  return db.transaction(systemActor('sweep-cut-submissions'), async (tx) => {
    const cut = await tx.rows<{ organizationId: string; id: string }>(sql`
      select organization_id, id from payments
      where next_lookup_at is not null and submitted_at is not null and state in ('pending', 'unknown')
      order by next_lookup_at limit 10000`);
    await enqueueLookups(tx, cut);
    return cut.length;
  });
}

const enqueueLookups = (tx: Tx, payments: readonly { organizationId: string; id: string }[]): Promise<void> =>
  enqueue(
    tx,
    payments.map(({ organizationId, id }) => ({
      job: 'look-up-payment',
      key: `lookup:${id}`,
      payload: { organizationId, paymentId: id },
    })),
  );

/** The same payments, as a list: moving a sandbox clock works them off itself, in order. */
export async function duePayments(db: Database, organizationId: string, now: Date): Promise<string[]> {
  const rows = await db.transaction({ kind: 'job', organizationId, name: 'advance-clock' }, (tx) =>
    tx.rows<{ id: string }>(sql`select id from payments where organization_id = ${organizationId}
      and next_lookup_at is not null and next_lookup_at <= ${now} order by next_lookup_at, id limit 1000`),
  );
  return rows.map((row) => row.id);
}
