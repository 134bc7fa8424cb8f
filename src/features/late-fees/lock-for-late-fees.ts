import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type LateFeeInvoice, readFacts } from '#features/late-fees/read-facts.ts';

/**
 * Lock customers, then invoices, ids in order, and read what decides their late fees as it then stands; in
 * the order asked for. Not `for update`: a payment refers to its customer, and need not wait for a day's
 * work.
 */
export async function lockForLateFees(
  tx: Tx,
  organizationId: string,
  asked: readonly { id: string; customerId: string }[],
): Promise<LateFeeInvoice[]> {
  if (asked.length === 0) return [];
  const ids = asked.map(({ id }) => id);
  const customerIds = [...new Set(asked.map(({ customerId }) => customerId))];
  await tx.run(sql`select id from customers where organization_id = ${organizationId}
    and id = any(${customerIds}::text[]) order by id for no key update`);
  await tx.run(sql`select id from invoices where organization_id = ${organizationId}
    and id = any(${ids}::text[]) order by id for update`);
  // In a statement of its own: one that waits for a lock sees the row anew, but what hangs on it as it was.
  const facts = new Map((await readFacts(tx, organizationId, ids)).map((each) => [each.id, each]));
  return ids.flatMap((id) => facts.get(id) ?? []);
}
