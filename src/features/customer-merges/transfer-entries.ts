import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { credit, debit, type JournalEntry, type JournalLine } from '#features/ledger/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';

type Balance = { account: 'receivable' | 'cash' | 'credit'; invoiceId: string | null; amount: bigint };

/** A line number is small, so what moves many invoices is several entries. */
const invoicesAnEntry = 5000;

/** What of these papers stands in the books with a customer: what its invoices owe, and what it has left. */
export const readBalances = (tx: Tx, organizationId: string, mergeId: string): Promise<Balance[]> => {
  const moved = (kind: string) => sql`(select row_id from customer_merge_rows
    where organization_id = ${organizationId} and merge_id = ${mergeId} and kind = ${kind})`;
  return tx.list<Balance>(sql`
    select 'receivable' as account, id::text as invoice_id, balance_due::bigint as amount from invoices
      where organization_id = ${organizationId} and id in ${moved('invoices')} and issued_at is not null
        and voided_at is null and balance_due <> 0
    union all
    select 'cash', null, coalesce(sum(amount - fee - applied - unapplied_refunded), 0)::bigint from payments
      where organization_id = ${organizationId} and id in ${moved('payments')} and posted_at is not null
        and ended_at is null
    union all
    select 'credit', null, coalesce(sum(total - applied), 0)::bigint from credit_memos
      where organization_id = ${organizationId} and id in ${moved('credit_memos')} and issued_at is not null
        and voided_at is null
    order by 2`);
};

/** Carry balances from one customer's name to another's: the old lines stay, for they were true. */
export function transferEntries(
  balances: readonly Balance[],
  about: { kind: JournalEntry['kind']; mergeId: string; from: string; to: string; currency: string },
  entryDate: CalendarDate,
): JournalEntry[] {
  const standing = balances.filter(({ amount }) => amount !== 0n);
  const chunks = Array.from({ length: Math.ceil(standing.length / invoicesAnEntry) }, (_, at) =>
    standing.slice(at * invoicesAnEntry, (at + 1) * invoicesAnEntry),
  );
  return chunks.map((chunk, revision) => ({
    kind: about.kind,
    sourceId: about.mergeId,
    revision,
    entryDate,
    currency: about.currency,
    lines: chunk.flatMap((balance) => linesOf(balance, about)),
  }));
}

function linesOf(
  { account, invoiceId, amount }: Balance,
  { from, to }: { from: string; to: string },
): JournalLine[] {
  if (account === 'receivable') {
    const invoice = invoiceId ? { invoiceId } : {};
    return [
      ...debit('accounts_receivable', amount, { customerId: to, ...invoice }),
      ...credit('accounts_receivable', amount, { customerId: from, ...invoice }),
    ];
  }
  const key = account === 'cash' ? 'unapplied_cash' : 'unapplied_credit';
  return [...debit(key, amount, { customerId: from }), ...credit(key, amount, { customerId: to })];
}
