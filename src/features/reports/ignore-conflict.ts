import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { notFound } from '#lib/errors.ts';

/**
 * Leave a customer without an address out of the conflicts, for it is never written to, or take it in again.
 */
export async function ignoreConflict(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; customerId: string; ignored: boolean },
  now: Date,
): Promise<void> {
  const { organizationId, customerId, ignored } = input;
  const row = await tx.row<{ before: boolean }>(sql`
    select ignore_conflicts as before from customers
    where organization_id = ${organizationId} and id = ${customerId} for no key update`);
  if (!row) throw notFound('customer', customerId);
  if (row.before === ignored) return;
  await tx.run(sql`update customers set ignore_conflicts = ${ignored}, updated_at = ${now}
    where organization_id = ${organizationId} and id = ${customerId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'customer.updated',
      subjectId: customerId,
      customerId,
      data: { changes: { ignore_conflicts: [row.before, ignored] } },
    },
  ]);
}
