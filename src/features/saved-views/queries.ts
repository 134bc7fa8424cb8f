import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import {
  askedOf,
  type Known,
  problemsOf,
  type Search,
  type ViewedList,
} from '#features/saved-views/rules.ts';
import { notFound } from '#lib/errors.ts';

export type SavedView = {
  id: string;
  list: ViewedList;
  userId: string;
  shared: boolean;
  name: string;
  search: Search;
  madeBy: string | null;
  isDefault: boolean;
  updatedAt: Date;
};

const columns = (userId: string) => sql`v.id, v.list, v.user_id, v.shared, v.name, v.search,
  staff_name(v.user_id) as made_by, v.updated_at, exists (select from default_views d
    where d.organization_id = v.organization_id and d.user_id = ${userId} and d.saved_view_id = v.id) as is_default`;

type Reader = { organizationId: string; userId: string };

/** One that is the reader's or shared; another person's is not there. */
export async function readView(tx: Tx, { organizationId, userId }: Reader, id: string): Promise<SavedView> {
  const row = await tx.row<SavedView>(sql`select ${columns(userId)} from saved_views v
    where v.organization_id = ${organizationId} and v.id = ${id} and (v.shared or v.user_id = ${userId})`);
  if (!row) throw notFound('saved view', id);
  return row;
}

export async function presentViews(tx: Tx, { organizationId, userId }: Reader, rows: readonly SavedView[]) {
  const known = await readKnown(tx, organizationId, rows);
  return rows.map((row) => ({
    object: 'saved_view' as const,
    id: row.id,
    list: row.list,
    name: row.name,
    shared: row.shared,
    own: row.userId === userId,
    made_by: row.madeBy,
    is_default: row.isDefault,
    search: { ...row.search },
    problems: problemsOf(row.search, known),
    updated_at: row.updatedAt,
  }));
}

export async function listViews(tx: Tx, reader: Reader, list: ViewedList) {
  const rows = await tx.rows<SavedView>(sql`select ${columns(reader.userId)} from saved_views v
    where v.organization_id = ${reader.organizationId} and v.list = ${list}
      and (v.shared or v.user_id = ${reader.userId}) order by v.shared, lower(v.name), v.id limit 100`);
  return { object: 'list' as const, data: await presentViews(tx, reader, rows), has_more: false as const };
}

/** What the filters of some views name and is there. */
async function readKnown(tx: Tx, organizationId: string, rows: readonly SavedView[]): Promise<Known> {
  const asked = rows.map(({ search }) => askedOf(search));
  const ids = asked.flatMap(({ customerId }) => customerId ?? []);
  const types = asked.flatMap(({ customerType }) => customerType ?? []);
  const gateways = asked.flatMap(({ gatewayAccountId }) => gatewayAccountId ?? []);
  const customers = await tx.rows<{
    id: string;
    mergedInto: string | null;
  }>(sql`select c.id, w.display_name as merged_into
    from customers c left join customers w on w.organization_id = c.organization_id and w.id = c.merged_into_id
    where c.organization_id = ${organizationId} and c.id = any(${ids})`);
  const found = await tx.rows<{ type: string }>(sql`select t.type from unnest(${types}::text[]) as t(type)
    where exists (select from customers c where c.organization_id = ${organizationId} and c.customer_type = t.type)
      or exists (select from customer_type_defaults d where d.organization_id = ${organizationId}
        and d.customer_type = t.type)`);
  const accounts = await tx.rows<{
    id: string;
    connected: boolean;
  }>(sql`select id, disconnected_at is null as connected
    from gateway_accounts where organization_id = ${organizationId} and id = any(${gateways})`);
  return {
    customers: new Map(customers.map((row) => [row.id, row])),
    customerTypes: new Set(found.map(({ type }) => type)),
    gatewayAccounts: new Map(accounts.map((row) => [row.id, row])),
  };
}
