import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { NewEvent } from '#db/events.ts';
import { firstIsDefault } from '#features/payments/default-method.ts';
import type { DecidedMove } from '#features/payments/outcome-rules.ts';
import { newId } from '#lib/ids.ts';

/**
 * Keep the methods that payers asked to store, once the gateway has taken the charge and given a token for
 * later. Answers the events of those that were kept.
 */
export async function storeMethods(
  tx: Tx,
  organizationId: string,
  moves: readonly DecidedMove[],
  now: Date,
): Promise<NewEvent[]> {
  const events: NewEvent[] = [];
  for (const { payment, method, isKnown, state } of moves) {
    const isNew =
      payment.paymentMethodId === null &&
      payment.gatewaySource?.kind === 'one_time' &&
      payment.gatewaySource.store;
    if (!isNew || !isKnown || state === 'declined' || !method?.storedToken) continue;
    const id = newId('paymentMethod');
    await tx.run(sql`
      insert into payment_methods (organization_id, id, customer_id, gateway_account_id, kind, brand, last4, expiry_year,
        expiry_month, funding, stored_token, state, added_by, created_at)
      values (${organizationId}, ${id}, ${payment.customerId}, ${payment.gatewayAccountId}, ${method.kind},
        ${method.brand}, ${method.last4}, ${method.expiry?.year ?? null}, ${method.expiry?.month ?? null},
        ${method.funding ?? null}, ${method.storedToken},
        ${method.kind === 'bank_account' ? 'needs_authorization' : 'active'}, ${payment.portalUserId ? 'portal_user' : 'payer'}, ${now})`);
    await tx.run(sql`update payments set payment_method_id = ${id}
      where organization_id = ${organizationId} and id = ${payment.id}`);
    await tx.run(firstIsDefault({ organizationId, customerId: payment.customerId, methodId: id }, now));
    events.push({
      type: 'payment_method.stored',
      subjectId: id,
      customerId: payment.customerId,
      data: { kind: method.kind, brand: method.brand, last4: method.last4, payment_id: payment.id },
    });
  }
  return events;
}
