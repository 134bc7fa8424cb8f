import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { refuseTaken } from '#db/refuse-taken.ts';
import { type ItemRow, readItemsForChange } from '#features/items/read-items.ts';
import { ratesInUse } from '#features/taxes/tax-rates.ts';
import { snake } from '#lib/casing.ts';
import { notFound } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type NewItem = Omit<ItemRow, 'id' | 'active'> & { active?: boolean };
export type ItemPatch = { id: string } & { [K in keyof Omit<ItemRow, 'id'>]?: ItemRow[K] | undefined };
export type ItemChange = { id: string; before: ItemRow };
/** An import has looked at the rates itself; what it takes back may name one that is not in use by now. */
type Whose = { organizationId: string; importBatchId?: string };

const taken = {
  items_name: { message: 'There is an item of this name already. Give it another.', param: 'name' },
};
const recordset = sql.raw(`r(id text, name text, description text, unit_price text, taxable boolean,
  tax_rate_ids text[], active boolean)`);

const asked = (tx: Tx, { organizationId, importBatchId }: Whose, ids: readonly string[]) =>
  importBatchId ? undefined : ratesInUse(tx, organizationId, ids, 'tax_rate_ids');
const byBatch = ({ importBatchId }: Whose): object =>
  importBatchId ? { import_batch_id: importBatchId } : {};

/** Add items: what is sold, so that invoices need not say it anew. */
export async function addItems(
  tx: Tx,
  actor: Actor,
  input: Whose & { items: readonly NewItem[] },
  now: Date,
): Promise<{ itemIds: string[] }> {
  const { organizationId, importBatchId } = input;
  await asked(
    tx,
    input,
    input.items.flatMap(({ taxRateIds }) => taxRateIds),
  );
  const rows = input.items.map((item) => ({ active: true, ...snake(item), id: newId('item') }));
  await refuseTaken(taken, () =>
    tx.run(sql`insert into items (organization_id, id, name, description, unit_price, taxable, tax_rate_ids,
        import_batch_id, created_at, deactivated_at)
      select ${organizationId}, r.id, r.name, r.description, r.unit_price, r.taxable, r.tax_rate_ids,
        ${importBatchId ?? null}, ${now}, case when not r.active then ${now}::timestamptz end
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as ${recordset}`),
  );
  await record(
    tx,
    { actor, organizationId, now, quiet: importBatchId !== undefined },
    rows.map(({ id, ...data }) => ({
      type: 'item.added',
      subjectId: id,
      data: { ...data, ...byBatch(input) },
    })),
  );
  return { itemIds: rows.map(({ id }) => id) };
}

/** Change items or take them out of use. Invoices keep what they said. Answers what each was before. */
export async function changeItems(
  tx: Tx,
  actor: Actor,
  input: Whose & { patches: readonly ItemPatch[] },
  now: Date,
): Promise<{ changed: ItemChange[] }> {
  const { organizationId, importBatchId, patches } = input;
  const found = await readItemsForChange(
    tx,
    organizationId,
    patches.map(({ id }) => id),
  );
  await asked(
    tx,
    input,
    patches.flatMap(({ taxRateIds }) => taxRateIds ?? []),
  );
  const changes = patches.map(({ id, ...patch }) => {
    const before = found.get(id);
    if (!before) throw notFound('item', id);
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    return { id, before, given, after: { ...before, ...given } };
  });
  await refuseTaken(taken, () =>
    tx.run(sql`update items i set name = r.name, description = r.description, unit_price = r.unit_price,
        taxable = r.taxable, tax_rate_ids = r.tax_rate_ids, updated_at = ${now},
        deactivated_at = case when r.active then null else coalesce(i.deactivated_at, ${now}::timestamptz) end
      from jsonb_to_recordset(${JSON.stringify(changes.map(({ after }) => snake(after)))}::jsonb) as ${recordset}
      where i.organization_id = ${organizationId} and i.id = r.id`),
  );
  await record(
    tx,
    { actor, organizationId, now, quiet: importBatchId !== undefined },
    changes.map(({ id, given }) => ({
      type: 'item.changed',
      subjectId: id,
      data: { ...snake(given), ...byBatch(input) },
    })),
  );
  return { changed: changes.map(({ id, before }) => ({ id, before })) };
}

/** Take away items that an undone import had made. Lines that named one keep its name and price. */
export async function removeItems(
  tx: Tx,
  actor: Actor,
  { organizationId, importBatchId, itemIds }: Required<Whose> & { itemIds: readonly string[] },
  now: Date,
): Promise<void> {
  const gone = await tx.rows<{ id: string; name: string }>(sql`delete from items
    where organization_id = ${organizationId} and id = any(${itemIds}::text[]) returning id, name`);
  await record(
    tx,
    { actor, organizationId, now, quiet: true },
    gone.map(({ id, name }) => ({
      type: 'item.removed',
      subjectId: id,
      data: { name, import_batch_id: importBatchId },
    })),
  );
}
