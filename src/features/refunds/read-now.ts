import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { organizationNow } from '#lib/clock.ts';
import { must } from '#lib/errors.ts';

/** By the organization's own clock. */
export async function readNow(tx: Tx, organizationId: string): Promise<Date> {
  const organization = await tx.row<{ clockOffsetMs: bigint }>(
    sql`select clock_offset_ms from organizations where id = ${organizationId}`,
  );
  return organizationNow(must(organization, 'the organization'));
}
