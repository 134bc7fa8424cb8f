import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { listedColumns, readGlobal, readTypeSet } from '#features/customer-defaults/queries.ts';
import { type CustomerSettings, columnsWith, type Settings } from '#features/customers/setting-rules.ts';
import { notFound } from '#lib/errors.ts';

const values = (row: CustomerSettings, settings: Settings) => Object.entries(columnsWith(row, settings));

/** Say what new customers start with; those who are there keep what they have. */
export async function saveDefaults(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; byType?: boolean | undefined; settings?: Settings | undefined },
  now: Date,
): Promise<void> {
  const { organizationId, byType, settings = {} } = input;
  await tx.run(sql`select 1 from organizations where id = ${organizationId} for update`);
  const before = await readGlobal(tx, organizationId);
  const columns = values(before, settings).map(
    ([name, value]) => sql`${sql.ref(`default_${name}`)} = ${value}`,
  );
  await tx.run(sql`update organizations set defaults_by_type = ${byType ?? before.byType}, ${sql.join(columns)}
    where id = ${organizationId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'organization.updated',
      subjectId: organizationId,
      data: {
        changes: [
          ...(byType === undefined ? [] : ['defaults_by_type']),
          ...Object.keys(settings).map((name) => `default_${name}`),
        ],
      },
    },
  ]);
}

/** Give a type a set of its own, which begins as the set for all, or change it. */
export async function saveTypeSet(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; customerType: string; settings: Settings },
  now: Date,
): Promise<void> {
  const { organizationId, customerType, settings } = input;
  const base =
    (await readTypeSet(tx, organizationId, customerType)) ?? (await readGlobal(tx, organizationId));
  const entries = values(base, settings);
  await tx.run(sql`insert into customer_type_defaults (organization_id, customer_type, updated_at, ${listedColumns})
    values (${organizationId}, ${customerType}, ${now}, ${sql.join(entries.map(([, value]) => sql`${value}`))})
    on conflict (organization_id, customer_type) do update set updated_at = excluded.updated_at,
      ${sql.join(entries.map(([name]) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`))}`);
  await tellChange(tx, actor, { organizationId, customerType, what: 'changed' }, now);
}

/** Take a type's own set away: new customers of the type start as all others do. */
export async function removeTypeSet(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; customerType: string },
  now: Date,
): Promise<void> {
  const { organizationId, customerType } = input;
  const gone = await tx.run(sql`delete from customer_type_defaults
    where organization_id = ${organizationId} and customer_type = ${customerType}`);
  if (gone === 0) throw notFound('set of defaults for the customer type', customerType);
  await tellChange(tx, actor, { organizationId, customerType, what: 'removed' }, now);
}

const tellChange = (
  tx: Tx,
  actor: Actor,
  { organizationId, customerType, what }: { organizationId: string; customerType: string; what: string },
  now: Date,
) =>
  record(tx, { actor, organizationId, now }, [
    {
      type: 'organization.updated',
      subjectId: organizationId,
      data: { changes: [`defaults of ${customerType} (${what})`] },
    },
  ]);
