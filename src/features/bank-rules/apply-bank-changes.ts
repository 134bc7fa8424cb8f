import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { NewEvent } from '#db/events.ts';
import { usableLast4 } from '#features/bank-rules/rules.ts';

export type NoticeOfChange = {
  paymentId: string;
  code: string;
  correctedLast4?: string | undefined;
  storedToken?: string | undefined;
};

type Corrected = {
  id: string;
  customerId: string;
  brand: string;
  last4: string;
  paymentId: string;
  code: string;
};

/**
 * Correct the stored accounts that a bank says have changed, before the next debit; once for each payment and
 * code, however often the gateway repeats it. Answers the events.
 */
export async function applyBankChanges(
  tx: Tx,
  organizationId: string,
  notices: readonly NoticeOfChange[],
  now: Date,
): Promise<NewEvent[]> {
  if (notices.length === 0) return [];
  const column = (pick: (notice: NoticeOfChange) => string | null) => sql`${notices.map(pick)}::text[]`;
  const corrected = await tx.rows<Corrected>(sql`
    with told as (
      select p.id as payment_id, p.payment_method_id, n.code, n.last4, n.token
      from unnest(${column((n) => n.paymentId)}, ${column((n) => n.code)}, ${column((n) => usableLast4(n.correctedLast4))},
        ${column((n) => n.storedToken ?? null)}) as n(payment_id, code, last4, token)
      join payments p on p.organization_id = ${organizationId} and p.id = n.payment_id and p.payment_method_id is not null
    ), fresh as (
      insert into bank_changes (organization_id, payment_id, code, payment_method_id, corrected_last4, recorded_at)
      select ${organizationId}, payment_id, code, payment_method_id, last4, ${now} from told
      on conflict do nothing returning payment_id, code
    )
    update payment_methods m set last4 = coalesce(t.last4, m.last4), stored_token = coalesce(t.token, m.stored_token)
    from told t join fresh f on f.payment_id = t.payment_id and f.code = t.code
    where m.organization_id = ${organizationId} and m.id = t.payment_method_id and m.kind = 'bank_account'
      and m.state <> 'removed'
    returning m.id, m.customer_id, m.brand, m.last4, t.payment_id, t.code`);
  return corrected.map((method) => ({
    type: 'payment_method.corrected',
    subjectId: method.id,
    customerId: method.customerId,
    data: {
      kind: 'bank_account',
      brand: method.brand,
      last4: method.last4,
      payment_id: method.paymentId,
      change_code: method.code,
    },
  }));
}
