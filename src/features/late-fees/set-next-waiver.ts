import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { notFound } from '#lib/errors.ts';

/**
 * Let a customer off the next late fee, whichever invoice it falls on; used once, it is off again by
 * itself.
 */
export async function setNextWaiver(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; customerId: string; waives: boolean },
  now: Date,
): Promise<void> {
  const { organizationId, customerId, waives } = input;
  const customer = await tx.row<{ waives: boolean }>(sql`select waive_next_late_fee as waives from customers
    where organization_id = ${organizationId} and id = ${customerId} for no key update`);
  if (!customer) throw notFound('customer', customerId);
  if (customer.waives === waives) return;
  await tx.run(sql`update customers set waive_next_late_fee = ${waives}, updated_at = ${now}
    where organization_id = ${organizationId} and id = ${customerId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'customer.updated',
      subjectId: customerId,
      customerId,
      data: { changes: { waive_next_late_fee: [customer.waives, waives] } },
    },
  ]);
}
