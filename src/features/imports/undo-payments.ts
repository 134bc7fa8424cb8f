import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { ImportContext } from '#features/imports/import-context.ts';
import { paymentKey } from '#features/imports/import-invoices.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { reversalOfPayment } from '#features/ledger/rules.ts';
import { moveInvoices } from '#features/payments/move-invoices.ts';

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
    and p.ended_at is null
      and exists (select from payment_applications a where a.organization_id = p.organization_id
      and a.payment_id = p.id
        and a.invoice_id = k.invoice_id and a.state = 'applied' and a.amount = p.amount) as is_intact
    from unnest(${keys}::text[], ${invoiceIds}::text[]) as k(request_key, invoice_id)
    join payments p on p.organization_id = ${batch.organizationId} and p.request_key = k.request_key
    order by p.id for update of p`);
  return new Map(rows.map((row) => [row.invoiceId, row]));
}

/**
 * The payments never were: their entries are reversed on their own day, and their invoices are open
 * again.
 */
export async function takeBackPayments(
  tx: Tx,
  context: ImportContext,
  payments: readonly OwnPayment[],
): Promise<void> {
  if (payments.length === 0) return;
  const {
    actor,
    batch: { organizationId, id: importBatchId },
    now,
  } = context;
  const ids = payments.map(({ id }) => id);
  await tx.run(sql`update payments set state = 'voided', applied = 0, ended_at = ${now}
    where organization_id = ${organizationId} and id = any(${ids}::text[])`);
  await tx.run(sql`update payment_applications set state = 'ended', ended_at = ${now}
    where organization_id = ${organizationId} and payment_id = any(${ids}::text[]) and state = 'applied'`);
  const reopened = await moveInvoices(
    tx,
    organizationId,
    payments.map(({ invoiceId, amount }) => ({ invoiceId, applied: -amount, reserved: 0n })),
    now,
  );
  await postEntries(
    tx,
    organizationId,
    payments.map((payment) =>
      reversalOfPayment({
        ...payment,
        entryDate: payment.receivedOn,
        throughGateway: false,
        applications: [{ invoiceId: payment.invoiceId, amount: payment.amount }],
      }),
    ),
    now,
  );
  await record(tx, { actor, organizationId, now, quiet: true }, [
    ...payments.map((payment) => ({
      type: 'payment.voided',
      subjectId: payment.id,
      customerId: payment.customerId,
      data: { amount: payment.amount, currency: payment.currency, import_batch_id: importBatchId },
    })),
    ...reopened,
  ]);
}
