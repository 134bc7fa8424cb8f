import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';

type Parent = { id: string; portalShowChildren: boolean };

/** A customer and, where their invoices show with its own, those below it. */
export const shownTogether = (tx: Tx, organizationId: string, customer: Parent): Promise<string[]> =>
  customer.portalShowChildren
    ? below(tx, organizationId, customer.id, false)
    : Promise.resolve([customer.id]);

/**
 * The same, with those that bill with it besides: what its statement lists, because it is told of their
 * invoices.
 */
export const billedTogether = (tx: Tx, organizationId: string, customer: Parent): Promise<string[]> =>
  below(tx, organizationId, customer.id, !customer.portalShowChildren);

async function below(tx: Tx, organizationId: string, id: string, onlyBilled: boolean): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    with recursive family(id, depth) as (
      select id, 1 from customers where organization_id = ${organizationId} and parent_id = ${id}
        and (bill_with_parent or not ${onlyBilled})
      union select c.id, f.depth + 1 from customers c join family f on c.parent_id = f.id
        where c.organization_id = ${organizationId} and f.depth < 6 and (c.bill_with_parent or not ${onlyBilled}))
    select distinct id from family where id <> ${id} order by id limit 500`);
  return [id, ...rows.map((row) => row.id)];
}
