import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type InvoiceRow, readInvoice } from '#features/invoices/queries.ts';
import { stateOfInvoice } from '#features/invoices/rules.ts';
import { Refusal } from '#lib/errors.ts';

/** An invoice that money is still due on, locked: payments wait, so what was paid before is one figure. */
export async function lockOwedInvoice(
  tx: Tx,
  organizationId: string,
  invoiceId: string,
): Promise<InvoiceRow> {
  await tx.run(
    sql`select id from invoices where organization_id = ${organizationId} and id = ${invoiceId} for update`,
  );
  const invoice = await readInvoice(tx, organizationId, invoiceId);
  const state = stateOfInvoice(invoice);
  if (state === 'draft')
    throw new Refusal('state_refused', 'This invoice is a draft: nothing is owed on it yet.');
  if (state !== 'open' && state !== 'pending')
    throw new Refusal('nothing_due', 'Nothing is due on this invoice any more.');
  return invoice;
}
