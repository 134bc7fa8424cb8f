import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type InvoiceFacts, payableNow } from '#features/invoices/rules.ts';

export type OpenDispute = { id: string; createdAt: Date };

/** As the payer: only of its own invoices. */
export const readOpenDispute = (
  tx: Tx,
  organizationId: string,
  invoiceId: string,
): Promise<OpenDispute | undefined> =>
  tx.row<OpenDispute>(sql`select id, created_at from disputes
    where organization_id = ${organizationId} and invoice_id = ${invoiceId} and state = 'open'`);

/** There is something to pay, and nothing was said against it yet. */
export const mayDispute = (invoice: InvoiceFacts, dispute: OpenDispute | undefined): boolean =>
  payableNow(invoice) > 0n && dispute === undefined;
