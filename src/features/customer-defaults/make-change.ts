import { type RawBuilder, sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import { asSettings, readChange, settingColumns } from '#features/customer-defaults/queries.ts';
import {
  type CustomerFlag,
  changedBy,
  customerFlags,
  type SettingName,
  type Settings,
} from '#features/customers/setting-rules.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

type Ask = { organizationId: string; settings: Settings; customerType: string | null };

const isFlag = (name: SettingName): name is CustomerFlag =>
  (customerFlags as readonly string[]).includes(name);

/** Whether a row of customers would be changed by one setting: what changedBy() says of it, for a count. */
function differs(name: SettingName, value: boolean): RawBuilder<unknown> {
  if (!isFlag(name)) return sql`(${name} = any(c.message_cells)) <> ${value}`;
  const differing = sql`${sql.ref(`c.${name}`)} <> ${value}`;
  return name === 'bill_with_parent' && value ? sql`(${differing} and c.parent_id is not null)` : differing;
}

const scopeOf = ({ organizationId, customerType }: Omit<Ask, 'settings'>): RawBuilder<unknown> =>
  customerType === null
    ? sql`c.organization_id = ${organizationId}`
    : sql`c.organization_id = ${organizationId} and c.customer_type = ${customerType}`;

const countOf = async (tx: Tx, condition: RawBuilder<unknown>): Promise<number> =>
  must(
    await tx.row<{ count: number }>(sql`select count(*)::int as count from customers c where ${condition}`),
    'a count',
  ).count;

const sampleSize = 8;

/** How many a change would change, and a few of them with what they have now. */
export async function previewChange(tx: Tx, ask: Ask) {
  const entries = Object.entries(ask.settings) as [SettingName, boolean][];
  const scope = scopeOf(ask);
  const changing = sql`${scope} and (${sql.join(
    entries.map(([name, value]) => differs(name, value)),
    sql` or `,
  )})`;
  const sample = await tx.rows<Record<string, unknown> & { id: string; displayName: string }>(sql`
    select c.id, c.display_name, c.parent_id, ${settingColumns('c')} from customers c
    where ${changing} order by c.id limit ${sampleSize}`);
  return {
    object: 'setting_change_preview' as const,
    total: await countOf(tx, scope),
    would_change: await countOf(tx, changing),
    sample: sample.map((row) => ({
      customer_id: row.id,
      customer_name: row.displayName,
      before: changedBy(asSettings(row), ask.settings),
    })),
  };
}

type Start = Ask & { newType?: string };

/** Ask for a change of many customers; it is done batch by batch, and each customer's old values are kept. */
export async function makeChange(
  tx: Tx,
  actor: Actor,
  input: Start,
  now: Date,
): Promise<{ changeId: string }> {
  const { organizationId, settings, customerType, newType } = input;
  const id = newId('settingChange');
  const total = await countOf(tx, scopeOf(input));
  await tx.run(sql`insert into setting_changes (organization_id, id, settings, customer_type, new_type, state, total,
      asked_by, created_at)
    values (${organizationId}, ${id}, ${JSON.stringify(settings)}, ${customerType}, ${newType ?? null}, 'running',
      ${total}, ${actor.kind === 'user' ? actor.userId : null}, ${now})`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'organization.settings_applied',
      subjectId: id,
      data: {
        settings,
        customer_type: customerType,
        customers: total,
        ...(newType ? { new_type: newType } : {}),
      },
    },
  ]);
  await askForChange(tx, organizationId, id);
  return { changeId: id };
}

/** Rename a type: its set and its dunning policy at once, its customers as a change of many. */
export async function renameType(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; customerType: string; newType: string },
  now: Date,
): Promise<{ changeId: string }> {
  const { organizationId, customerType, newType } = input;
  const taken = await tx.row(sql`select 1 as taken from customer_type_defaults
    where organization_id = ${organizationId} and customer_type = ${newType}
    union all select 1 from customers where organization_id = ${organizationId} and customer_type = ${newType} limit 1`);
  if (taken) {
    throw new Refusal('conflict', {
      message: `There is a type ${newType} already. Choose another name.`,
      param: 'new_type',
    });
  }
  const renamed = await renameSets(tx, organizationId, customerType, newType);
  const used = await countOf(tx, scopeOf(input));
  if (renamed === 0 && used === 0) throw notFound('customer type', customerType);
  return makeChange(tx, actor, { ...input, settings: {} }, now);
}

export async function renameSets(tx: Tx, organizationId: string, from: string, to: string): Promise<number> {
  await tx.run(sql`update dunning_policies set customer_type = ${to}
    where organization_id = ${organizationId} and customer_type = ${from}`);
  return tx.run(sql`update customer_type_defaults set customer_type = ${to}
    where organization_id = ${organizationId} and customer_type = ${from}`);
}

/** Put back what each customer had, where nobody has changed it since. */
export async function undoChange(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; changeId: string },
  now: Date,
): Promise<void> {
  const { organizationId, changeId } = input;
  const change = await readChange(tx, organizationId, changeId, true);
  if (change.state !== 'done') {
    const why = {
      running: 'is still under way. Undo it when it is done',
      undoing: 'is being undone already',
      undone: 'is undone already',
    }[change.state];
    throw new Refusal('state_refused', `This change ${why}.`);
  }
  if (change.customerType && change.newType)
    await renameSets(tx, organizationId, change.newType, change.customerType);
  await tx.run(sql`update setting_changes set state = 'undoing', done_through = null, finished_at = null
    where organization_id = ${organizationId} and id = ${changeId}`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'organization.settings_undone', subjectId: changeId, data: { settings: change.settings } },
  ]);
  await askForChange(tx, organizationId, changeId);
}

const askForChange = (tx: Tx, organizationId: string, changeId: string): Promise<void> =>
  enqueue(tx, [
    { job: 'work-setting-change', key: `setting-change:${changeId}`, payload: { organizationId, changeId } },
  ]);
