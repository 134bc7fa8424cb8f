import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { removeLateFee } from '#features/late-fees/remove-late-fee.ts';

/**
 * An invoice is void: its late fees that are invoices of their own end too, or are credit where they were
 * paid. Those on the invoice itself went with it.
 */
export async function followVoidInvoice(
  tx: Tx,
  actor: Actor,
  { organizationId, invoiceId }: { organizationId: string; invoiceId: string },
  now: Date,
): Promise<void> {
  const fees = await tx.rows<{ id: string; number: string }>(sql`
    select f.id, i.number from late_fees f
    join invoices i on i.organization_id = f.organization_id and i.id = f.invoice_id
    where f.organization_id = ${organizationId} and f.invoice_id = ${invoiceId} and f.state = 'posted'
      and f.own_invoice_id is not null and i.voided_at is not null order by f.sequence`);
  for (const { id, number } of fees)
    await removeLateFee(
      tx,
      actor,
      { organizationId, lateFeeId: id, reason: `Invoice ${number} is void.` },
      now,
    );
}
