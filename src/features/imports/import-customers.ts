import type { Tx } from '#db/db.ts';
import { createCustomers } from '#features/customers/create-customers.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import type { AcceptedCustomer } from '#features/imports/decide-customers.ts';
import type { ImportContext } from '#features/imports/import-context.ts';
import { planOnce } from '#features/imports/plan-cache.ts';
import { stopDeactivated } from '#features/imports/stop-deactivated.ts';
import { type NewChange, writeChanges } from '#features/imports/write-changes.ts';
import { must } from '#lib/errors.ts';

/** Bring the customers of a chunk in. */
export async function importCustomers(
  tx: Tx,
  context: ImportContext,
  accepted: readonly AcceptedCustomer[],
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
    const patches = updated.map(({ existing, input }) => ({ ...input, id: existing.id }));
    const { changed } = await updateCustomers(tx, actor, { organizationId, patches, importBatchId }, now);
    await stopDeactivated(tx, context, changed);
    const lines = new Map(updated.map(({ existing, lineNo }) => [existing.id, lineNo]));
    changes.push(
      ...changed.map(({ id, before }) => ({ targetId: id, before, lineNo: must(lines.get(id), 'the line') })),
    );
  }
  if (created.length > 0) {
    const customers = created.map(({ input }) => input);
    const { customerIds } = await createCustomers(
      tx,
      actor,
      { organizationId, customers, importBatchId },
      now,
    );
    changes.push(
      ...created.map(({ lineNo }, at) => ({ lineNo, targetId: must(customerIds[at], 'the new customer') })),
    );
  }
  await writeChanges(tx, context, changes);
}
