import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';

/** Its customer opened an estimate for the first time since it was last changed. */
export async function recordEstimateView(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; estimateId: string },
  now: Date,
): Promise<void> {
  const { organizationId, estimateId } = input;
  const seen = await tx.row<{ customerId: string; number: string }>(sql`
    update estimates set viewed_at = ${now}, sent_at = coalesce(sent_at, ${now})
    where organization_id = ${organizationId} and id = ${estimateId} and viewed_at is null
    returning customer_id, number`);
  if (!seen) return;
  const { customerId, number } = seen;
  await record(tx, { actor, organizationId, now }, [
    { type: 'estimate.viewed', subjectId: estimateId, customerId, data: { number } },
  ]);
}
