import type { Channel } from '#features/correspondence/channel-rules.ts';
import { channelsOf } from '#features/correspondence/channel-rules.ts';
import type { InvoiceState } from '#features/invoices/rules.ts';
import { leftOf, type ReminderLimit } from '#features/reminders/limit-rules.ts';
import {
  isSaid,
  newestOccurrence,
  type Occurrence,
  type ReminderType,
  type Step,
  typeToSay,
} from '#features/reminders/step-rules.ts';
import { type CalendarDate, daysBetween } from '#lib/dates.ts';

/** Each rule that a reminder must pass, in the order in which they are looked at (product-a 10.3). */
export const ruleNames = [
  'automatic_messages_live',
  'invoice_open',
  'balance_payable',
  'customer_takes_reminders',
  'invoice_not_opted_out',
  'customer_active',
  'customer_may_be_contacted',
  'channel_on',
  'address_good',
  'no_open_dispute',
  'no_open_promise',
  'no_active_payment_plan',
  'not_sent_today',
  'not_too_often',
  'not_superseded',
] as const;
export type RuleName = (typeof ruleNames)[number];

/** How a reader can be reached: the customer, or the parent that it bills with. */
export type Reader = {
  id: string;
  name: string;
  sendReminders: boolean;
  /** Nor is the customer itself deactivated, where it bills with a parent. */
  isActive: boolean;
  /** Nobody has said that this customer, or who reads for it, must be left alone. */
  mayBeContacted: boolean;
  cells: readonly string[];
  email: string | null;
  /** Why mail to this address is held: it bounced, complained, or asked to be left alone. */
  emailProblem: string | null;
  /** There is an address, its own or one for copies, that mail may go to. */
  takesMail: boolean;
  phone: string | null;
  /** Letters go to a confirmed address alone: one that is not is no address. */
  hasAddress: boolean;
  addressConfirmed: boolean;
};

/** Everything that the decision on one invoice rests on. */
export type ReminderFacts = {
  isLive: boolean;
  sendToInactive: boolean;
  /** Null: as many as the policy has. */
  limit: ReminderLimit | null;
  /** The days of the last reminders to this customer, as many as the limit asks for. */
  remindedOn: readonly CalendarDate[];
  reader: Reader;
  invoice: {
    state: InvoiceState;
    payable: bigint;
    dueDate: CalendarDate;
    remindersOff: boolean;
    lastOn: CalendarDate | null;
  };
  dispute: { restsUntil: CalendarDate | null } | null;
  promise: { promisedOn: CalendarDate } | null;
  /** It is paid in parts, by a plan that runs. */
  isOnPlan: boolean;
};

export type RuleResult = { rule: RuleName; ok: boolean };

export type Decision =
  /** No step has come yet, or the policy has none. */
  | { verdict: 'nothing' }
  /** The newest has been said. */
  | { verdict: 'said'; occurrence: Occurrence; rules: RuleResult[] }
  | { verdict: 'held'; occurrence: Occurrence; says: ReminderType; heldBy: RuleName; rules: RuleResult[] }
  | { verdict: 'send'; occurrence: Occurrence; says: ReminderType; rules: RuleResult[] };

/**
 * Is an address there for a channel? For letters, a confirmed one. Consent to texts is that channel's own
 * rule.
 */
export function reaches(reader: Reader, channel: Channel): boolean {
  if (channel === 'email') return reader.takesMail;
  return channel === 'sms' ? reader.phone !== null : reader.hasAddress && reader.addressConfirmed;
}

/**
 * What is to be done today about one invoice in one track: say the newest, say nothing, or hold it and name
 * the rule that does. `countsFrom` is the due date, or the day of the fee that is warned of.
 */
export function decideReminder(
  facts: ReminderFacts,
  steps: readonly Step[],
  countsFrom: CalendarDate,
  today: CalendarDate,
): Decision {
  const day = daysBetween(countsFrom, today);
  const occurrence = newestOccurrence(steps, day);
  if (!occurrence) return { verdict: 'nothing' };
  const says = typeToSay(occurrence.step, day);
  const rules = checkRules(facts, { occurrence, says, countsFrom, today });
  const failed = rules.find(({ ok }) => !ok)?.rule;
  if (isSaid(occurrence, countsFrom, facts.invoice.lastOn)) return { verdict: 'said', occurrence, rules };
  if (failed) return { verdict: 'held', occurrence, says, heldBy: failed, rules };
  return { verdict: 'send', occurrence, says, rules };
}

/** What lets an invoice rest, whoever reads and whichever step has come. */
export const restRules = (
  { dispute, promise, isOnPlan }: Pick<ReminderFacts, 'dispute' | 'promise' | 'isOnPlan'>,
  today: CalendarDate,
) => ({
  no_open_dispute: dispute === null || (dispute.restsUntil !== null && dispute.restsUntil <= today),
  no_open_promise: promise === null || promise.promisedOn < today,
  no_active_payment_plan: !isOnPlan,
});

export type Asked = {
  occurrence: Occurrence;
  says: ReminderType;
  countsFrom: CalendarDate;
  today: CalendarDate;
};

export function checkRules(
  facts: ReminderFacts,
  { occurrence, says, countsFrom, today }: Asked,
): RuleResult[] {
  const { invoice, reader } = facts;
  const on = channelsOf(reader.cells, says);
  const ok: Record<RuleName, boolean> = {
    automatic_messages_live: facts.isLive,
    invoice_open: invoice.state === 'open' || invoice.state === 'pending',
    balance_payable: invoice.payable > 0n,
    customer_takes_reminders: reader.sendReminders,
    invoice_not_opted_out: !invoice.remindersOff,
    customer_active: reader.isActive || facts.sendToInactive,
    customer_may_be_contacted: reader.mayBeContacted,
    channel_on: on.length > 0,
    address_good: on.length === 0 || on.some((channel) => reaches(reader, channel)),
    ...restRules(facts, today),
    not_sent_today: invoice.lastOn !== today,
    not_too_often: leftOf(facts.limit, facts.remindedOn, today) > 0,
    not_superseded: !isSaid(occurrence, countsFrom, invoice.lastOn),
  };
  return ruleNames.map((rule) => ({ rule, ok: ok[rule] }));
}
