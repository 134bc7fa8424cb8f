import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { comparedSettings, type MergeSide } from '#features/customer-merges/merge-rules.ts';
import { notFound } from '#lib/errors.ts';

const settings = sql.raw(comparedSettings.map((name) => `'${name}', c.${name}`).join(', '));

/** Both records of a merge, as far as it depends on them; locked where it is about to happen. */
export async function readMergeSides(
  tx: Tx,
  organizationId: string,
  { loserId, winnerId }: { loserId: string; winnerId: string },
  lock = false,
): Promise<{ loser: MergeSide; winner: MergeSide }> {
  const ids = [loserId, winnerId];
  if (lock)
    await tx.rows(sql`select id from customers where organization_id = ${organizationId}
      and id = any(${ids}::text[]) order by id for update`);
  const rows = await tx.rows<MergeSide>(sql`
    select c.id, c.display_name, c.deactivated_at is null as active, c.merged_into_id, c.parent_id,
      array(select currency from invoices where organization_id = c.organization_id and customer_id = c.id
        union select currency from payments where organization_id = c.organization_id and customer_id = c.id
        union select currency from credit_memos where organization_id = c.organization_id and customer_id = c.id
        order by 1) as currencies,
      exists (select from autopays a where a.organization_id = c.organization_id and a.customer_id = c.id) as has_autopay,
      exists (select from default_payment_methods d where d.organization_id = c.organization_id
        and d.customer_id = c.id) as has_default_method,
      (select count(*)::int from payments p where p.organization_id = c.organization_id and p.customer_id = c.id
        and p.state in ('pending', 'unknown')) as charges_under_way,
      jsonb_build_object(${settings}) as settings
    from customers c where c.organization_id = ${organizationId} and c.id = any(${ids}::text[])`);
  const of = (id: string): MergeSide => {
    const side = rows.find((row) => row.id === id);
    if (!side) throw notFound('customer', id);
    return side;
  };
  return { loser: of(loserId), winner: of(winnerId) };
}

/** How many papers of each kind a merge would move. */
export async function countPapers(
  tx: Tx,
  organizationId: string,
  customerId: string,
): Promise<Record<string, number>> {
  const row = await tx.row<{ counts: Record<string, number> }>(sql`select jsonb_build_object(${sql.join(
    shown.map(
      (table) => sql`${table}::text, (select count(*) from ${sql.table(table)}
        where organization_id = ${organizationId} and customer_id = ${customerId})`,
    ),
  )}, 'children', (select count(*) from customers
    where organization_id = ${organizationId} and parent_id = ${customerId})) as counts`);
  return row?.counts ?? {};
}
const shown = [
  'invoices',
  'payments',
  'credit_memos',
  'payment_methods',
  'authorizations',
  'autopays',
  'schedules',
  'payment_plans',
  'payment_links',
  'portal_memberships',
  'messages',
  'customer_notes',
  'tasks',
];
