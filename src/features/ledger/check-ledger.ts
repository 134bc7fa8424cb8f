import { type RawBuilder, sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { checkDocuments } from '#features/ledger/check-documents.ts';

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
const truths: readonly ((organizationId: string) => RawBuilder<{ about: string; says: string }>)[] = [
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
  // A posted payment moved its whole amount through clearing or undeposited funds, and a reversed one moved
  // it back.
  (
    org,
  ) => sql`select p.id as about, format('amount %s in the books as %s', p.amount, coalesce(l.moved, 0)) as says
    from payments p
    left join (select e.source_id, sum(l.debit - l.credit) as moved from journal_entries e
      join journal_lines l on l.organization_id = e.organization_id and l.entry_id = e.id
      where e.organization_id = ${org} and l.account in ('gateway_clearing', 'undeposited_funds')
        and e.kind in ('payment_posted', 'payment_reversed') group by e.source_id) l on l.source_id = p.id
    where p.organization_id = ${org}
      and coalesce(l.moved, 0) <> case when p.posted_at is not null and p.ended_at is null then p.amount else 0 end`,
  (
    org,
  ) => sql`select ${org} as about, format('unapplied cash: ledger %s, payments %s', l.unapplied, p.unapplied) as says
    from (select coalesce(sum(credit - debit), 0) as unapplied from journal_lines
      where organization_id = ${org} and account = 'unapplied_cash') l,
    (select coalesce(sum(amount - applied), 0) as unapplied from payments
      where organization_id = ${org} and posted_at is not null and ended_at is null) p
    where l.unapplied <> p.unapplied`,
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
