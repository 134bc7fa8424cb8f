import { sql } from 'kysely';
import { beginsWith } from '#db/begins-with.ts';
import type { Tx } from '#db/db.ts';
import { notFound } from '#lib/errors.ts';

export type ItemRow = {
  id: string;
  name: string;
  description: string | null;
  unitPrice: string;
  taxable: boolean;
  taxRateIds: string[];
  active: boolean;
};

const columns = sql.raw(
  'id, name, description, unit_price, taxable, tax_rate_ids, deactivated_at is null as active',
);

export type ItemFilter = {
  limit: number;
  startingAfter?: string | undefined;
  q?: string | undefined;
  status: 'active' | 'inactive' | 'all';
};

/** By name, from the last one seen; searched by the beginning of the name. */
export async function listItems(
  tx: Tx,
  organizationId: string,
  filter: ItemFilter,
): Promise<{ rows: ItemRow[]; hasMore: boolean }> {
  const conditions = [sql`i.organization_id = ${organizationId}`];
  if (filter.status !== 'all')
    conditions.push(
      filter.status === 'active' ? sql`i.deactivated_at is null` : sql`i.deactivated_at is not null`,
    );
  if (filter.q) conditions.push(beginsWith(sql`lower(i.name) collate "C"`, filter.q.toLowerCase()));
  if (filter.startingAfter) {
    const after = await readItem(tx, organizationId, filter.startingAfter);
    conditions.push(sql`(lower(i.name) collate "C", i.id) > (lower(${after.name}) collate "C", ${after.id})`);
  }
  const rows =
    await tx.list<ItemRow>(sql`select ${columns} from items i where ${sql.join(conditions, sql` and `)}
    order by lower(i.name) collate "C", i.id limit ${filter.limit + 1}`);
  return { rows: rows.slice(0, filter.limit), hasMore: rows.length > filter.limit };
}

export async function readItem(tx: Tx, organizationId: string, id: string): Promise<ItemRow> {
  const row = await tx.row<ItemRow>(sql`select ${columns} from items
    where organization_id = ${organizationId} and id = ${id}`);
  if (!row) throw notFound('item', id);
  return row;
}

/** By id, locked: what a change of them rests on. */
export async function readItemsForChange(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, ItemRow>> {
  const rows = await tx.rows<ItemRow>(sql`select ${columns} from items i
    where i.organization_id = ${organizationId} and i.id = any(${ids}::text[]) order by i.id for update`);
  return new Map(rows.map((row) => [row.id, row]));
}
