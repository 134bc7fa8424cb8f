import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { type CustomerInput, customerColumns, seededColumns } from '#features/customers/customer-input.ts';
import { refuseTakenName } from '#features/customers/refuse-taken-name.ts';
import { snake } from '#lib/casing.ts';
import { newId } from '#lib/ids.ts';

const columns = Object.keys(customerColumns);
const listed = sql.raw(columns.join(', '));
const seeded = sql.raw(
  columns
    .map((name) => (name in seededColumns ? `coalesce(r.${name}, ${seededColumns[name]})` : `r.${name}`))
    .join(', '),
);
const recordset = sql.raw(
  Object.entries(customerColumns)
    .map(([name, type]) => `${name} ${type}`)
    .join(', '),
);

/**
 * Take customers onto the books; settings not given are copied from the defaults, and then live their own
 * life.
 */
export async function createCustomers(
  tx: Tx,
  actor: Actor,
  input: {
    organizationId: string;
    customers: readonly CustomerInput[];
    importBatchId?: string;
    quiet?: boolean;
  },
  now: Date,
): Promise<{ customerIds: string[] }> {
  const rows = input.customers.map((customer) => ({ ...snake(customer), id: newId('customer') }));
  await refuseTakenName(async () =>
    tx.run(sql`
    insert into customers (organization_id, id, ${listed}, import_batch_id, created_at, updated_at, deactivated_at)
    select o.id, r.id, ${seeded}, ${input.importBatchId ?? null}, ${now}, ${now},
      case when r.active = false then ${now}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, active boolean, ${recordset})
    join organizations o on o.id = ${input.organizationId}
    left join customer_type_defaults d on o.defaults_by_type and d.organization_id = o.id
      and d.customer_type = r.customer_type`),
  );
  await record(
    tx,
    { actor, organizationId: input.organizationId, now, quiet: input.quiet ?? Boolean(input.importBatchId) },
    rows.map((row) => ({
      type: 'customer.created',
      subjectId: row.id,
      customerId: row.id,
      data: {
        display_name: row.display_name,
        ...(input.importBatchId ? { import_batch_id: input.importBatchId } : {}),
      },
    })),
  );
  return { customerIds: rows.map((row) => row.id) };
}
