import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import {
  asSettings,
  readChange,
  type SettingChange,
  settingColumns,
} from '#features/customer-defaults/queries.ts';
import type { CustomerPatch } from '#features/customers/customer-input.ts';
import { changedBy, columnsWith, restorable, type Settings } from '#features/customers/setting-rules.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { camel } from '#lib/casing.ts';

type One = { organizationId: string; changeId: string };
type Row = Record<string, unknown> & { id: string; customerType: string | null };
type Old = Settings & { customer_type?: string | null };
type Step = { patches: CustomerPatch[]; before: Map<string, Old>; looked: number; last: string | undefined };

const isUnderWay = ({ state }: SettingChange): boolean => state === 'running' || state === 'undoing';

/**
 * Do what a change asks for, some customers a transaction, until it is done. Each begins where the last one
 * ended: a second worker, or one after a crash, repeats nothing.
 */
export async function workChange(db: Database, one: One, now: () => Date, batch = 500): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: one.organizationId, name: 'setting-change' };
  for (;;) {
    const goesOn = await db.transaction(actor, async (tx) => {
      const change = await readChange(tx, one.organizationId, one.changeId, true);
      if (!isUnderWay(change)) return false;
      const step = await (change.state === 'running' ? nextOf : nextBack)(tx, one, change, batch);
      await write(tx, { one, change, step, actor }, now());
      return step.looked > 0;
    });
    if (!goesOn) return;
  }
}

/** Customers that the change has yet to look at. */
async function nextOf(tx: Tx, { organizationId }: One, change: SettingChange, batch: number): Promise<Step> {
  const rows =
    await tx.rows<Row>(sql`select c.id, c.customer_type, c.parent_id, ${settingColumns('c')} from customers c
    where c.organization_id = ${organizationId} and c.id > ${change.doneThrough ?? ''}
      and (${change.customerType}::text is null or c.customer_type = ${change.customerType})
    order by c.id limit ${batch} for no key update`);
  const step: Step = { patches: [], before: new Map(), looked: rows.length, last: rows.at(-1)?.id };
  for (const row of rows) {
    const settings = asSettings(row);
    const before: Old = change.newType
      ? { customer_type: row.customerType }
      : changedBy(settings, change.settings);
    if (Object.keys(before).length === 0) continue;
    const wanted = Object.fromEntries(
      Object.keys(before).map((name) => [name, change.settings[name as keyof Settings]]),
    ) as Settings;
    step.before.set(row.id, before);
    step.patches.push(
      change.newType
        ? { id: row.id, customerType: change.newType }
        : patchOf(row.id, columnsWith(settings, wanted)),
    );
  }
  return step;
}

/** Customers whose old values have yet to be put back. */
async function nextBack(tx: Tx, one: One, change: SettingChange, batch: number): Promise<Step> {
  const rows = await tx.rows<Row & { before: Old }>(sql`
    select c.id, c.customer_type, c.parent_id, r.before, ${settingColumns('c')} from setting_change_rows r
    join customers c on c.organization_id = r.organization_id and c.id = r.customer_id
    where r.organization_id = ${one.organizationId} and r.change_id = ${one.changeId}
      and r.customer_id > ${change.doneThrough ?? ''}
    order by r.customer_id limit ${batch} for no key update of c`);
  const step: Step = { patches: [], before: new Map(), looked: rows.length, last: rows.at(-1)?.id };
  for (const row of rows) {
    const settings = asSettings(row);
    if (change.newType) {
      if (row.customerType === change.newType)
        step.patches.push({ id: row.id, customerType: change.customerType });
      continue;
    }
    step.patches.push(patchOf(row.id, columnsWith(settings, restorable(settings, row.before))));
  }
  return step;
}

const patchOf = (id: string, columns: object): CustomerPatch => ({ ...camel(columns), id });

type Writing = { one: One; change: SettingChange; step: Step; actor: Actor };

async function write(tx: Tx, { one, change, step, actor }: Writing, now: Date): Promise<void> {
  const { organizationId, changeId } = one;
  const { changed } = await updateCustomers(
    tx,
    actor,
    { organizationId, patches: step.patches, quiet: true },
    now,
  );
  const ids = [...step.before.keys()];
  if (ids.length > 0)
    await tx.run(sql`insert into setting_change_rows (organization_id, change_id, customer_id, before)
      select ${organizationId}, ${changeId}, r.id, r.before::jsonb from unnest(${ids}::text[],
        ${ids.map((id) => JSON.stringify(step.before.get(id)))}::text[]) as r(id, before)`);
  const running = change.state === 'running';
  const done = step.looked === 0;
  const end = running ? 'done' : 'undone';
  await tx.run(sql`update setting_changes set
      looked = looked + ${running ? step.looked : 0}, changed = changed + ${running ? changed.length : 0},
      restored = restored + ${running ? 0 : changed.length}, kept = kept + ${running ? 0 : step.looked - changed.length},
      done_through = coalesce(${step.last ?? null}, done_through), state = ${done ? end : change.state},
      finished_at = ${done ? now : null}::timestamptz
    where organization_id = ${organizationId} and id = ${changeId}`);
}
