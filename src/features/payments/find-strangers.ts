import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Asked, Verdict } from '#features/payments/decide-batch.ts';
import { notFound } from '#lib/errors.ts';

/** Says no to who pays for a customer that this organization does not have. */
export async function strangerRefusal(
  tx: Tx,
  organizationId: string,
  items: readonly Pick<Asked, 'customerId'>[],
): Promise<(item: Pick<Asked, 'customerId'>) => Verdict | undefined> {
  const rows = await tx.rows<{ id: string }>(sql`select id from customers
    where organization_id = ${organizationId} and id = any(${[...new Set(items.map((each) => each.customerId))]})`);
  const known = new Set(rows.map(({ id }) => id));
  return ({ customerId }) => {
    if (known.has(customerId)) return undefined;
    const { code, message } = notFound('customer', customerId);
    return { ok: false, code, reason: message, param: 'customer_id' };
  };
}
