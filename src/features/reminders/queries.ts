import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { outlookOf } from '#features/reminders/outlook-rules.ts';
import { stepsOf } from '#features/reminders/plan-day.ts';
import { readFacts, readSetting } from '#features/reminders/read-facts.ts';
import { readFeeRanges, readNextFees } from '#features/reminders/read-next-fees.ts';
import { type Chooses, type Policy, policyChooser, readPolicies } from '#features/reminders/read-policies.ts';
import { tellRule } from '#features/reminders/remedy-rules.ts';
import { dateOf, nextOccurrence, type Step, stepWords, typeToSay } from '#features/reminders/step-rules.ts';
import { daysBetween, formatDate } from '#lib/dates.ts';
import { notFound } from '#lib/errors.ts';

export const presentPolicy = (policy: Policy) => ({
  object: 'dunning_policy' as const,
  id: policy.id,
  name: policy.name,
  customer_type: policy.customerType,
  default: policy.isDefault,
  one_message: policy.oneMessage,
  steps: policy.steps.map((step) => ({
    id: step.id,
    type: step.type,
    day_offset: step.dayOffset,
    every_days: step.everyDays,
    until_days_late: step.untilDaysLate,
    formal: step.isFormal,
    subject: step.subject,
    body: step.body,
    text_body: step.textBody,
    letter_subject: step.letterSubject,
    letter_body: step.letterBody,
    words: stepWords(step),
  })),
  created_at: policy.createdAt,
  updated_at: policy.updatedAt,
});

type ReminderRow = Step & {
  reminderId: string;
  invoiceId: string;
  said: string;
  dueOn: string;
  state: 'sent' | 'held';
  heldBy: string | null;
  heldOn: string | null;
  sentAt: Date | null;
  messageIds: string[];
  documentId: string | null;
  number: bigint | null;
  level: number | null;
};

/** What went or was held of one invoice, newest first. */
async function remindersOf(tx: Tx, organizationId: string, invoiceId: string) {
  const rows = await tx.rows<ReminderRow>(sql`
    select r.id as reminder_id, r.invoice_id, r.message_type as said, r.due_on, r.state, r.held_by, r.held_on,
      r.sent_at, r.message_ids, r.document_id, d.number, d.level, s.id, s.message_type as type, s.day_offset,
      s.every_days, s.until_days_late
    from reminders r
    join dunning_steps s on s.organization_id = r.organization_id and s.id = r.step_id
    left join reminder_documents d on d.organization_id = r.organization_id and d.id = r.document_id
    where r.organization_id = ${organizationId} and r.invoice_id = ${invoiceId} order by r.id desc limit 100`);
  return rows.map((row) => ({
    object: 'reminder' as const,
    id: row.reminderId,
    invoice_id: row.invoiceId,
    step_id: row.id,
    step: stepWords(row),
    type: row.said,
    due_on: row.dueOn,
    state: row.state,
    held_by: row.heldBy,
    held_on: row.heldOn,
    sent_at: row.sentAt,
    message_ids: row.messageIds,
    document:
      row.documentId !== null && row.number !== null && row.level !== null
        ? { id: row.documentId, number: Number(row.number), level: row.level }
        : null,
  }));
}

type Organization = { id: string; locale: string };

/**
 * Why a reminder went or not: the same rules as the daily run's, in words, with the place to put it right.
 */
export async function readOutlook(
  tx: Tx,
  organization: Organization,
  invoiceId: string,
  { today, now }: { today: string; now: Date },
) {
  const setting = await readSetting(tx, organization.id, now);
  const day = { organizationId: organization.id, today, setting };
  const [invoice] = await readFacts(tx, day, sql`i.id = ${invoiceId}`);
  if (!invoice) throw notFound('invoice', invoiceId);
  const policy = policyChooser(await readPolicies(tx, organization.id))(invoice.chooses);
  const facts = { ...invoice.facts, ...setting };
  const { standing, occurrence, rules } = outlookOf(facts, stepsOf(policy, 'due'), invoice.dueDate, today);
  const warning = await nextWarning(tx, { organizationId: organization.id, policy, invoiceId, today });
  const says = occurrence ? typeToSay(occurrence.step, occurrence.day) : 'payment_past_due';
  const about = {
    ...{ facts, says, invoiceId, customerId: invoice.customerId },
    date: (date: string) => formatDate(date, organization.locale),
  };
  const told = rules.map(({ rule, ok }) => ({ rule, ok, ...tellRule(rule, about) }));
  const failed = told.find(({ ok }) => !ok);
  const { reader } = invoice.facts;
  return {
    object: 'reminder_outlook' as const,
    invoice_id: invoiceId,
    policy: policy ? { id: policy.id, name: policy.name } : null,
    reader: { customer_id: reader.id, name: reader.name },
    standing,
    held:
      failed && (standing === 'held' || standing === 'ended')
        ? { rule: failed.rule, words: failed.failed, remedy: failed.remedy ?? null }
        : null,
    next: occurrence
      ? {
          date: standing === 'goes' ? today : later(dateOf(occurrence, invoice.dueDate), today),
          type: says,
          step: stepWords(occurrence.step),
          formal: occurrence.step.isFormal,
        }
      : null,
    next_fee_warning: warning,
    rules: told.map(({ rule, ok, passed, failed: words }) => ({ rule, ok, words: ok ? passed : words })),
    reminders: await remindersOf(tx, organization.id, invoiceId),
  };
}

type OfInvoice = { organizationId: string; policy: Policy | undefined; invoiceId: string; today: string };

/** When a late fee of it is warned of next, if its policy does that. */
async function nextWarning(tx: Tx, { organizationId, policy, invoiceId, today }: OfInvoice) {
  const steps = stepsOf(policy, 'fee');
  if (steps.length === 0) return null;
  const feeRanges = await readFeeRanges(tx, organizationId);
  const fee = (await readNextFees(tx, { organizationId, feeRanges, today }, [invoiceId])).get(invoiceId);
  const occurrence = fee && nextOccurrence(steps, daysBetween(fee.on, today));
  if (!fee || !occurrence) return null;
  return {
    date: dateOf(occurrence, fee.on),
    step: stepWords(occurrence.step),
    fee_on: fee.on,
    fee_amount: fee.amount,
  };
}

const later = (a: string, b: string): string => (a > b ? a : b);

export async function readReminderFile(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<{ number: bigint; file: Buffer }> {
  const row = await tx.row<{ number: bigint; file: Buffer }>(sql`select number, file from reminder_documents
    where organization_id = ${organizationId} and id = ${id}`);
  if (!row) throw notFound('formal reminder', id);
  return row;
}

/** The policy that a customer's own invoices have; one that bills with its parent has the parent's. */
export async function readCustomerPolicy(tx: Tx, organizationId: string, customerId: string) {
  const customer = await tx.row<Chooses>(sql`select dunning_policy_id, customer_type from customers
    where organization_id = ${organizationId} and id = ${customerId}`);
  if (!customer) throw notFound('customer', customerId);
  const policies = await readPolicies(tx, organizationId);
  const policy = policyChooser(policies)(customer);
  const own = policies.find(({ id }) => id === customer.dunningPolicyId);
  return {
    object: 'customer_dunning_policy' as const,
    customer_id: customerId,
    own_policy_id: own?.id ?? null,
    policy: policy ? { id: policy.id, name: policy.name } : null,
  };
}
