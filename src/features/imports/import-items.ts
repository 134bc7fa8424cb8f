import type { Tx } from '#db/db.ts';
import type { AcceptedItem } from '#features/imports/decide-items.ts';
import type { ImportContext } from '#features/imports/import-context.ts';
import { planOnce } from '#features/imports/plan-cache.ts';
import { type NewChange, writeChanges } from '#features/imports/write-changes.ts';
import { addItems, changeItems } from '#features/items/write-items.ts';
import { must } from '#lib/errors.ts';

/** Bring the items of a chunk in. */
export async function importItems(
  tx: Tx,
  context: ImportContext,
  accepted: readonly AcceptedItem[],
): Promise<void> {
  const {
    actor,
    batch: { organizationId, id: importBatchId },
    now,
  } = context;
  const created = accepted.filter((row) => row.action === 'create');
  const updated = accepted.filter((row) => row.action === 'update');
  const changes: NewChange[] = [];
  await planOnce(tx);
  if (updated.length > 0) {
    const patches = updated.map(({ existing, said }) => ({ ...said, id: existing.id }));
    const { changed } = await changeItems(tx, actor, { organizationId, importBatchId, patches }, now);
    changes.push(
      ...updated.map(({ lineNo }, at) => {
        const { id, before } = must(changed[at], 'the changed item');
        return { lineNo, targetId: id, before };
      }),
    );
  }
  if (created.length > 0) {
    const items = created.map(({ said }) => ({
      description: null,
      unitPrice: '0',
      taxable: false,
      taxRateIds: [],
      ...said,
    }));
    const { itemIds } = await addItems(tx, actor, { organizationId, importBatchId, items }, now);
    changes.push(
      ...created.map(({ lineNo }, at) => ({ lineNo, targetId: must(itemIds[at], 'the new item') })),
    );
  }
  await writeChanges(tx, context, changes);
}
