import { type RawBuilder, sql } from 'kysely';
import pg from 'pg';
import type { Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { stopStanding } from '#features/customer-deactivations/deactivate-customers.ts';
import type { CustomerPatch } from '#features/customers/customer-input.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import type { ImportContext } from '#features/imports/import-context.ts';
import { planOnce } from '#features/imports/plan-cache.ts';
import { stopDeactivated } from '#features/imports/stop-deactivated.ts';
import { type Change, type CustomerFacts, type Kept, keepCustomer } from '#features/imports/undo-rules.ts';
import { camel } from '#lib/casing.ts';

/** Take customers of the batch back: made ones go, revised ones are again what they were. */
export async function undoCustomers(
  tx: Tx,
  context: ImportContext,
  changes: readonly Change[],
): Promise<Kept[]> {
  const {
    actor,
    batch: { organizationId, id: importBatchId },
    now,
  } = context;
  const found = await readFacts(tx, organizationId, changes);
  const kept: Kept[] = [];
  const patches: CustomerPatch[] = [];
  const gone: string[] = [];
  for (const { lineNo, targetId, before } of changes) {
    const facts = found.get(targetId);
    // Whoever deleted it since has taken it back already.
    if (!facts) continue;
    const reason = keepCustomer(facts);
    if (reason) kept.push({ lineNo, value: facts.displayName, reason });
    else if (before) patches.push(camel(before) as CustomerPatch);
    else gone.push(targetId);
  }
  await planOnce(tx);
  if (patches.length > 0) {
    const { changed } = await updateCustomers(tx, actor, { organizationId, patches, importBatchId }, now);
    await stopDeactivated(tx, context, changed);
  }
  await remove(tx, context, gone);
  return kept;
}

const lives = (table: string, condition: string): RawBuilder<unknown> =>
  sql.raw(
    `exists (select from ${table} t
      where t.organization_id = c.organization_id and t.customer_id = c.id and ${condition})`,
  );

const inUse = sql.join(
  [
    lives('invoices', 't.voided_at is null'),
    lives('payments', `t.state not in ('declined', 'voided')`),
    lives('payment_methods', `t.state in ('active', 'needs_authorization')`),
    lives('payment_links', 't.withdrawn_at is null'),
    lives('portal_memberships', 't.revoked_at is null'),
    lives('tickets', 'true'),
    lives('portal_invitations', 't.revoked_at is null'),
    sql.raw(
      'exists (select from customers t where t.organization_id = c.organization_id and t.parent_id = c.id)',
    ),
  ],
  sql` or `,
);

async function readFacts(
  tx: Tx,
  organizationId: string,
  changes: readonly Change[],
): Promise<Map<string, CustomerFacts>> {
  const ids = changes.map(({ targetId }) => targetId);
  await tx.run(sql`select id from customers where organization_id = ${organizationId}
    and id = any(${ids}::text[])
    order by id for update`);
  const rows = await tx.rows<CustomerFacts & { id: string }>(sql`
    select c.id, c.display_name, k.before is null as was_made, c.updated_at <> k.changed_at as is_edited,
      (${inUse}) as is_in_use,
      exists (select from customers o where o.organization_id = c.organization_id and o.id <> c.id
        and (o.name_key = lower(k.before ->> 'display_name')
        or o.external_id = k.before ->> 'external_id'))
        as is_old_key_taken
    from unnest(${ids}::text[], ${changes.map((c) => (c.before ? JSON.stringify(c.before) : null))}::jsonb[],
      ${changes.map((c) => c.changedAt)}::timestamptz[]) as k(id, before, changed_at)
    join customers c on c.organization_id = ${organizationId} and c.id = k.id`);
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Deleted where nothing refers to them; else (old mail, void invoices) inactive, with name and external id
 * free.
 */
async function remove(tx: Tx, { actor, batch, now }: ImportContext, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { organizationId } = batch;
  const about = sql`c.organization_id = ${organizationId} and c.id = any(${ids}::text[])`;
  const referred = [
    'invoices',
    'payments',
    'payment_methods',
    'payment_links',
    'portal_memberships',
    'portal_invitations',
    'authorizations',
    'messages',
  ].map((table) => lives(table, 'true'));
  const deleted = await deleteUnlessReferred(
    tx,
    sql`delete from customers c where ${about}
    and not (${sql.join(referred, sql` or `)}) returning c.id`,
  );
  const ended = await tx.rows<{
    id: string;
  }>(sql`update customers c set deactivated_at = coalesce(deactivated_at, ${now}),
    updated_at = ${now}, external_id = null,
    display_name = left(display_name, 170) || ' (undone ' || right(id, 8) || ')' where ${about}
    returning c.id`);
  await stopStanding(tx, actor, { organizationId, customerIds: ended.map(({ id }) => id) }, now);
  const event =
    (type: string) =>
    ({ id }: { id: string }) => ({
      type,
      subjectId: id,
      customerId: id,
      data: { reason: 'The import was undone.', import_batch_id: batch.id },
    });
  await record(tx, { actor, organizationId, now, quiet: true }, [
    ...deleted.map(event('customer.deleted')),
    ...ended.map(event('customer.updated')),
  ]);
}

/** A table that came later may refer to customers too: then the database says so, and none is deleted. */
async function deleteUnlessReferred(
  tx: Tx,
  statement: RawBuilder<{ id: string }>,
): Promise<{ id: string }[]> {
  await tx.run(sql`savepoint before_delete`);
  try {
    return await tx.rows(statement);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '23503') throw error;
    await tx.run(sql`rollback to savepoint before_delete`);
    return [];
  }
}
