import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { presentInvoice } from '#features/invoices/queries.ts';
import type { Line } from '#features/invoices/rules.ts';
import { must } from '#lib/errors.ts';

type Invoice = ReturnType<typeof presentInvoice>;

/** Every line of some invoices, with what tells whose it is; in the order of the invoices. */
export async function linesOfInvoices(tx: Tx, organizationId: string, invoices: readonly Invoice[]) {
  const ids = invoices.map(({ id }) => id);
  const invoiceOf = new Map(invoices.map((invoice) => [invoice.id, invoice]));
  const lines = await tx.rows<Line & { invoiceId: string; lineNo: number }>(sql`
    select l.invoice_id, l.line_no, l.item_name, l.description, l.quantity, l.unit_price, l.amount, l.taxable,
      l.tax_rate, l.discount, l.service_date, l.taxes
    from unnest(${ids}::text[]) with ordinality as o(id, place)
    join invoice_lines l on l.organization_id = ${organizationId} and l.invoice_id = o.id order by o.place, l.line_no`);
  return lines.map((line) => ({ ...line, invoice: must(invoiceOf.get(line.invoiceId), 'the invoice') }));
}
