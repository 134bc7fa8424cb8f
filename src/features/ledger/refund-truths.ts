import { sql } from 'kysely';
import type { Truth } from '#features/ledger/check-ledger.ts';

/** What must be so of money that went back; as in check-ledger.ts, each query answers only what is not. */
export const refundTruths: readonly Truth[] = [
  // Its parts are all of it.
  (org) => sql`select r.id as about, format('amount %s, its parts %s', r.amount,
      r.fee_amount + r.from_unapplied + coalesce(l.lines, 0)) as says
    from refunds r left join (select refund_id, sum(amount) as lines from refund_lines
      where organization_id = ${org} group by refund_id) l on l.refund_id = r.id
    where r.organization_id = ${org} and r.amount <> r.fee_amount + r.from_unapplied + coalesce(l.lines, 0)`,
  // A payment knows the sum of its refunds, without those that failed.
  (
    org,
  ) => sql`select p.id as about, format('refunded %s (%s of it unapplied cash), refunds say %s (%s)', p.refunded,
      p.unapplied_refunded, coalesce(r.amount, 0), coalesce(r.unapplied, 0)) as says
    from payments p left join (select payment_id, sum(amount) as amount, sum(from_unapplied) as unapplied from refunds
      where organization_id = ${org} and state <> 'failed' group by payment_id) r on r.payment_id = p.id
    where p.organization_id = ${org}
      and (p.refunded <> coalesce(r.amount, 0) or p.unapplied_refunded <> coalesce(r.unapplied, 0))`,
  (org) => sql`select r.id as about, 'is in another customer’s or currency’s name than its payment' as says
    from refunds r join payments p on p.organization_id = r.organization_id and p.id = r.payment_id
    where r.organization_id = ${org} and (r.customer_id <> p.customer_id or r.currency <> p.currency)`,
  // No invoice's money went back twice: lines stay within what the payment brought to the invoice.
  (
    org,
  ) => sql`select l.payment_id as about, format('%s refunded of what it brought to %s', l.amount, l.invoice_id) as says
    from (select r.payment_id, l.invoice_id, sum(l.amount) as amount from refunds r
      join refund_lines l on l.organization_id = r.organization_id and l.refund_id = r.id
      where r.organization_id = ${org} and r.state <> 'failed' group by r.payment_id, l.invoice_id) l
    where l.amount > (select coalesce(sum(a.amount), 0) from payment_applications a where a.organization_id = ${org}
      and a.payment_id = l.payment_id and a.invoice_id = l.invoice_id)`,
  // A refund that is known, and has not failed, moved its whole amount out; any other moved nothing.
  (
    org,
  ) => sql`select r.id as about, format('amount %s (%s) in the books as %s', r.amount, r.state, coalesce(-l.moved, 0)) as says
    from refunds r
    left join (select e.source_id, l.account, sum(l.debit - l.credit) as moved from journal_entries e
      join journal_lines l on l.organization_id = e.organization_id and l.entry_id = e.id
      where e.organization_id = ${org} and l.account in ('gateway_clearing', 'undeposited_funds', 'bank')
        and e.kind in ('refund_posted', 'refund_reversed') group by e.source_id, l.account) l
      on l.source_id = r.id
      and l.account = r.account
    where r.organization_id = ${org}
      and coalesce(-l.moved, 0) <> case when r.state in ('submitted', 'settled') then r.amount else 0 end`,
  // What it was taken out of: income given up for invoices; fee and unapplied cash too, once the payment
  // itself is gone.
  (
    org,
  ) => sql`select p.id as about, format('refunds %s and fee %s in the books, must be %s and %s', coalesce(l.refunds, 0),
      coalesce(l.fee, 0), d.refunds, d.fee) as says
    from payments p
    left join (select payment_id, sum(amount - fee_amount - from_unapplied) as lines, sum(fee_amount) as fee,
        sum(from_unapplied) as unapplied from refunds
      where organization_id = ${org} and state in ('submitted', 'settled') group by payment_id) r on r.payment_id = p.id
    left join (select coalesce(f.payment_id, e.source_id) as payment_id,
        sum(l.debit - l.credit) filter (where l.account = 'refunds') as refunds,
        sum(l.credit - l.debit) filter (where l.account <> 'refunds') as fee
      from journal_entries e join journal_lines l on l.organization_id = e.organization_id and l.entry_id = e.id
      left join refunds f on f.organization_id = e.organization_id and f.id = e.source_id
      where e.organization_id = ${org} and l.account in ('refunds', 'surcharge_income', 'dual_pricing_income',
          'convenience_fee_income', 'bank_discounts')
        and e.kind in ('payment_posted', 'payment_reversed', 'refund_posted', 'refund_reversed') group by 1) l
      on l.payment_id = p.id
    cross join lateral (select
        coalesce(r.lines, 0) + case when p.ended_at is null then 0 else coalesce(r.fee, 0) + coalesce(r.unapplied, 0) end as refunds,
        case when p.posted_at is null or p.ended_at is not null then 0 else p.fee - coalesce(r.fee, 0) end as fee) d
    where p.organization_id = ${org} and (coalesce(l.refunds, 0) <> d.refunds or coalesce(l.fee, 0) <> d.fee)`,
  // A reversed payment's cash is nobody's: neither void nor return leaves a refund's share below zero.
  (
    org,
  ) => sql`select customer_id as about, format('unapplied cash is %s', sum(credit - debit)) as says from journal_lines
    where organization_id = ${org} and account = 'unapplied_cash' group by customer_id having sum(credit - debit) < 0`,
];
