import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { NewEvent } from '#db/events.ts';

export type BankReturn = { paymentId: string; code: string };

type Blocked = {
  id: string;
  customerId: string;
  brand: string;
  last4: string;
  paymentId: string;
  code: string;
  title: string | null;
  stopAutopay: boolean;
};

/**
 * Block the stored accounts whose debits came back with a code that says so; one that no rule knows blocks
 * too. Answers the events, for the command that recorded the returns.
 */
export async function applyReturnCodes(
  tx: Tx,
  organizationId: string,
  input: { returns: readonly BankReturn[]; today: string },
  now: Date,
): Promise<NewEvent[]> {
  const { returns, today } = input;
  if (returns.length === 0) return [];
  const ids = returns.map(({ paymentId }) => paymentId);
  await tx.rows(sql`select id from payment_methods where organization_id = ${organizationId}
    and id in (select payment_method_id from payments where organization_id = ${organizationId} and id = any(${ids}))
    order by id for update`);
  const blocked = await tx.rows<Blocked>(sql`
    update payment_methods m set state = 'blocked', blocked_at = ${now}, blocked_code = r.code
    from unnest(${ids}::text[], ${returns.map(({ code }) => code)}::text[]) as r(payment_id, code)
    join payments p on p.organization_id = ${organizationId} and p.id = r.payment_id
    left join lateral ach_return_code(r.code, ${today}::date) c on true
    where m.organization_id = ${organizationId} and m.id = p.payment_method_id and m.kind = 'bank_account'
      and m.state = 'active' and coalesce(c.method, 'block') <> 'keep'
    returning m.id, m.customer_id, m.brand, m.last4, r.payment_id, r.code, c.title, coalesce(c.stop_autopay, true) as stop_autopay`);
  return blocked.map((method) => ({
    type: 'payment_method.blocked',
    subjectId: method.id,
    customerId: method.customerId,
    data: {
      kind: 'bank_account',
      brand: method.brand,
      last4: method.last4,
      payment_id: method.paymentId,
      return_code: method.code,
      reason: method.title ?? 'A code without a rule',
      stop_autopay: method.stopAutopay,
    },
  }));
}
