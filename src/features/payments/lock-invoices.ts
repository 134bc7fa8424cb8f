import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { InvoiceToPay } from '#features/payments/rules.ts';

/**
 * Lock the invoices that a decision rests on, ids in order, so that two batches never wait for each other.
 */
export async function lockInvoices(
  tx: Tx,
  organizationId: string,
  invoiceIds: readonly string[],
): Promise<Map<string, InvoiceToPay>> {
  if (invoiceIds.length === 0) return new Map();
  const rows = await tx.rows<InvoiceToPay>(sql`
    select id, customer_id, currency, balance_due, reserved, issued_at is not null and voided_at is null as is_open
    from invoices where organization_id = ${organizationId} and id = any(${[...new Set(invoiceIds)]})
    order by id for update`);
  return new Map(rows.map((row) => [row.id, row]));
}
