import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { Refusal } from '#lib/errors.ts';

/** Why a customer pays no tax; null: they do. */
export async function readExemption(tx: Tx, organizationId: string, id: string): Promise<string | null> {
  const row = await tx.row<{ taxExemptReason: string | null }>(sql`select tax_exempt_reason from customers
    where organization_id = ${organizationId} and id = ${id} for share`);
  if (!row) throw new Refusal('not_found', { message: 'There is no such customer.', param: 'customer_id' });
  return row.taxExemptReason;
}
