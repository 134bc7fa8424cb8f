import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Earlier } from '#features/payments/decide-batch.ts';

/**
 * Payments that already carry one of these keys. Takes a lock on each key first, so that two requests with one key
 * come one after the other even where they share no invoice.
 */
export async function findEarlier(tx: Tx, organizationId: string, requestKeys: readonly string[]): Promise<Earlier[]> {
  const keys = [...new Set(requestKeys)].sort();
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${organizationId} || k, 0)) from unnest(${keys}::text[]) k`);
  return tx.rows<Earlier>(sql`select id, request_key, customer_id, amount from payments
    where organization_id = ${organizationId} and request_key = any(${keys})`);
}
