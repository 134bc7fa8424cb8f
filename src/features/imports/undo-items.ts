import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { ImportContext } from '#features/imports/import-context.ts';
import { planOnce } from '#features/imports/plan-cache.ts';
import { type Change, type ItemFacts, type Kept, keepItem } from '#features/imports/undo-rules.ts';
import type { ItemRow } from '#features/items/read-items.ts';
import { changeItems, removeItems } from '#features/items/write-items.ts';

/** Take items of the batch back: made ones go, changed ones are again what they were. */
export async function undoItems(tx: Tx, context: ImportContext, changes: readonly Change[]): Promise<Kept[]> {
  const {
    actor,
    batch: { organizationId, id: importBatchId },
    now,
  } = context;
  const found = await readFacts(tx, organizationId, changes);
  const kept: Kept[] = [];
  const patches: ItemRow[] = [];
  const gone: string[] = [];
  for (const { lineNo, targetId, before } of changes) {
    const facts = found.get(targetId);
    // Whoever undid another import since may have taken it away already.
    if (!facts) continue;
    const reason = keepItem(facts);
    if (reason) kept.push({ lineNo, value: facts.name, reason });
    else if (before) patches.push(before as ItemRow);
    else gone.push(targetId);
  }
  await planOnce(tx);
  if (patches.length > 0) await changeItems(tx, actor, { organizationId, importBatchId, patches }, now);
  if (gone.length > 0) await removeItems(tx, actor, { organizationId, importBatchId, itemIds: gone }, now);
  return kept;
}

async function readFacts(
  tx: Tx,
  organizationId: string,
  changes: readonly Change[],
): Promise<Map<string, ItemFacts>> {
  const ids = changes.map(({ targetId }) => targetId);
  const rows = await tx.rows<ItemFacts & { id: string }>(sql`
    select i.id, i.name, k.before is null as was_made,
      coalesce(i.updated_at, i.created_at) <> k.changed_at as is_edited, false as is_in_use,
      exists (select from items o where o.organization_id = i.organization_id and o.id <> i.id
        and lower(o.name) = lower(k.before ->> 'name')) as is_old_key_taken
    from unnest(${ids}::text[], ${changes.map((c) => (c.before ? JSON.stringify(c.before) : null))}::jsonb[],
      ${changes.map((c) => c.changedAt)}::timestamptz[]) as k(id, before, changed_at)
    join items i on i.organization_id = ${organizationId} and i.id = k.id
    order by i.id for update of i`);
  const named = await findNamed(tx, organizationId, rows);
  return new Map(rows.map((row) => [row.id, { ...row, isInUse: named.has(row.name) }]));
}

/** Which of them a line of a living invoice or credit memo, or of an estimate, names. */
async function findNamed(
  tx: Tx,
  organizationId: string,
  items: readonly { name: string }[],
): Promise<Set<string>> {
  const names = items.map(({ name }) => name);
  const rows = await tx.rows<{ name: string }>(sql`
    select l.item_name as name from invoice_lines l
      join invoices v on v.organization_id = l.organization_id and v.id = l.invoice_id and v.voided_at is null
      where l.organization_id = ${organizationId} and l.item_name = any(${names}::text[])
    union select l.item_name from estimate_lines l
      where l.organization_id = ${organizationId} and l.item_name = any(${names}::text[])
    union select l.item_name from credit_memo_lines l
      join credit_memos m on m.organization_id = l.organization_id and m.id = l.credit_memo_id and m.voided_at is null
      where l.organization_id = ${organizationId} and l.item_name = any(${names}::text[])`);
  return new Set(rows.map(({ name }) => name));
}
