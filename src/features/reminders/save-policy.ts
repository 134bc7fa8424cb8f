import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { checkTemplate } from '#features/correspondence/merge-fields.ts';
import { stepProblems } from '#features/reminders/policy-rules.ts';
import { type Policy, readPolicies } from '#features/reminders/read-policies.ts';
import type { Step, StepWords } from '#features/reminders/step-rules.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type GivenStep = Omit<Step, 'id'> & { id?: string | undefined };
export type PolicyChange = {
  name?: string | undefined;
  customerType?: string | null | undefined;
  oneMessage?: boolean | undefined;
  isDefault?: true | undefined;
  steps?: readonly GivenStep[] | undefined;
};
type NewPolicy = {
  name: string;
  customerType: string | null;
  oneMessage: boolean;
  steps: readonly GivenStep[];
};

/** Make a policy: a ladder of reminders for the customers of a type, or for those who are given it. */
export async function createPolicy(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; policy: NewPolicy },
  now: Date,
): Promise<Policy> {
  const { organizationId, policy } = input;
  const known = await readPolicies(tx, organizationId);
  if (known.length >= 100)
    throw new Refusal('state_refused', 'There are 100 policies. Archive one that is not used any more.');
  refuseTakenType(known, policy.customerType);
  const id = newId('dunningPolicy');
  await tx.run(sql`
    insert into dunning_policies (organization_id, id, name, customer_type, one_message, created_at, updated_at)
    values (${organizationId}, ${id}, ${policy.name}, ${policy.customerType}, ${policy.oneMessage}, ${now}, ${now})`);
  await writeSteps(tx, { organizationId, policyId: id, had: [], steps: policy.steps }, now);
  return tellChange(
    tx,
    actor,
    { organizationId, id, type: 'dunning_policy.created', before: undefined },
    now,
  );
}

/** Change a policy. What it was stays in the event, and what went by a step stays with the step. */
export async function updatePolicy(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; id: string; change: PolicyChange },
  now: Date,
): Promise<Policy> {
  const { organizationId, id, change } = input;
  await tx.run(
    sql`select from dunning_policies where organization_id = ${organizationId} order by id for update`,
  );
  const known = await readPolicies(tx, organizationId);
  const before = known.find((each) => each.id === id);
  if (!before) throw notFound('dunning policy', id);
  const customerType = change.isDefault ? null : change.customerType;
  if (customerType && before.isDefault)
    throw new Refusal('invalid_request', {
      message: 'The default policy is for all who have no other. Make another one the default first.',
      param: 'customer_type',
    });
  refuseTakenType(
    known.filter((each) => each.id !== id),
    customerType ?? null,
  );
  if (change.isDefault)
    await tx.run(sql`update dunning_policies set is_default = false, updated_at = ${now}
      where organization_id = ${organizationId} and is_default and id <> ${id}`);
  const type = customerType === undefined ? before.customerType : customerType;
  await tx.run(sql`
    update dunning_policies set name = ${change.name ?? before.name}, customer_type = ${type},
      one_message = ${change.oneMessage ?? before.oneMessage}, is_default = ${change.isDefault ?? before.isDefault},
      updated_at = ${now} where organization_id = ${organizationId} and id = ${id}`);
  if (change.steps)
    await writeSteps(tx, { organizationId, policyId: id, had: before.steps, steps: change.steps }, now);
  return tellChange(tx, actor, { organizationId, id, type: 'dunning_policy.updated', before }, now);
}

/** Take a policy out of use. */
export async function archivePolicy(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; id: string },
  now: Date,
): Promise<Policy> {
  const { organizationId, id } = input;
  const policy = (await readPolicies(tx, organizationId)).find((each) => each.id === id);
  if (!policy) throw notFound('dunning policy', id);
  if (policy.isDefault)
    throw new Refusal(
      'state_refused',
      'This is the default: customers without another policy have it. Make another one the default first.',
    );
  await tx.run(sql`update dunning_policies set archived_at = ${now}, updated_at = ${now}
    where organization_id = ${organizationId} and id = ${id}`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'dunning_policy.archived', subjectId: id, data: { name: policy.name } },
  ]);
  return { ...policy, updatedAt: now };
}

