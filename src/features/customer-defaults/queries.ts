import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import {
  type CustomerSettings,
  customerFlags,
  type Settings,
  settingsOf,
} from '#features/customers/setting-rules.ts';
import { snake } from '#lib/casing.ts';
import { must, notFound } from '#lib/errors.ts';

const columns = [...customerFlags, 'message_cells'] as const;
/** The settings of a row of customers or of a set of defaults. */
export const settingColumns = (table: string, prefix = '') =>
  sql.raw(columns.map((name) => `${table}.${prefix}${name} as ${name}`).join(', '));
export const listedColumns = sql.raw(columns.join(', '));

type Row = Record<string, unknown>;
export const asSettings = (row: Row): CustomerSettings => snake(row) as CustomerSettings;

export async function readGlobal(
  tx: Tx,
  organizationId: string,
): Promise<CustomerSettings & { byType: boolean }> {
  const row = must(
    await tx.row<
      Row & { byType: boolean }
    >(sql`select ${settingColumns('o', 'default_')}, o.defaults_by_type as by_type
      from organizations o where o.id = ${organizationId}`),
    'the organization',
  );
  return { ...asSettings(row), byType: row.byType };
}

export async function readTypeSet(
  tx: Tx,
  organizationId: string,
  customerType: string,
): Promise<CustomerSettings | undefined> {
  const row = await tx.row<Row>(sql`select ${settingColumns('d')} from customer_type_defaults d
    where d.organization_id = ${organizationId} and d.customer_type = ${customerType} for update`);
  return row && asSettings(row);
}

/** Types are few; a loop over their index passes their customers. */
const mostTypes = 200;

export async function readCustomerDefaults(tx: Tx, organizationId: string) {
  const { byType, ...all } = await readGlobal(tx, organizationId);
  const sets = await tx.rows<
    Row & { customerType: string }
  >(sql`select d.customer_type, ${settingColumns('d')}
    from customer_type_defaults d where d.organization_id = ${organizationId} order by d.customer_type limit ${mostTypes}`);
  const used = await tx.rows<{ customerType: string; customers: number }>(sql`
    select customer_type, count(*)::int as customers from customers
    where organization_id = ${organizationId} and customer_type is not null
    group by customer_type order by customer_type limit ${mostTypes}`);
  const counts = new Map(used.map((each) => [each.customerType, each.customers]));
  const setOf = new Map(sets.map((row) => [row.customerType, settingsOf(asSettings(row))]));
  const names = [...new Set([...setOf.keys(), ...counts.keys()])].filter((name) => name !== '').sort();
  return {
    object: 'customer_defaults' as const,
    by_type: byType,
    settings: settingsOf(all),
    types: names.map((name) => ({
      customer_type: name,
      settings: setOf.get(name) ?? null,
      customers: counts.get(name) ?? 0,
    })),
  };
}

export type SettingChange = {
  id: string;
  settings: Settings;
  customerType: string | null;
  newType: string | null;
  state: 'running' | 'done' | 'undoing' | 'undone';
  total: number;
  looked: number;
  changed: number;
  restored: number;
  kept: number;
  doneThrough: string | null;
  askedBy: string | null;
  createdAt: Date;
  finishedAt: Date | null;
};

const changeColumns =
  sql.raw(`id, settings, customer_type, new_type, state, total, looked, changed, restored, kept,
  done_through, staff_name(asked_by) as asked_by, created_at, finished_at`);

export async function readChange(
  tx: Tx,
  organizationId: string,
  id: string,
  lock = false,
): Promise<SettingChange> {
  const row = await tx.row<SettingChange>(sql`select ${changeColumns} from setting_changes
    where organization_id = ${organizationId} and id = ${id} ${lock ? sql`for update` : sql``}`);
  if (!row) throw notFound('change of settings', id);
  return row;
}

export const presentChange = ({ doneThrough: _, ...row }: SettingChange) => ({
  object: 'setting_change' as const,
  ...snake(row),
});

export async function listChanges(
  tx: Tx,
  organizationId: string,
  page: { limit: number; startingAfter?: string | undefined },
) {
  const rows = await tx.rows<SettingChange>(sql`select ${changeColumns} from setting_changes
    where organization_id = ${organizationId} and (${page.startingAfter ?? null}::text is null or id < ${page.startingAfter ?? null})
    order by id desc limit ${page.limit + 1}`);
  return {
    object: 'list' as const,
    data: rows.slice(0, page.limit).map(presentChange),
    has_more: rows.length > page.limit,
  };
}
