import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { LateFeeFacts, LateFeeRest } from '#features/late-fees/rules.ts';

/** An invoice with its late fees’ facts, and whose it is. */
export type LateFeeInvoice = LateFeeFacts & {
  id: string;
  number: string;
  customerId: string;
  customerName: string;
  waivesNext: boolean;
  skipped: string | null;
};

const localDay = (instant: string): RawBuilder<string> =>
  sql<string>`(${sql.ref(instant)} at time zone o.time_zone)::date::text`;

/**
 * When late fees rested: while a dispute was open, while a promise was, through its day at the most (after
 * days without work it is broken late), while a payment plan ran, and while a payment or a credit was on the
 * invoice that people took off again. A payment that the bank returned is no rest: nothing had been paid.
 */
const rests = sql<LateFeeRest[]>`coalesce((select json_agg(r) from (
    select ${localDay('d.created_at')} as "from", ${localDay('d.ended_at')} as until, 'disputed' as reason
    from disputes d where d.organization_id = i.organization_id and d.invoice_id = i.id
    union all
    select ${localDay('p.created_at')}, least(${localDay('p.ended_at')}, (p.promised_on + 1)::text), 'promised'
    from promises_to_pay p
    where p.organization_id = i.organization_id and p.invoice_id = i.id
    union all
    select ${localDay('l.rests_from')}, ${localDay('l.left_at')}, 'on_plan' from payment_plan_invoices l
    where l.organization_id = i.organization_id and l.invoice_id = i.id and l.rests_from is not null
    union all
    select ${localDay('a.applied_at')}, ${localDay('a.ended_at')}, 'was_covered' from payment_applications a
    join payments p on p.organization_id = a.organization_id and p.id = a.payment_id
    where a.organization_id = i.organization_id and a.invoice_id = i.id and a.state = 'ended'
      and a.applied_at is not null and p.state <> 'returned'
    union all
    select ${localDay('a.created_at')}, ${localDay('a.ended_at')}, 'was_covered' from credit_applications a
    where a.organization_id = i.organization_id and a.invoice_id = i.id and a.state = 'ended') r), '[]')`;

/** What decides the late fees of invoices, as they stand; in no order. */
export const readFacts = (
  tx: Tx,
  organizationId: string,
  invoiceIds: readonly string[],
): Promise<LateFeeInvoice[]> =>
  tx.list<LateFeeInvoice>(sql`
    select i.id, i.number, i.customer_id, c.display_name as customer_name, i.due_date, i.currency, i.total,
      i.balance_due, i.reserved, i.fees,
      apart.fees_apart, apart.fees_apart_due, i.late_fee_of is not null as is_late_fee,
      i.issued_at is not null and i.voided_at is null and i.balance_due > 0 as is_open,
      ${localDay('i.issued_at')} as issued_on, i.late_fees_off as is_off,
      not c.charge_late_fees or c.deactivated_at is not null as is_customer_off,
      c.waive_next_late_fee as waives_next, k.last_on, coalesce(k.taken, 0) as taken, k.skipped, ${rests} as rests
    from invoices i
    join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
    join organizations o on o.id = i.organization_id
    cross join lateral (select coalesce(sum(f.amount), 0)::bigint as fees_apart,
        coalesce(sum(w.balance_due - w.reserved) filter (where w.voided_at is null), 0)::bigint as fees_apart_due
      from late_fees f join invoices w on w.organization_id = f.organization_id and w.id = f.own_invoice_id
      where f.organization_id = i.organization_id and f.invoice_id = i.id
        and (f.state = 'posted' or f.credit_memo_id is not null)) apart
    left join late_fee_clocks k on k.organization_id = i.organization_id and k.invoice_id = i.id
    where i.organization_id = ${organizationId} and i.id = any(${invoiceIds}::text[])`);