function refuseTakenType(others: readonly Policy[], customerType: string | null): void {
  const wanted = customerType?.trim().toLowerCase();
  const taken = others.find((each) => wanted && each.customerType?.trim().toLowerCase() === wanted);
  if (taken)
    throw new Refusal('conflict', {
      message: `“${taken.name}” is for customers of the type ${taken.customerType} already. Change that one, or choose another type.`,
      param: 'customer_type',
    });
}

type ToWrite = {
  organizationId: string;
  policyId: string;
  had: readonly Step[];
  steps: readonly GivenStep[];
};

/** A step that is changed stays the same step: what it has said is not said again. */
async function writeSteps(
  tx: Tx,
  { organizationId, policyId, had, steps }: ToWrite,
  now: Date,
): Promise<void> {
  refuseBadSteps(had, steps);
  const kept = new Set(steps.map(({ id }) => id));
  const gone = had.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
  await tx.run(sql`update dunning_steps set removed_at = ${now}
    where organization_id = ${organizationId} and id = any(${gone})`);
  const rows = steps.map((step) => ({
    id: step.id ?? newId('dunningStep'),
    message_type: step.type,
    day_offset: step.dayOffset,
    every_days: step.everyDays,
    until_days_late: step.untilDaysLate,
    is_formal: step.isFormal,
    subject: step.subject,
    body: step.body,
    text_body: step.textBody,
    letter_subject: step.letterSubject,
    letter_body: step.letterBody,
  }));
  await tx.run(sql`
    insert into dunning_steps (organization_id, policy_id, id, message_type, day_offset, every_days, until_days_late,
      is_formal, subject, body, text_body, letter_subject, letter_body, created_at)
    select ${organizationId}, ${policyId}, s.*, ${now} from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as s(
      id text, message_type text, day_offset int, every_days int, until_days_late int, is_formal boolean,
      subject text, body text, text_body text, letter_subject text, letter_body text)
    on conflict (organization_id, id) do update set message_type = excluded.message_type,
      day_offset = excluded.day_offset, every_days = excluded.every_days,
      until_days_late = excluded.until_days_late, is_formal = excluded.is_formal, subject = excluded.subject,
      body = excluded.body, text_body = excluded.text_body, letter_subject = excluded.letter_subject,
      letter_body = excluded.letter_body`);
}

const wordsOf = ({ subject, body, textBody, letterSubject, letterBody }: StepWords) => ({
  ...{ subject, body, text_body: textBody, letter_subject: letterSubject, letter_body: letterBody },
});

function refuseBadSteps(had: readonly Step[], steps: readonly GivenStep[]): void {
  const fields: Record<string, string> = {};
  const ids = new Set<string>();
  for (const [at, step] of steps.entries()) {
    if (step.id && (!had.some(({ id }) => id === step.id) || ids.has(step.id)))
      fields[`steps.${at}.id`] = 'This policy has no such step. Leave the id out to add one.';
    if (step.id) ids.add(step.id);
    for (const [field, words] of Object.entries(wordsOf(step))) {
      const [problem] = checkTemplate(words ?? '');
      if (problem) fields[`steps.${at}.${field}`] = problem;
    }
  }
  for (const { at, field, words } of stepProblems(steps)) fields[`steps.${at}.${field}`] ??= words;
  const [first] = Object.entries(fields);
  if (first) throw new Refusal('invalid_request', { message: first[1], param: first[0], fields });
}

type Change = {
  organizationId: string;
  id: string;
  type: 'dunning_policy.created' | 'dunning_policy.updated';
  before: Policy | undefined;
};

async function tellChange(tx: Tx, actor: Actor, change: Change, now: Date): Promise<Policy> {
  const { organizationId, id, type, before } = change;
  const after = must(
    (await readPolicies(tx, organizationId)).find((each) => each.id === id),
    'the policy',
  );
  await record(tx, { actor, organizationId, now }, [
    {
      type,
      subjectId: id,
      data: { name: after.name, ...(before ? { before: kept(before) } : {}), after: kept(after) },
    },
  ]);
  return after;
}

const kept = ({ name, customerType, isDefault, oneMessage, steps }: Policy) => ({
  name,
  customer_type: customerType,
  default: isDefault,
  one_message: oneMessage,
  steps: steps.map(({ id, type, dayOffset, everyDays, untilDaysLate, isFormal, ...words }) => ({
    ...{ id, type, day_offset: dayOffset, every_days: everyDays, until_days_late: untilDaysLate },
    ...{ formal: isFormal, ...wordsOf(words) },
  })),
});
