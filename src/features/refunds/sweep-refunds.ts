import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';

type Due = { organizationId: string; id: string };
export type DueGiveBacks = { refundIds: string[]; voidIds: string[] };

/**
 * Find the refunds and voids whose gateway is to be asked now, each by its organization's clock, and ask for
 * the jobs that do. Answers how many were due.
 */
export async function sweepRefunds(db: Database, now: Date): Promise<number> {
  return db.transaction(systemActor('sweep-refunds'), async (tx) => {
    const refunds = await tx.rows<Due>(sql`
      select r.organization_id, r.id from refunds r join organizations o on o.id = r.organization_id
      where r.next_lookup_at is not null
        and r.next_lookup_at <= ${now}::timestamptz + o.clock_offset_ms * interval '1 millisecond'
      order by r.next_lookup_at limit 1000`);
    const voids = await tx.rows<Due>(sql`
      select p.organization_id, p.id from payments p join organizations o on o.id = p.organization_id
      where p.void_next_at is not null
        and p.void_next_at <= ${now}::timestamptz + o.clock_offset_ms * interval '1 millisecond'
      order by p.void_next_at limit 1000`);
    await enqueue(tx, [
      ...refunds.map(({ organizationId, id }) => ({
        job: 'look-up-refund',
        key: `refund-lookup:${id}`,
        payload: { organizationId, refundId: id },
      })),
      ...voids.map(({ organizationId, id }) => ({
        job: 'submit-void',
        key: `void:${id}`,
        payload: { organizationId, paymentId: id },
      })),
    ]);
    return refunds.length + voids.length;
  });
}

/** The same, as a list: moving a sandbox clock works them off itself, in order. */
export async function dueGiveBacks(db: Database, organizationId: string, now: Date): Promise<DueGiveBacks> {
  return db.transaction({ kind: 'job', organizationId, name: 'advance-clock' }, async (tx) => {
    const refunds = await tx.rows<{
      id: string;
    }>(sql`select id from refunds where organization_id = ${organizationId}
      and next_lookup_at is not null and next_lookup_at <= ${now} order by next_lookup_at, id limit 1000`);
    const voids = await tx.rows<{
      id: string;
    }>(sql`select id from payments where organization_id = ${organizationId}
      and void_next_at is not null and void_next_at <= ${now} order by void_next_at, id limit 1000`);
    return { refundIds: refunds.map(({ id }) => id), voidIds: voids.map(({ id }) => id) };
  });
}
