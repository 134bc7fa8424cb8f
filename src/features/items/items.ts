import { sql } from 'kysely';
import { beginsWith } from '#db/begins-with.ts';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { refuseTaken } from '#db/refuse-taken.ts';
import { ratesInUse } from '#features/taxes/tax-rates.ts';
import { snake } from '#lib/casing.ts';
import { notFound } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type ItemRow = {
  id: string;
  name: string;
  description: string | null;
  unitPrice: string;
  taxable: boolean;
  taxRateIds: string[];
  active: boolean;
};
type NewItem = Omit<ItemRow, 'id' | 'active'>;
type ItemChanges = { [K in keyof Omit<ItemRow, 'id'>]?: ItemRow[K] | undefined };

const columns = sql.raw(
  'id, name, description, unit_price, taxable, tax_rate_ids, deactivated_at is null as active',
);
const taken = {
  items_name: { message: 'There is an item of this name already. Give it another.', param: 'name' },
};

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

/** Add an item: what is sold, so that invoices need not say it anew. */
export async function addItem(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; item: NewItem },
  now: Date,
): Promise<{ itemId: string }> {
  const { organizationId, item } = input;
  await ratesInUse(tx, organizationId, item.taxRateIds, 'tax_rate_ids');
  const itemId = newId('item');
  await refuseTaken(taken, () =>
    tx.run(sql`insert into items (organization_id, id, name, description, unit_price, taxable, tax_rate_ids, created_at)
      values (${organizationId}, ${itemId}, ${item.name}, ${item.description}, ${item.unitPrice}, ${item.taxable},
        ${item.taxRateIds}::text[], ${now})`),
  );
  await record(tx, { actor, organizationId, now }, [
    { type: 'item.added', subjectId: itemId, data: snake(item) },
  ]);
  return { itemId };
}

/** Change an item or take it out of use. Invoices keep what they said. */
export async function changeItem(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; itemId: string; changes: ItemChanges },
  now: Date,
): Promise<void> {
  const { organizationId, itemId, changes } = input;
  const found = await tx.row<ItemRow>(sql`select ${columns} from items
    where organization_id = ${organizationId} and id = ${itemId} for update`);
  if (!found) throw notFound('item', itemId);
  if (changes.taxRateIds) await ratesInUse(tx, organizationId, changes.taxRateIds, 'tax_rate_ids');
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const item: ItemRow = { ...found, ...given };
  await refuseTaken(taken, () =>
    tx.run(sql`update items set name = ${item.name}, description = ${item.description}, unit_price = ${item.unitPrice},
      taxable = ${item.taxable}, tax_rate_ids = ${item.taxRateIds}::text[], updated_at = ${now},
      deactivated_at = case when ${item.active} then null else coalesce(deactivated_at, ${now}::timestamptz) end
      where organization_id = ${organizationId} and id = ${itemId}`),
  );
  await record(tx, { actor, organizationId, now }, [
    { type: 'item.changed', subjectId: itemId, data: snake(given) },
  ]);
}
