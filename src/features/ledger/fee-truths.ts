import { sql } from 'kysely';
import type { Truth } from '#features/ledger/check-ledger.ts';

/** What must be so of card fees; as in check-ledger.ts, each query answers only what is not. */
export const feeTruths: readonly Truth[] = [
  // The fee in the payment is the one that was told, and never more than a share of what was paid.
  (
    org,
  ) => sql`select p.id as about, format('fee %s (%s), told %s (%s)', p.fee, p.fee_kind, f.amount, f.kind) as says
    from payments p left join payment_fees f on f.organization_id = p.organization_id and f.payment_id = p.id
    where p.organization_id = ${org} and p.fee_kind is not null
      and (f.amount is distinct from p.fee or f.kind is distinct from p.fee_kind or f.base is distinct from p.amount - p.fee)`,
  // Promise 10: neither the gateway nor, where it is silent, a list of card ranges calls it a credit card.
  (
    org,
  ) => sql`select p.id as about, format('a surcharge on a %s card', coalesce(p.method_funding, p.method_brand)) as says
    from payments p left join payment_methods m on m.organization_id = p.organization_id and m.id = p.payment_method_id
    where p.organization_id = ${org} and p.fee_kind = 'surcharge' and p.posted_at is not null and p.ended_at is null
      and coalesce(nullif(p.method_funding, 'unknown'), m.funding) is distinct from 'credit'`,
];
