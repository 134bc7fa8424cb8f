import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';

/** The gateway said no to a void: the payment is as it was, and the wish ends with the reason kept. */
export async function recordVoidRefusal(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; paymentId: string; message: string },
  now: Date,
): Promise<void> {
  const { organizationId, paymentId, message } = input;
  const refused = await tx.row<{ customerId: string }>(sql`
    update payments set void_refused_at = ${now}, void_refusal = ${message}, void_next_at = null
    where organization_id = ${organizationId} and id = ${paymentId} and void_requested_at is not null
      and void_refused_at is null and ended_at is null returning customer_id`);
  if (!refused) {
    await tx.run(sql`update payments set void_next_at = null where organization_id = ${organizationId}
      and id = ${paymentId} and void_next_at is not null`);
    return;
  }
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'payment.void_refused',
      subjectId: paymentId,
      customerId: refused.customerId,
      data: { message },
    },
  ]);
}
