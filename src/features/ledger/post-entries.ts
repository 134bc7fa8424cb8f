import { sql } from 'kysely';
import type { Statement, Tx } from '#db/db.ts';
import { isBalanced, type JournalEntry } from '#features/ledger/rules.ts';
import { newId } from '#lib/ids.ts';

/** Write journal entries with their lines: one round trip for any number, never an update. */
export async function postEntries(
  tx: Tx,
  organizationId: string,
  entries: readonly JournalEntry[],
  now: Date,
): Promise<void> {
  await tx.writeAll(entryStatements(organizationId, entries, now));
}

/** The same as statements, for a command that writes everything in one round trip. */
export function entryStatements(
  organizationId: string,
  entries: readonly JournalEntry[],
  now: Date,
): Statement<unknown>[] {
  const posted = entries.filter((entry) => entry.lines.length > 0);
  if (posted.length === 0) return [];
  const ids = posted.map((entry) => {
    if (!isBalanced(entry)) throw new Error(`entry of ${entry.sourceId} does not balance`);
    return newId('journalEntry');
  });
  const lines = posted.flatMap((entry, index) =>
    entry.lines.map((line, at) => ({
      ...line,
      entryId: ids[index],
      lineNo: at + 1,
      currency: entry.currency,
    })),
  );
  return [
    sql`
    insert into journal_entries (organization_id, id, entry_date, kind, source_id, revision, created_at)
    select ${organizationId}, e.*, ${now} from unnest(${ids}::text[], ${posted.map((e) => e.entryDate)}::date[],
      ${posted.map((e) => e.kind)}::text[], ${posted.map((e) => e.sourceId)}::text[],
      ${posted.map((e) => e.revision)}::int[]) as e(id, entry_date, kind, source_id, revision)`,
    sql`
    insert into journal_lines (organization_id, entry_id, line_no, account, customer_id, invoice_id, debit, credit,
      currency)
    select ${organizationId}, l.* from unnest(${lines.map((l) => l.entryId)}::text[],
      ${lines.map((l) => l.lineNo)}::int[], ${lines.map((l) => l.account)}::text[],
      ${lines.map((l) => l.customerId ?? null)}::text[], ${lines.map((l) => l.invoiceId ?? null)}::text[],
      ${lines.map((l) => l.debit)}::bigint[], ${lines.map((l) => l.credit)}::bigint[],
      ${lines.map((l) => l.currency)}::text[])
      as l(entry_id, line_no, account, customer_id, invoice_id, debit, credit, currency)`,
  ];
}
