import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { ImportContext } from '#features/imports/import-context.ts';
import { paymentKey } from '#features/imports/import-invoices.ts';
import { takeBackPayments } from '#features/payments/take-back-payments.ts';

/** A payment that the batch recorded with an invoice, and whether it is still as the batch left it. */
export type OwnPayment = {
  id: string;
  invoiceId: string;
  customerId: string;
  currency: string;
  amount: bigint;
  receivedOn: string;
  isIntact: boolean;
};

/** The batch's own payments for these invoices, locked. */
export async function readOwnPayments(
  tx: Tx,
  { batch }: ImportContext,
  invoiceIds: readonly string[],
): Promise<Map<string, OwnPayment>> {
  const keys = invoiceIds.map((id) => paymentKey(batch.id, id));
  const rows = await tx.rows<OwnPayment>(sql`
    select p.id, k.invoice_id, p.customer_id, p.currency, p.amount, p.received_on, p.state = 'settled'
    and p.ended_at is null and p.refunded = 0
      and exists (select from payment_applications a where a.organization_id = p.organization_id
      and a.payment_id = p.id
        and a.invoice_id = k.invoice_id and a.state = 'applied' and a.amount = p.amount) as is_intact
    from unnest(${keys}::text[], ${invoiceIds}::text[]) as k(request_key, invoice_id)
    join payments p on p.organization_id = ${batch.organizationId} and p.request_key = k.request_key
    order by p.id for update of p`);
  return new Map(rows.map((row) => [row.invoiceId, row]));
}

/** Undo: the payments never were. */
export const takeBackOwnPayments = (
  tx: Tx,
  { actor, batch, now }: ImportContext,
  payments: readonly OwnPayment[],
): Promise<void> =>
  takeBackPayments(
    tx,
    { actor, organizationId: batch.organizationId, quiet: true, data: { import_batch_id: batch.id } },
    payments.map((payment) => ({
      ...payment,
      fee: 0n,
      applications: [{ invoiceId: payment.invoiceId, amount: payment.amount }],
    })),
    now,
  );
