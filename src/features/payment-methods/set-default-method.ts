import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { defaultRefusal, type MethodState } from '#features/payment-methods/rules.ts';
import { notFound, Refusal } from '#lib/errors.ts';

/** Make a method the customer's usual one: it stands first at the checkout and where staff charges. */
export async function setDefaultMethod(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; customerId: string; methodId: string; today: string },
  now: Date,
): Promise<void> {
  const { organizationId, customerId, methodId } = input;
  const method = await tx.row<{
    state: MethodState;
    expiryYear: number | null;
    expiryMonth: number | null;
  }>(sql`select state, expiry_year, expiry_month from payment_methods
    where organization_id = ${organizationId} and id = ${methodId} and customer_id = ${customerId} for update`);
  if (!method || method.state === 'removed') throw notFound('payment method', methodId);
  const reason = defaultRefusal(method, input.today);
  if (reason) throw new Refusal('state_refused', reason);
  const changed = await tx.run(sql`
    insert into default_payment_methods as d (organization_id, customer_id, payment_method_id, set_at)
    values (${organizationId}, ${customerId}, ${methodId}, ${now})
    on conflict (organization_id, customer_id) do update set payment_method_id = excluded.payment_method_id,
      set_at = excluded.set_at
    where d.payment_method_id <> excluded.payment_method_id`);
  if (changed === 0) return;
  await record(tx, { actor, organizationId, now }, [
    { type: 'payment_method.made_default', subjectId: methodId, customerId },
  ]);
}
