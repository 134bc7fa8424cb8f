import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { lineColumnNames, lineColumns } from '#features/invoices/line-columns.ts';
import { type Line, taxesOfInvoice } from '#features/invoices/rules.ts';

type Written = {
  id: string;
  subtotal: bigint;
  tax: bigint;
  discount?: bigint | undefined;
  lines: readonly Line[];
};

/** The lines of one or many new invoices, and what tax each rate took of them, a statement each. */
export async function writeInvoiceLines(
  tx: Tx,
  organizationId: string,
  invoices: readonly Written[],
): Promise<void> {
  const lines = invoices.flatMap(({ id, lines: own }) =>
    own.map((line, index) => ({ ...line, id, lineNo: index + 1 })),
  );
  if (lines.length === 0) return;
  await tx.run(sql`
    insert into invoice_lines (organization_id, invoice_id, line_no, ${lineColumnNames})
    select ${organizationId}, l.* from unnest(${lines.map(({ id }) => id)}::text[],
      ${lines.map(({ lineNo }) => lineNo)}::int[], ${lineColumns(lines)}) as l`);
  await writeTaxes(tx, organizationId, invoices);
}

async function writeTaxes(tx: Tx, organizationId: string, invoices: readonly Written[]): Promise<void> {
  const taxes = invoices.flatMap((invoice) =>
    taxesOfInvoice(invoice).map((tax, index) => ({ ...tax, invoiceId: invoice.id, position: index + 1 })),
  );
  if (taxes.length === 0) return;
  const column = <T>(pick: (tax: (typeof taxes)[number]) => T): T[] => taxes.map(pick);
  await tx.run(sql`
    insert into invoice_taxes (organization_id, invoice_id, position, tax_rate_id, name, percent, inclusive, taxable, tax)
    select ${organizationId}, t.* from unnest(${column((t) => t.invoiceId)}::text[], ${column((t) => t.position)}::int[],
      ${column((t) => t.id)}::text[], ${column((t) => t.name)}::text[], ${column((t) => t.percent)}::text[],
      ${column((t) => t.inclusive)}::boolean[], ${column((t) => t.taxable)}::bigint[], ${column((t) => t.tax)}::bigint[])
      as t(invoice_id, position, tax_rate_id, name, percent, inclusive, taxable, tax)`);
}

/** Take the lines away, so that they can be written anew. */
export async function dropInvoiceLines(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
): Promise<void> {
  for (const table of ['invoice_lines', 'invoice_taxes'])
    await tx.run(sql`delete from ${sql.table(table)} where organization_id = ${organizationId}
      and invoice_id = any(${ids}::text[])`);
}
