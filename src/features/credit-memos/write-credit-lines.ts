import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { ComposedCredit } from '#features/credit-memos/compose-credit.ts';
import { lineColumnNames, lineColumns } from '#features/invoices/line-columns.ts';

/** The lines of a credit memo, and what tax it takes back under each rate; in place of those it had. */
export async function writeCreditLines(
  tx: Tx,
  organizationId: string,
  creditMemoId: string,
  { lines, taxes }: Pick<ComposedCredit, 'lines' | 'taxes'>,
): Promise<void> {
  for (const table of ['credit_memo_lines', 'credit_memo_taxes'])
    await tx.run(sql`delete from ${sql.table(table)} where organization_id = ${organizationId}
      and credit_memo_id = ${creditMemoId}`);
  await tx.run(sql`
    insert into credit_memo_lines (organization_id, credit_memo_id, line_no, tax, ${lineColumnNames})
    select ${organizationId}, ${creditMemoId}, l.* from unnest(${lines.map((_, at) => at + 1)}::int[],
      ${lines.map(({ tax }) => tax)}::bigint[], ${lineColumns(lines)}) as l`);
  if (taxes.length === 0) return;
  await tx.run(sql`
    insert into credit_memo_taxes (organization_id, credit_memo_id, position, tax_rate_id, name, percent, inclusive, taxable,
      tax)
    select ${organizationId}, ${creditMemoId}, t.* from unnest(${taxes.map((_, at) => at + 1)}::int[],
      ${taxes.map(({ id }) => id)}::text[], ${taxes.map(({ name }) => name)}::text[],
      ${taxes.map(({ percent }) => percent)}::text[], ${taxes.map(({ inclusive }) => inclusive)}::boolean[],
      ${taxes.map(({ taxable }) => taxable)}::bigint[], ${taxes.map(({ tax }) => tax)}::bigint[]) as t`);
}
