import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { readerJoin } from '#features/invoices/read-sendable.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { type Decision, decideReminder, type ReminderFacts } from '#features/reminders/eligibility-rules.ts';
import { type InvoiceToRemind, readSetting, type Setting } from '#features/reminders/read-facts.ts';
import {
  type FeeRanges,
  mayBeWarned,
  type NextFee,
  type NextFees,
  readFeeRanges,
} from '#features/reminders/read-next-fees.ts';
import { type Chooses, type Policy, policyChooser, readPolicies } from '#features/reminders/read-policies.ts';
import { isSaid, newestOccurrence, type Step, type Track, trackOf } from '#features/reminders/step-rules.ts';
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
  /** The late fees in force: warned of, and their terms said where that is wanted. */
  feeRanges: FeeRanges;
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
    feeRanges: await readFeeRanges(tx, input.organizationId),
  };
}

export const stepsOf = (policy: Policy | undefined, track: Track): Step[] =>
  policy?.steps.filter((step) => trackOf(step) === track) ?? [];

/** Where a run has come to: the last invoice it has looked at. */
export type Place = { customerId: string; dueDate: CalendarDate; id: string };

type Scanned = Place &
  Chooses & { lastRemindedOn: CalendarDate | null; lastFeeWarnedOn: CalendarDate | null };

/**
 * Open invoices by customer, so that what one customer has open stands together: a walk along one index, up
 * to a customer.
 */
export const scanOpen = (
  tx: Tx,
  plan: DayPlan,
  { after, before }: { after: Place | undefined; before: string | undefined },
): Promise<Scanned[]> =>
  tx.rows<Scanned>(sql`
    select i.id, i.customer_id, i.due_date, i.last_reminded_on, i.last_fee_warned_on, r.customer_type, r.dunning_policy_id
    from (select id, organization_id, customer_id, due_date, last_reminded_on, last_fee_warned_on from invoices
      where organization_id = ${plan.organizationId} and closed_at is null and issued_at is not null
        and due_date <= ${plan.dueUpTo} ${before === undefined ? sql`` : sql`and customer_id < ${before}`}
        and (customer_id, due_date, id) > (${after?.customerId ?? ''}, ${after?.dueDate ?? '0001-01-01'}, ${after?.id ?? ''})
      order by customer_id, due_date, id limit ${plan.batchSize}) i
    join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
    ${readerJoin}
    order by i.customer_id, i.due_date, i.id`);

/** The invoices whose late fees are looked up: their policy warns of them, and one may be near. */
export const nearFees = (plan: DayPlan, scanned: readonly Scanned[]): string[] =>
  scanned.flatMap((each) => {
    const steps = stepsOf(plan.policyOf(each), 'fee');
    const lead = Math.max(0, ...steps.map(({ dayOffset }) => -dayOffset));
    return lead > 0 && mayBeWarned(plan.feeRanges, { dueDate: each.dueDate, lead, today: plan.today })
      ? [each.id]
      : [];
  });

/** Has a step come for it that has not been said? Dates alone decide, so that most invoices cost no more. */
export function awaitsDecision(plan: DayPlan, scanned: Scanned, fees: NextFees): boolean {
  const policy = plan.policyOf(scanned);
  const fee = fees.get(scanned.id);
  const isDue = (track: Track, countsFrom: CalendarDate, lastOn: CalendarDate | null): boolean => {
    const newest = newestOccurrence(stepsOf(policy, track), daysBetween(countsFrom, plan.today));
    return newest !== undefined && !isSaid(newest, countsFrom, lastOn);
  };
  return (
    isDue('due', scanned.dueDate, scanned.lastRemindedOn) ||
    (fee !== undefined && isDue('fee', fee.on, scanned.lastFeeWarnedOn))
  );
}

export type Decided = {
  invoice: InvoiceToRemind;
  policy: Policy;
  track: Track;
  /** The due date, or the day of the fee that is warned of. */
  countsFrom: CalendarDate;
  decision: Decision;
  fee?: NextFee;
};

/** What is to be done about each, by the policy of whoever reads; of a late fee that is near, too. */
export function decideAll(
  plan: Pick<DayPlan, 'policyOf' | 'setting' | 'today'>,
  invoices: readonly InvoiceToRemind[],
  fees: NextFees = new Map(),
): Decided[] {
  return invoices.flatMap((invoice): Decided[] => {
    const policy = plan.policyOf(invoice.chooses);
    if (!policy) return [];
    const facts = { ...invoice.facts, ...plan.setting };
    const decide = (of: ReminderFacts, track: Track, countsFrom: CalendarDate) => ({
      ...{ invoice, policy, track, countsFrom },
      decision: decideReminder(of, stepsOf(policy, track), countsFrom, plan.today),
    });
    const due = decide(facts, 'due', invoice.dueDate);
    const fee = fees.get(invoice.id);
    if (!fee) return [due];
    const warned = { ...facts, invoice: { ...facts.invoice, lastOn: invoice.lastFeeWarnedOn } };
    return [due, { ...decide(warned, 'fee', fee.on), fee }];
  });
}
