import { sql } from 'kysely';
import type { Truth } from '#features/ledger/check-ledger.ts';

/** What must be so of late fees; as in check-ledger.ts, each query answers only what is not. */
export const lateFeeTruths: readonly Truth[] = [
  // One removed by a credit memo still stands on its invoice, which was paid with it.
  (
    org,
  ) => sql`select i.id as about, format('fees %s, its late fees say %s', i.fees, coalesce(f.fees, 0)) as says
    from invoices i
    left join (select invoice_id, sum(amount) as fees from late_fees where organization_id = ${org}
      and own_invoice_id is null and (state = 'posted' or credit_memo_id is not null) group by invoice_id) f on f.invoice_id = i.id
    where i.organization_id = ${org} and i.fees <> coalesce(f.fees, 0)`,
  (org) => sql`select coalesce(i.id, l.invoice_id, 'late fee income') as about,
      format('late fees of %s in the books, %s on the invoice', coalesce(l.fees, 0), coalesce(d.fees, 0)) as says
    from (select invoice_id, sum(credit - debit) as fees from journal_lines
      where organization_id = ${org} and account = 'late_fee_income' group by invoice_id) l
    full join (select id, case when issued_at is null or voided_at is not null then 0
        else fees + case when late_fee_of is null then 0 else subtotal end end as fees
      from invoices where organization_id = ${org}) d on d.id = l.invoice_id
    left join invoices i on i.organization_id = ${org} and i.id = d.id
    where coalesce(l.fees, 0) <> coalesce(d.fees, 0)`,
  // A fee and the invoice of its own name each other, say one amount, and end together.
  (org) => sql`select coalesce(w.id, f.id) as about,
      format('an invoice over a late fee of %s says %s, its fee %s', f.invoice_id, w.total, f.amount) as says
    from (select * from late_fees where organization_id = ${org} and own_invoice_id is not null) f
    full join (select * from invoices where organization_id = ${org} and late_fee_of is not null) w
      on w.id = f.own_invoice_id
    where w.late_fee_of is distinct from f.invoice_id or w.customer_id is distinct from f.customer_id
      or w.total is distinct from f.amount or w.subtotal is distinct from f.amount
      or (w.voided_at is null) is distinct from (f.state = 'posted' or f.credit_memo_id is not null)`,
  (org) => sql`select k.invoice_id as about,
      format('its clock counts %s late fees of %s, numbered to %s', k.taken, f.fees, f.highest) as says
    from (select invoice_id, count(*) as fees, max(sequence) as highest from late_fees
      where organization_id = ${org} group by invoice_id) f
    full join (select invoice_id, taken from late_fee_clocks where organization_id = ${org}) k using (invoice_id)
    where coalesce(k.taken, -1) <> coalesce(f.fees, 0) or coalesce(f.highest, 0) <> coalesce(f.fees, 0)`,
];
