import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type PaymentLinkRow, readPaymentLink } from '#features/payment-links/queries.ts';

/** A payment link as it stands to the end of this transaction: who pays and who withdraws take turns. */
export async function lockPaymentLink(tx: Tx, organizationId: string, id: string): Promise<PaymentLinkRow> {
  await tx.run(sql`select id from payment_links where organization_id = ${organizationId} and id = ${id}
    for update`);
  return readPaymentLink(tx, organizationId, id);
}
