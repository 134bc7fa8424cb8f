import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Line } from '#features/invoices/rules.ts';

/** The lines of one or many new invoices, in one statement. */
export async function writeInvoiceLines(
  tx: Tx,
  organizationId: string,
  invoices: readonly { id: string; lines: readonly Line[] }[],
): Promise<void> {
  const lines = invoices.flatMap(({ id, lines: own }) =>
    own.map((line, index) => ({ ...line, id, lineNo: index + 1 })),
  );
  if (lines.length === 0) return;
  const column = <T>(pick: (line: (typeof lines)[number]) => T): T[] => lines.map(pick);
  await tx.run(sql`
    insert into invoice_lines (organization_id, invoice_id, line_no, item_name, description, quantity, unit_price, amount,
      taxable, tax_rate)
    select ${organizationId}, l.* from unnest(${column((l) => l.id)}::text[], ${column((l) => l.lineNo)}::int[],
      ${column((l) => l.itemName)}::text[], ${column((l) => l.description)}::text[], ${column((l) => l.quantity)}::text[],
      ${column((l) => l.unitPrice)}::text[], ${column((l) => l.amount)}::bigint[], ${column((l) => l.taxable)}::boolean[],
      ${column((l) => l.taxRate)}::text[])
      as l(invoice_id, line_no, item_name, description, quantity, unit_price, amount, taxable, tax_rate)`);
}
