import { sql } from 'kysely';
import type { Truth } from '#features/ledger/check-ledger.ts';

/** What must be so of credit memos; as in check-ledger.ts, each query answers only what is not. */
export const creditTruths: readonly Truth[] = [
  (org) => sql`select coalesce(l.customer_id, m.customer_id) as about,
      format('unapplied credit: ledger %s, credit memos %s', coalesce(l.unapplied, 0), coalesce(m.unapplied, 0)) as says
    from (select customer_id, sum(credit - debit) as unapplied from journal_lines
      where organization_id = ${org} and account = 'unapplied_credit' group by customer_id) l
    full join (select customer_id, sum(total - applied) as unapplied from credit_memos
      where organization_id = ${org} and issued_at is not null and voided_at is null group by customer_id) m
      on m.customer_id = l.customer_id
    where coalesce(l.unapplied, 0) <> coalesce(m.unapplied, 0)`,
  (
    org,
  ) => sql`select i.id as about, format('credited %s, credits say %s', i.credited, coalesce(a.credited, 0)) as says
    from invoices i
    left join (select invoice_id, sum(amount) as credited from credit_applications
      where organization_id = ${org} and state = 'applied' group by invoice_id) a on a.invoice_id = i.id
    where i.organization_id = ${org} and i.credited <> coalesce(a.credited, 0)`,
  (
    org,
  ) => sql`select m.id as about, format('applied %s, applications say %s', m.applied, coalesce(a.applied, 0)) as says
    from credit_memos m
    left join (select credit_memo_id, sum(amount) as applied from credit_applications
      where organization_id = ${org} and state = 'applied' group by credit_memo_id) a on a.credit_memo_id = m.id
    where m.organization_id = ${org} and m.applied <> coalesce(a.applied, 0)`,
  // A memo is the sum of its lines, and of what each rate takes of them.
  (org) => sql`select m.id as about, format('subtotal %s and tax %s, lines say %s and %s', m.subtotal, m.tax,
      coalesce(l.subtotal, 0), coalesce(t.tax, 0)) as says
    from credit_memos m
    left join (select credit_memo_id, sum(amount) as subtotal from credit_memo_lines
      where organization_id = ${org} group by credit_memo_id) l on l.credit_memo_id = m.id
    left join (select credit_memo_id, sum(tax) as tax, sum(tax) filter (where inclusive) as inside from credit_memo_taxes
      where organization_id = ${org} group by credit_memo_id) t on t.credit_memo_id = m.id
    where m.organization_id = ${org} and (m.subtotal <> coalesce(l.subtotal, 0) or m.tax <> coalesce(t.tax, 0)
      or m.tax_inside <> coalesce(t.inside, 0))`,
  // What it takes back of sales and of tax is in the books as it says, while it stands.
  (
    org,
  ) => sql`select m.id as about, format('returns %s and tax %s in the books, %s and %s on the credit memo',
      coalesce(l.returns, 0), coalesce(l.tax, 0), d.sold, d.tax) as says
    from credit_memos m
    left join (select e.source_id, sum(l.debit - l.credit) filter (where l.account = 'sales_returns') as returns,
        sum(l.debit - l.credit) filter (where l.account = 'sales_tax_payable') as tax
      from journal_entries e join journal_lines l on l.organization_id = e.organization_id and l.entry_id = e.id
      where e.organization_id = ${org} and e.kind in ('credit_memo_issued', 'credit_memo_voided')
      group by e.source_id) l on l.source_id = m.id
    cross join lateral (select x.stands * (m.total - m.tax) as sold, x.stands * m.tax as tax
      from (select case when m.issued_at is null or m.voided_at is not null then 0 else 1 end as stands) x) d
    where m.organization_id = ${org} and (coalesce(l.returns, 0) <> d.sold or coalesce(l.tax, 0) <> d.tax)`,
  (org) => sql`select a.id as about, 'puts one customer’s credit against another’s invoice' as says
    from credit_applications a
    join credit_memos m on m.organization_id = a.organization_id and m.id = a.credit_memo_id
    join invoices i on i.organization_id = a.organization_id and i.id = a.invoice_id
    where a.organization_id = ${org} and a.state = 'applied'
      and (m.customer_id <> i.customer_id or a.customer_id <> i.customer_id or m.currency <> i.currency)`,
];
