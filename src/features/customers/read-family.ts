import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { isPastDue } from '#db/past-due.ts';
import { readCustomer } from '#features/customers/queries.ts';

type Page = { organizationId: string; currency: string; today: string };
type Member = {
  id: string;
  depth: number;
  displayName: string;
  billWithParent: boolean;
  active: boolean;
  openBalance: bigint;
  pastDueBalance: bigint;
};

/** A family is a handful; one that is larger than this is summed as far as it goes. */
const mostMembers = 500;
const mostShown = 100;

/** A customer's parent and children, with what it and all below it owe. */
export async function readFamily(tx: Tx, { organizationId, currency, today }: Page, id: string) {
  const { parentId } = await readCustomer(tx, organizationId, id);
  const parent = parentId ? await readCustomer(tx, organizationId, parentId) : null;
  const members = await tx.rows<Member>(sql`
    with recursive family(id, depth) as (
      select ${id}::id, 0
      union select c.id, f.depth + 1 from customers c join family f on c.parent_id = f.id
        where c.organization_id = ${organizationId} and f.depth < 6)
    select c.id, f.depth, c.display_name, c.bill_with_parent, c.deactivated_at is null as active, i.*
    from (select * from family order by depth, id limit ${mostMembers}) f
    join customers c on c.organization_id = ${organizationId} and c.id = f.id
    cross join lateral (select coalesce(sum(balance_due), 0)::bigint as open_balance,
        coalesce(sum(balance_due) filter (where ${isPastDue('invoices', today)}), 0)::bigint as past_due_balance
      from invoices where organization_id = ${organizationId} and customer_id = c.id
        and closed_at is null and issued_at is not null) i
    order by c.name_key, c.id`);
  const sum = (pick: (member: Member) => bigint): bigint =>
    members.reduce((total, member) => total + pick(member), 0n);
  return {
    object: 'family' as const,
    parent: parent && { id: parent.id, display_name: parent.displayName },
    children: members
      .filter(({ depth }) => depth === 1)
      .slice(0, mostShown)
      .map((child) => ({
        id: child.id,
        display_name: child.displayName,
        bill_with_parent: child.billWithParent,
        active: child.active,
        open_balance: child.openBalance,
        past_due_balance: child.pastDueBalance,
      })),
    members: members.length,
    open_balance: sum(({ openBalance }) => openBalance),
    past_due_balance: sum(({ pastDueBalance }) => pastDueBalance),
    currency,
  };
}
