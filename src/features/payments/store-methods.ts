import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { NewEvent } from '#db/events.ts';
import { knownFunding } from '#features/card-fees/card-ranges.ts';
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
    const about = { organizationId, paymentId: payment.id, methodId: id };
    const { funding, bin, listId } = await knownFunding(tx, method);
    const isUsable = method.kind === 'card' || (await isVouchedFor(tx, about));
    await tx.run(sql`
      insert into payment_methods (organization_id, id, customer_id, gateway_account_id, kind, brand, last4, expiry_year,
        expiry_month, funding, bin, funding_list_id, stored_token, state, added_by, created_at)
      values (${organizationId}, ${id}, ${payment.customerId}, ${payment.gatewayAccountId}, ${method.kind},
        ${method.brand}, ${method.last4}, ${method.expiry?.year ?? null}, ${method.expiry?.month ?? null},
        ${funding}, ${bin}, ${listId}, ${method.storedToken},
        ${isUsable ? 'active' : 'needs_authorization'}, ${addedBy(payment)}, ${now})`);
    await keepWhatStaffSaid(tx, about);
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

const addedBy = ({ portalUserId, userId }: DecidedMove['payment']): string =>
  portalUserId ? 'portal_user' : userId ? 'user' : 'payer';

type Stored = { organizationId: string; paymentId: string; methodId: string };

/** Staff holds the authorization of the account's owner, and said so with the charge. */
async function isVouchedFor(tx: Tx, { organizationId, paymentId }: Stored): Promise<boolean> {
  const held = await tx.row(sql`select 1 as held from authorizations where organization_id = ${organizationId}
    and payment_id = ${paymentId} and kind = 'bank_debit' and signature_kind = 'held'`);
  return held !== undefined;
}

/** What was said with the charge holds for the method from now on; the charge keeps its own. */
async function keepWhatStaffSaid(tx: Tx, { organizationId, paymentId, methodId }: Stored): Promise<void> {
  await tx.run(sql`
    insert into authorizations (organization_id, id, customer_id, payment_method_id, kind, text, hash, name, user_id, ip,
      user_agent, version, signature_kind, accepted_at)
    select organization_id, ${newId('authorization')}, customer_id, ${methodId}, kind, text, hash, name, user_id, ip,
      user_agent, version, signature_kind, accepted_at
    from authorizations where organization_id = ${organizationId} and payment_id = ${paymentId}
      and signature_kind = 'held'`);
}
