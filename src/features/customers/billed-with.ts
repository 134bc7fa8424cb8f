import { type RawBuilder, sql } from 'kysely';

/**
 * The ids of a customer and of all that bill with it, as far down as that goes: those for whom it reads. Of
 * one that bills with its parent itself there are none. The way back up is billed_to() in the database.
 */
export const billedWith = (organizationId: string, customerId: RawBuilder<unknown>) => sql`(
  with recursive down(id, depth) as (
    select d.id::text, 1 from customers d where d.organization_id = ${organizationId} and d.id = ${customerId}
      and not d.bill_with_parent
    union all select s.id::text, w.depth + 1 from down w join customers s on s.organization_id = ${organizationId}
      and s.parent_id = w.id and s.bill_with_parent where w.depth < 6)
  select down.id from down)`;
