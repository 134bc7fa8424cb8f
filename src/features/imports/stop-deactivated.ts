import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { stopStanding } from '#features/customer-deactivations/deactivate-customers.ts';
import type { CustomerChange } from '#features/customers/update-customers.ts';
import type { ImportContext } from '#features/imports/import-context.ts';

/** Whoever a file made inactive has nothing charged or made by itself any more, as by any other way. */
export async function stopDeactivated(
  tx: Tx,
  context: ImportContext,
  changed: readonly CustomerChange[],
): Promise<void> {
  const { actor, now } = context;
  const { organizationId } = context.batch;
  const ids = changed.filter(({ before }) => before.active === true).map(({ id }) => id);
  if (ids.length === 0) return;
  const left = await tx.rows<{ id: string }>(sql`select id from customers
    where organization_id = ${organizationId} and id = any(${ids}::text[]) and deactivated_at is not null
    order by id`);
  const customerIds = left.map(({ id }) => id);
  if (customerIds.length > 0) await stopStanding(tx, actor, { organizationId, customerIds }, now);
}
