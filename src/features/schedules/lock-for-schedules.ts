import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { MethodState } from '#features/payment-methods/rules.ts';
import type { ChargeKind } from '#features/payments/payment-gateway.ts';
import { type Unusable, whyUnusable } from '#features/standing-charges/rules.ts';
import { Refusal } from '#lib/errors.ts';

/** Customers that schedules are made for, held until they exist. */
export async function lockCustomers(tx: Tx, organizationId: string, ids: readonly string[]): Promise<void> {
  const wanted = [...new Set(ids)];
  const found = await tx.rows<{ id: string; isActive: boolean }>(sql`
    select id, deactivated_at is null as is_active from customers
    where organization_id = ${organizationId} and id = any(${wanted}::text[]) order by id for share`);
  if (found.length < wanted.length)
    throw new Refusal('not_found', { message: 'There is no such customer.', param: 'customer_id' });
  if (found.some(({ isActive }) => !isActive))
    throw new Refusal('state_refused', { message: 'This customer is deactivated.', param: 'customer_id' });
}

export type LockedMethod = {
  id: string;
  customerId: string;
  kind: ChargeKind;
  state: MethodState;
  expiryYear: number | null;
  expiryMonth: number | null;
  storedToken: string;
  gatewayAccountId: string;
  isAllowed: boolean;
  brand: string;
  last4: string;
};

/** Methods that schedules will charge, held so that none is removed at this moment. */
export async function lockMethodsOf(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, LockedMethod>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.rows<LockedMethod>(sql`
    select m.id, m.customer_id, m.kind, m.state, m.expiry_year, m.expiry_month, m.stored_token, m.gateway_account_id,
      m.brand, m.last4, case m.kind when 'card' then c.allow_card when 'bank_account' then c.allow_bank_account
        else c.allow_paypal end as is_allowed
    from payment_methods m join customers c on c.organization_id = m.organization_id and c.id = m.customer_id
    where m.organization_id = ${organizationId} and m.id = any(${[...new Set(ids)]}::text[])
    order by m.id for share of m`);
  return new Map(rows.map((row) => [row.id, row]));
}

const words: Record<Unusable, string> = {
  method_gone: 'This customer has no such stored payment method. Store one first.',
  method_expired: 'This card has expired. Choose another one.',
  needs_authorization: 'The owner of this bank account has not signed yet.',
  method_blocked: 'A debit of this bank account came back, which blocked it. Choose another method.',
  kind_barred: 'This customer’s settings do not allow this kind of payment.',
};

/** The method, or the refusal of one that cannot be charged on `day`. */
export function usableMethod(
  method: LockedMethod | undefined,
  customerId: string,
  day: string,
): LockedMethod {
  const unusable = whyUnusable(method, customerId, day);
  if (method && !unusable) return method;
  throw new Refusal('state_refused', {
    message: words[unusable ?? 'method_gone'],
    param: 'payment_method_id',
  });
}
