import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { Refusal } from '#lib/errors.ts';

/**
 * Refuse, after parents were written, a customer that has become its own grandparent: sums over children
 * would never end. One organization's parents change one after the other, or two halves of a circle could
 * pass side by side.
 */
export async function refuseParentCircle(
  tx: Tx,
  organizationId: string,
  customerIds: readonly string[],
): Promise<void> {
  if (customerIds.length === 0) return;
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`parents of ${organizationId}`}, 0))`);
  const circle = await tx.row(sql`
    with recursive above(start, id) as (
      select c.id, c.parent_id from customers c
        where c.organization_id = ${organizationId} and c.id = any(${[...customerIds]}) and c.parent_id is not null
      union
      select above.start, c.parent_id from above join customers c
        on c.organization_id = ${organizationId} and c.id = above.id and c.parent_id is not null)
    select 1 as circle from above where start = id limit 1`);
  if (circle) {
    throw new Refusal('invalid_request', {
      message: 'This customer would be its own parent, by way of others. Choose another parent.',
      param: 'parent_id',
    });
  }
}
