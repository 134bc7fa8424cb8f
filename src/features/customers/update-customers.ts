import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { type CustomerPatch, customerColumns } from '#features/customers/customer-input.ts';
import { refuseParentCircle } from '#features/customers/refuse-parent-circle.ts';
import { refuseTakenName } from '#features/customers/refuse-taken-name.ts';
import { snake } from '#lib/casing.ts';
import { Refusal } from '#lib/errors.ts';
import { canonicalJson } from '#lib/json.ts';

export type CustomerChange = { id: string; before: Record<string, unknown> };

const columns = Object.keys(customerColumns);
const listed = sql.raw(columns.map((name) => `c.${name}`).join(', '));
// The whole row is written back with the patch laid over it, so one statement serves any mix of patches.
const assigned = sql.raw(columns.map((name) => `${name} = r.${name}`).join(', '));
const recordset = sql.raw(
  Object.entries(customerColumns)
    .map(([name, type]) => `${name} ${type}`)
    .join(', '),
);

/**
 * Change customers. Answers what each changed row was before (for undo); a patch that changes nothing is
 * silent. Throws `not_found` for an id that is not the organization's.
 */
export async function updateCustomers(
  tx: Tx,
  actor: Actor,
  input: {
    organizationId: string;
    patches: readonly CustomerPatch[];
    importBatchId?: string;
    /** Of a change of settings for many: nobody reacts to each. */
    quiet?: boolean;
  },
  now: Date,
): Promise<{ changed: CustomerChange[] }> {
  const changes = decideChanges(await lockCustomers(tx, input.organizationId, input.patches), input.patches);
  if (changes.length === 0) return { changed: [] };
  await refuseTakenName(() =>
    tx.run(sql`
    update customers c set ${assigned}, updated_at = ${now},
      deactivated_at = case when r.active then null else coalesce(c.deactivated_at, ${now}::timestamptz) end
    from jsonb_to_recordset(${JSON.stringify(changes.map((change) => change.after))}::jsonb)
      as r(id text, active boolean, ${recordset})
    where c.organization_id = ${input.organizationId} and c.id = r.id`),
  );
  await refuseParentCircle(
    tx,
    input.organizationId,
    changes.filter(({ names }) => names.includes('parent_id')).map(({ id }) => id),
  );
  await record(
    tx,
    { actor, organizationId: input.organizationId, now, quiet: input.quiet ?? Boolean(input.importBatchId) },
    changes.map((change) => ({
      type: 'customer.updated',
      subjectId: change.id,
      customerId: change.id,
      data: {
        changes: Object.fromEntries(
          change.names.map((name) => [name, [change.before[name] ?? null, change.after[name] ?? null]]),
        ),
        ...(input.importBatchId ? { import_batch_id: input.importBatchId } : {}),
      },
    })),
  );
  return { changed: changes.map(({ id, before }) => ({ id, before })) };
}

type Row = Record<string, unknown>;

/**
 * Not `for update`: a payment refers to its customer, and need not wait for an import of customers to end.
 */
async function lockCustomers(
  tx: Tx,
  organizationId: string,
  patches: readonly CustomerPatch[],
): Promise<Map<string, Row>> {
  const found = await tx.rows<Row & { id: string }>(sql`
    select c.id, c.deactivated_at is null as active, ${listed} from customers c
    where c.organization_id = ${organizationId} and c.id = any(${patches.map((patch) => patch.id)})
    order by c.id for no key update`);
  return new Map(found.map((row) => [row.id, snake(row) as Row]));
}

/** One change a customer, however many patches lie over each other. */
function decideChanges(rows: ReadonlyMap<string, Row>, patches: readonly CustomerPatch[]) {
  const patched = new Map<string, Row>();
  for (const patch of patches) {
    const row = patched.get(patch.id) ?? rows.get(patch.id);
    if (!row) throw new Refusal('not_found', { message: `No customer has the id ${patch.id}.`, param: 'id' });
    const given = Object.entries(snake(patch)).filter(([, value]) => value !== undefined);
    const after: Row = { ...row, ...Object.fromEntries(given) };
    // Without a parent there is nobody to be billed with.
    if (after.parent_id === null && patch.billWithParent !== true) after.bill_with_parent = false;
    if (after.parent_id === patch.id) {
      throw new Refusal('invalid_request', {
        message: 'A customer cannot be its own parent.',
        param: 'parent_id',
      });
    }
    patched.set(patch.id, after);
  }
  return [...patched].flatMap(([id, after]) => {
    const before = rows.get(id) ?? {};
    const names = Object.keys(after).filter(
      (name) => canonicalJson(after[name]) !== canonicalJson(before[name]),
    );
    return names.length > 0 ? [{ id, before, after, names }] : [];
  });
}
