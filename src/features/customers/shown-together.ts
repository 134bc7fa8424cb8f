import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';

/** A customer and, where their invoices show with its own, those below it. */
export async function shownTogether(
  tx: Tx,
  organizationId: string,
  customer: { id: string; portalShowChildren: boolean },
): Promise<string[]> {
  if (!customer.portalShowChildren) return [customer.id];
  const below = await tx.rows<{ id: string }>(sql`
    with recursive family(id, depth) as (
      select id, 1 from customers where organization_id = ${organizationId} and parent_id = ${customer.id}
      union select c.id, f.depth + 1 from customers c join family f on c.parent_id = f.id
        where c.organization_id = ${organizationId} and f.depth < 6)
    select distinct id from family where id <> ${customer.id} order by id limit 500`);
  return [customer.id, ...below.map(({ id }) => id)];
}
