import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import { paymentsUnderWay, standingUses } from '#features/payment-methods/queries.ts';
import { type MethodState, removalRefusal } from '#features/payment-methods/rules.ts';
import { firstIsDefault } from '#features/payments/default-method.ts';
import { notFound, Refusal } from '#lib/errors.ts';

/** Take a stored method off the file, and ask for the gateway to forget it too. Removing it twice is once. */
export async function removeMethod(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; customerId: string; methodId: string },
  now: Date,
): Promise<void> {
  const { organizationId, customerId, methodId } = input;
  const method = await tx.row<{
    state: MethodState;
    kind: string;
    brand: string;
    last4: string;
  }>(sql`
    select state, kind, brand, last4 from payment_methods
    where organization_id = ${organizationId} and id = ${methodId}
    and customer_id = ${customerId} for update`);
  if (!method) throw notFound('payment method', methodId);
  if (method.state === 'removed') return;
  const reason = removalRefusal({
    paymentsUnderWay: (await paymentsUnderWay(tx, input)).get(methodId) ?? 0,
    standing: (await standingUses(tx, organizationId, [methodId])).get(methodId) ?? [],
  });
  if (reason) throw new Refusal('state_refused', reason);
  await tx.run(sql`update payment_methods set state = 'removed', removed_at = ${now}
    where organization_id = ${organizationId} and id = ${methodId}`);
  await passDefaultOn(tx, { organizationId, customerId, methodId }, now);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'payment_method.removed',
      subjectId: methodId,
      customerId,
      data: { kind: method.kind, brand: method.brand, last4: method.last4 },
    },
  ]);
  await enqueue(tx, [
    { job: 'forget-method', key: `forget:${methodId}`, payload: { organizationId, methodId } },
  ]);
}

/** Where the usual method goes, the newest that is left takes its place. */
async function passDefaultOn(
  tx: Tx,
  one: { organizationId: string; customerId: string; methodId: string },
  now: Date,
): Promise<void> {
  const { organizationId, customerId, methodId } = one;
  const was = await tx.run(sql`delete from default_payment_methods
    where organization_id = ${organizationId} and payment_method_id = ${methodId}`);
  if (was === 0) return;
  const next = await tx.row<{ id: string }>(sql`select id from payment_methods
    where organization_id = ${organizationId} and customer_id = ${customerId} and state = 'active'
    order by id desc limit 1`);
  if (next) await tx.run(firstIsDefault({ organizationId, customerId, methodId: next.id }, now));
}
