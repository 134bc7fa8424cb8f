import { type RawBuilder, sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { checkDocuments } from '#features/ledger/check-documents.ts';
import { creditTruths } from '#features/ledger/credit-truths.ts';
import { feeTruths } from '#features/ledger/fee-truths.ts';
import { lateFeeTruths } from '#features/ledger/late-fee-truths.ts';
import { refundTruths } from '#features/ledger/refund-truths.ts';
import { sumTruths } from '#features/ledger/sum-truths.ts';

export type Truth = (organizationId: string) => RawBuilder<{ about: string; says: string }>;

export type LedgerReport = {
  organizationId: string;
  entries: number;
  invoices: number;
  payments: number;
  documents: number;
  drift: number;
  problems: string[];
};

/**
 * What must be so, each as a query that answers only what is not: `about` names the row, `says` what differs.
 */
const truths: readonly Truth[] = [
  ...feeTruths,
  ...refundTruths,
  ...creditTruths,
  ...lateFeeTruths,
  ...sumTruths,
  (
    org,
  ) => sql`select entry_id as about, 'does not balance' as says from journal_lines where organization_id = ${org}
    group by entry_id, currency having sum(debit) <> sum(credit)`,
  (
    org,
  ) => sql`select e.id as about, 'has no lines' as says from journal_entries e where e.organization_id = ${org}
    and not exists (select from journal_lines l where l.organization_id = e.organization_id and l.entry_id = e.id)`,
  (org) => sql`select l.account as about, 'is no account of this chart' as says from journal_lines l
    where l.organization_id = ${org} and not exists (select from ledger_accounts a
      where a.organization_id = l.organization_id and a.key = l.account) group by l.account`,
  // Receivables in the ledger are what the invoice says is due; a draft or void invoice is due nothing.
  (org) => sql`select i.id as about, format('ledger %s, balance due %s', coalesce(l.due, 0), d.due) as says
    from invoices i
    left join (select invoice_id, sum(debit - credit) as due from journal_lines
      where organization_id = ${org} and account = 'accounts_receivable' group by invoice_id) l on l.invoice_id = i.id
    cross join lateral (select case when i.issued_at is null or i.voided_at is not null then 0 else i.balance_due end as due) d
    where i.organization_id = ${org} and coalesce(l.due, 0) <> d.due`,
  // And with the customer who owes it: an invoice may have been another's, whose lines then cancel out.
  (org) => sql`select coalesce(l.invoice_id, l.customer_id, 'receivables') as about,
      format('receivables of %s stand with %s', sum(l.debit - l.credit), coalesce(l.customer_id, 'nobody')) as says
    from journal_lines l left join invoices i on i.organization_id = l.organization_id and i.id = l.invoice_id
    where l.organization_id = ${org} and l.account = 'accounts_receivable'
      and (i.id is null or i.customer_id is distinct from l.customer_id)
    group by l.invoice_id, l.customer_id having sum(l.debit - l.credit) <> 0`,
  // What an invoice sold and what tax it took are in the books as it says.
  (org) => sql`select i.id as about, format('sales %s and tax %s in the books, %s and %s on the invoice',
      coalesce(l.sales, 0), coalesce(l.tax, 0), d.sold, d.tax) as says
    from invoices i
    left join (select invoice_id, sum(credit - debit) filter (where account = 'sales') as sales,
        sum(credit - debit) filter (where account = 'sales_tax_payable') as tax
      from journal_lines where organization_id = ${org} and account in ('sales', 'sales_tax_payable')
      group by invoice_id) l on l.invoice_id = i.id
    cross join lateral (select case when i.late_fee_of is null then x.stands * (i.total - i.tax) else 0 end as sold, x.stands * i.tax as tax
      from (select case when i.issued_at is null or i.voided_at is not null then 0 else 1 end as stands) x) d
    where i.organization_id = ${org} and (coalesce(l.sales, 0) <> d.sold or coalesce(l.tax, 0) <> d.tax)`,
  // What each rate took adds up to the tax of the invoice.
  (org) => sql`select i.id as about, format('tax %s, its rates say %s', i.tax, coalesce(t.tax, 0)) as says
    from invoices i left join (select invoice_id, sum(tax) as tax from invoice_taxes where organization_id = ${org}
      group by invoice_id) t on t.invoice_id = i.id
    where i.organization_id = ${org} and i.tax <> coalesce(t.tax, 0)`,
  // An invoice's figures add up: what is inside the prices is not added again.
  (
    org,
  ) => sql`select i.id as about, format('total %s of %s less %s and tax %s', i.total, i.subtotal, i.discount, i.tax) as says
    from invoices i left join (select invoice_id, sum(tax) as tax from invoice_taxes where organization_id = ${org}
      and inclusive group by invoice_id) t on t.invoice_id = i.id
    where i.organization_id = ${org} and i.total <> i.subtotal - i.discount + i.tax - coalesce(t.tax, 0)`,
  (
    org,
  ) => sql`select i.id as about, format('applied %s and reserved %s, applications say %s and %s', i.applied, i.reserved,
      coalesce(a.applied, 0), coalesce(a.reserved, 0)) as says
    from invoices i
    left join (select invoice_id, sum(amount) filter (where state = 'applied') as applied,
        sum(amount) filter (where state = 'reserved') as reserved
      from payment_applications where organization_id = ${org} group by invoice_id) a on a.invoice_id = i.id
    where i.organization_id = ${org} and (i.applied <> coalesce(a.applied, 0) or i.reserved <> coalesce(a.reserved, 0))`,
  (
    org,
  ) => sql`select p.id as about, format('applied %s, applications say %s', p.applied, coalesce(a.applied, 0)) as says
    from payments p
    left join (select payment_id, sum(amount) filter (where state = 'applied') as applied
      from payment_applications where organization_id = ${org} group by payment_id) a on a.payment_id = p.id
    where p.organization_id = ${org} and p.applied <> coalesce(a.applied, 0)`,
  // A reservation stands exactly while its payment is under way.
  (org) => sql`select a.id as about, format('is %s while its payment is %s', a.state, p.state) as says
    from payment_applications a join payments p on p.organization_id = a.organization_id and p.id = a.payment_id
    where a.organization_id = ${org} and case a.state
      when 'reserved' then p.state not in ('pending', 'unknown', 'submitted', 'accepted', 'collected')
      when 'applied' then p.posted_at is null or p.ended_at is not null else false end`,
  // A posted payment moved its whole amount through clearing, or in hand through undeposited funds, and a
  // reversed one moved it back.
  (
    org,
  ) => sql`select p.id as about, format('amount %s in the books as %s', p.amount, coalesce(l.moved, 0)) as says
    from payments p
    left join (select e.source_id, l.account, sum(l.debit - l.credit) as moved from journal_entries e
      join journal_lines l on l.organization_id = e.organization_id and l.entry_id = e.id
      where e.organization_id = ${org} and l.account in ('gateway_clearing', 'undeposited_funds')
        and e.kind in ('payment_posted', 'payment_reversed') group by e.source_id, l.account) l
      on l.source_id = p.id
      and l.account = case when p.kind in ('card', 'bank_account', 'paypal') then 'gateway_clearing' else 'undeposited_funds' end
    where p.organization_id = ${org}
      and coalesce(l.moved, 0) <> case when p.posted_at is not null and p.ended_at is null then p.amount else 0 end`,
  (org) => sql`select coalesce(l.customer_id, p.customer_id) as about,
      format('unapplied cash: ledger %s, payments %s', coalesce(l.unapplied, 0), coalesce(p.unapplied, 0)) as says
    from (select customer_id, sum(credit - debit) as unapplied from journal_lines
      where organization_id = ${org} and account = 'unapplied_cash' group by customer_id) l
    full join (select p.customer_id, sum(p.amount - p.fee - p.applied - coalesce(r.taken, 0)) as unapplied from payments p
      left join (select payment_id, sum(from_unapplied) as taken from refunds
        where organization_id = ${org} and state in ('submitted', 'settled') group by payment_id) r on r.payment_id = p.id
      where p.organization_id = ${org} and p.posted_at is not null and p.ended_at is null group by p.customer_id) p
      on p.customer_id = l.customer_id
    where coalesce(l.unapplied, 0) <> coalesce(p.unapplied, 0)`,
  // A deposit in the books has the bank's amount in the bank; one out of the books has nothing there.
  (
    org,
  ) => sql`select d.id as about, format('amount %s in the bank as %s', d.amount, coalesce(l.moved, 0)) as says
    from deposits d
    left join (select e.source_id, sum(l.debit - l.credit) as moved from journal_entries e
      join journal_lines l on l.organization_id = e.organization_id and l.entry_id = e.id
      where e.organization_id = ${org} and l.account = 'bank' group by e.source_id) l on l.source_id = d.id
    where d.organization_id = ${org}
      and coalesce(l.moved, 0) <> case when d.posted_at is not null then d.amount else 0 end`,
  // What chargebacks owe us in the books is what is disputed and undecided.
  (org) => sql`select coalesce(l.source_id, b.id) as about,
      format('chargeback of %s stands in the books as %s', b.amount, coalesce(l.open, 0)) as says
    from (select e.source_id, sum(l.debit - l.credit) as open from journal_entries e
      join journal_lines l on l.organization_id = e.organization_id and l.entry_id = e.id
      where e.organization_id = ${org} and l.account = 'chargebacks_receivable' group by e.source_id) l
    full join (select id, amount, state from chargebacks where organization_id = ${org}) b on b.id = l.source_id
    where coalesce(l.open, 0) <> case when b.state in ('opened', 'evidence_sent') then b.amount else 0 end`,
  // Every deposit is the sum of its lines, or a person has to look, or has looked.
  (org) => sql`select d.id as about, format('amount %s, lines %s', d.amount, coalesce(l.net, 0)) as says
    from deposits d left join (select deposit_id, sum(net) as net from deposit_lines
      where organization_id = ${org} group by deposit_id) l on l.deposit_id = d.id
    where d.organization_id = ${org} and d.exception is null and d.amount <> coalesce(l.net, 0)`,
  (org) => sql`select i.id as about, 'closed or open against its balance' as says from invoices i
    where i.organization_id = ${org} and i.issued_at is not null
      and (i.closed_at is not null) <> (i.voided_at is not null or i.balance_due = 0)`,
];

/** Rebuild every balance from the ledger and every document from the event log, and report what differs. */
export async function checkLedger(db: Database, organizationId: string): Promise<LedgerReport> {
  const actor: Actor = { kind: 'job', organizationId, name: 'owed check' };
  return db.transaction(actor, async (tx) => {
    // One look at one moment: payments may be going on meanwhile.
    await tx.run(sql`set transaction isolation level repeatable read`);
    const problems: string[] = [];
    for (const truth of truths) {
      const found = await tx.rows<{ about: string; says: string }>(truth(organizationId));
      problems.push(...found.map(({ about, says }) => `${about}: ${says}`));
    }
    const documents = await checkDocuments(tx, organizationId);
    problems.push(...documents.problems);
    const counts = await countRows(tx, organizationId);
    return { organizationId, ...counts, documents: documents.checked, drift: problems.length, problems };
  });
}

async function countRows(
  tx: Tx,
  organizationId: string,
): Promise<{ entries: number; invoices: number; payments: number }> {
  const row = await tx.row<{ entries: number; invoices: number; payments: number }>(sql`select
    (select count(*)::int from journal_entries where organization_id = ${organizationId}) as entries,
    (select count(*)::int from invoices where organization_id = ${organizationId}) as invoices,
    (select count(*)::int from payments where organization_id = ${organizationId}) as payments`);
  return row ?? { entries: 0, invoices: 0, payments: 0 };
}
