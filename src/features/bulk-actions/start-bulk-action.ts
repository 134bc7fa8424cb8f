import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import { readBulkAction } from '#features/bulk-actions/queries.ts';
import { type Ask, countAll, countChosen } from '#features/bulk-actions/read-chosen.ts';
import {
  type CustomerAction,
  type CustomerTraits,
  type InvoiceAction,
  type InvoiceTraits,
  mostOf,
  type Rule,
  refusalOfCustomer,
  refusalOfInvoice,
  ruleWords,
  scopeOf,
  subjectOf,
} from '#features/bulk-actions/rules.ts';
import { readPolicies } from '#features/reminders/read-policies.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { scopesOf } from '#lib/roles.ts';

/** Whoever may not do it to one row may not do it to many. */
export function refuseForbidden(actor: Actor, action: Ask['action']): void {
  const scope = scopeOf(action);
  const held = actor.kind === 'user' || actor.kind === 'api_key' ? scopesOf(actor) : undefined;
  if (held && !held.has(scope))
    throw new Refusal(
      'forbidden',
      `This needs the permission ${scope}. Ask a superuser of your organization.`,
    );
}

export const refusalOf = (
  ask: Pick<Ask, 'action'>,
  traits: InvoiceTraits | CustomerTraits,
): Rule | undefined =>
  subjectOf(ask.action) === 'invoices'
    ? refusalOfInvoice(ask.action as InvoiceAction, traits as InvoiceTraits)
    : refusalOfCustomer(ask.action as CustomerAction, traits as CustomerTraits);

const wrong = (message: string, param: string) => new Refusal('invalid_request', { message, param });

/** What an action needs to know besides its rows. */
async function refuseUnready(tx: Tx, { action, settings, organizationId }: Ask): Promise<void> {
  if (action === 'void' && !settings.reason)
    throw wrong('Say why the invoices are voided: it stands in their timelines.', 'reason');
  if (action === 'set_type' && settings.customerType === undefined)
    throw wrong('Say which customer type, or null for none.', 'customer_type');
  if (action !== 'set_policy') return;
  const { dunningPolicyId: id } = settings;
  if (id === undefined)
    throw wrong('Say which dunning policy, or null for that of the type.', 'dunning_policy_id');
  if (id !== null && !(await readPolicies(tx, organizationId)).some((policy) => policy.id === id))
    throw new Refusal('not_found', {
      message: 'There is no such dunning policy in use.',
      param: 'dunning_policy_id',
    });
}

/** Beyond this nobody waits for the exact number before it is done. */
export const mostLookedAt = 10_000;

/** How many an action would do, and how many not and why; nothing is changed. */
export async function previewBulkAction(tx: Tx, ask: Ask) {
  // What stands in the timeline is said after the look.
  await refuseUnready(tx, { ...ask, settings: { ...ask.settings, reason: 'later' } });
  const groups = await countChosen(tx, ask, mostLookedAt);
  const counts = new Map<Rule | undefined, number>();
  for (const { count, traits } of groups) {
    const rule = refusalOf(ask, traits);
    counts.set(rule, (counts.get(rule) ?? 0) + count);
  }
  const looked = groups.reduce((sum, { count }) => sum + count, 0);
  const missing = 'ids' in ask.chosen ? new Set(ask.chosen.ids).size - looked : 0;
  if (missing > 0) counts.set('not_found', missing);
  const total = looked < mostLookedAt ? looked + missing : await countAll(tx, ask);
  return {
    object: 'bulk_action_preview' as const,
    total,
    is_complete: total <= mostLookedAt,
    would_do: counts.get(undefined) ?? 0,
    left_out: [...counts].flatMap(([rule, count]) =>
      rule ? [{ rule, reason: ruleWords[rule], count }] : [],
    ),
  };
}

/** Ask for an action on many rows; a job works through them, some a transaction. */
export async function startBulkAction(
  tx: Tx,
  actor: Actor,
  ask: Ask,
  now: Date,
): Promise<{ bulkActionId: string }> {
  const { organizationId, action, chosen, settings, today } = ask;
  await refuseUnready(tx, ask);
  const found = await countAll(tx, ask);
  const total = 'ids' in chosen ? new Set(chosen.ids).size : found;
  if (total === 0)
    throw wrong('No row matches: there is nothing to do.', `${chosen.subject.slice(0, -1)}_filter`);
  if (total > mostOf(action))
    throw wrong(`This can be done with ${mostOf(action)} at once. Choose fewer of the ${total}.`, 'action');
  const id = newId('bulkAction');
  await tx.run(sql`insert into bulk_actions (organization_id, id, subject, action, settings, chosen, filter, state, total,
      user_id, asked_on, created_at)
    values (${organizationId}, ${id}, ${chosen.subject}, ${action}, ${JSON.stringify(settings)},
      ${'ids' in chosen ? [...new Set(chosen.ids)] : null}, ${'ids' in chosen ? null : JSON.stringify(chosen.filter)},
      'running', ${total}, ${actor.kind === 'user' ? actor.userId : null}, ${today}, ${now})`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'bulk_action.asked', subjectId: id, data: { action, rows: total } },
  ]);
  await enqueue(tx, [
    { job: 'work-bulk-action', key: `bulk-action:${id}`, payload: { organizationId, bulkActionId: id } },
  ]);
  return { bulkActionId: id };
}

/** Stop it: what is done stays done. */
export async function cancelBulkAction(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; bulkActionId: string },
  now: Date,
): Promise<void> {
  const { organizationId, bulkActionId } = input;
  const work = await readBulkAction(tx, organizationId, bulkActionId, true);
  refuseForbidden(actor, work.action);
  if (work.state !== 'running')
    throw new Refusal('state_refused', `This is ${work.state} already: there is nothing left to stop.`);
  await tx.run(sql`update bulk_actions set state = 'cancelled', finished_at = ${now}
    where organization_id = ${organizationId} and id = ${bulkActionId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'bulk_action.cancelled',
      subjectId: bulkActionId,
      data: { action: work.action, done: work.done },
    },
  ]);
}
