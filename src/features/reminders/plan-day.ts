import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { MergeValues } from '#features/correspondence/merge-fields.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { type Decision, decideReminder } from '#features/reminders/eligibility-rules.ts';
import { type InvoiceToRemind, readerOf, readSetting, type Setting } from '#features/reminders/read-facts.ts';
import { type Chooses, type Policy, policyChooser, readPolicies } from '#features/reminders/read-policies.ts';
import { isSaid, newestOccurrence, type Step, trackOf } from '#features/reminders/step-rules.ts';
import { addDays, type CalendarDate, daysBetween } from '#lib/dates.ts';

/** What a run needs to know of its organization, read once. */
export type DayPlan = MailMakings & {
  organizationId: string;
  today: CalendarDate;
  setting: Setting;
  policyOf: (chooses: Chooses) => Policy | undefined;
  /** No invoice that is due later than this has a step yet. */
  dueUpTo: CalendarDate;
  /** How many invoices a transaction takes: few enough that nobody waits long for one of them. */
  batchSize: number;
};

export async function planDay(
  tx: Tx,
  input: MailMakings & { organizationId: string; today: CalendarDate },
  now: Date,
): Promise<DayPlan> {
  const policies = await readPolicies(tx, input.organizationId);
  const setting = await readSetting(tx, input.organizationId, now);
  const lead = Math.max(0, ...policies.flatMap(({ steps }) => steps.map(({ dayOffset }) => -dayOffset)));
  // A formal reminder is set on paper while its invoices are locked: some 15 ms each.
  const hasFormal = policies.some(({ steps }) => steps.some(({ isFormal }) => isFormal));
  return {
    ...{ ...input, setting },
    policyOf: policyChooser(policies),
    dueUpTo: addDays(input.today, lead),
    batchSize: hasFormal ? 50 : 500,
  };
}

export const dueSteps = (policy: Policy | undefined): Step[] =>
  policy?.steps.filter((step) => trackOf(step) === 'due') ?? [];

/** Where a run has come to: the last invoice it has looked at. */
export type Place = { customerId: string; dueDate: CalendarDate; id: string };

type Scanned = Place & Chooses & { lastRemindedOn: CalendarDate | null };

/** Open invoices by customer, so that what one customer has open stands together: a walk along one index. */
export const scanOpen = (tx: Tx, plan: DayPlan, after: Place | undefined): Promise<Scanned[]> =>
  tx.rows<Scanned>(sql`
    select i.id, i.customer_id, i.due_date, i.last_reminded_on, r.customer_type, r.dunning_policy_id
    from (select id, organization_id, customer_id, due_date, last_reminded_on from invoices
      where organization_id = ${plan.organizationId} and closed_at is null and issued_at is not null
        and due_date <= ${plan.dueUpTo}
        and (customer_id, due_date, id) > (${after?.customerId ?? ''}, ${after?.dueDate ?? '0001-01-01'}, ${after?.id ?? ''})
      order by customer_id, due_date, id limit ${plan.batchSize}) i
    join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
    join customers r on r.organization_id = i.organization_id and r.id = ${readerOf}
    order by i.customer_id, i.due_date, i.id`);

/** Has a step come for it that has not been said? Dates alone decide, so that most invoices cost no more. */
export function awaitsDecision(plan: DayPlan, scanned: Scanned): boolean {
  const policy = plan.policyOf(scanned);
  if (!policy) return false;
  const newest = newestOccurrence(dueSteps(policy), daysBetween(scanned.dueDate, plan.today));
  return newest !== undefined && !isSaid(newest, scanned.dueDate, scanned.lastRemindedOn);
}

export type Decided = {
  invoice: InvoiceToRemind;
  policy: Policy;
  /** The due date, or the day of the fee that is warned of. */
  countsFrom: CalendarDate;
  decision: Decision;
  /** What the words may name besides the invoice: a late fee. */
  values?: MergeValues;
};

/** What is to be done about each, by the policy of whoever reads. */
export function decideAll(plan: DayPlan, invoices: readonly InvoiceToRemind[]): Decided[] {
  return invoices.flatMap((invoice) => {
    const policy = plan.policyOf(invoice.chooses);
    if (!policy) return [];
    const facts = { ...invoice.facts, ...plan.setting };
    return [
      {
        ...{ invoice, policy, countsFrom: invoice.dueDate },
        decision: decideReminder(facts, dueSteps(policy), invoice.dueDate, plan.today),
      },
    ];
  });
}
