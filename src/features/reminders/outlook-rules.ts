import {
  checkRules,
  decideReminder,
  type ReminderFacts,
  type RuleResult,
} from '#features/reminders/eligibility-rules.ts';
import { within } from '#features/reminders/limit-rules.ts';
import {
  dateOf,
  nextOccurrence,
  type Occurrence,
  type Step,
  typeToSay,
} from '#features/reminders/step-rules.ts';
import { type CalendarDate, daysBetween } from '#lib/dates.ts';

export type Outlook = {
  standing: 'goes' | 'held' | 'waits' | 'ended';
  /** Of what goes next, or of what is held. */
  occurrence: Occurrence | undefined;
  rules: RuleResult[];
};

/**
 * What becomes of an invoice's reminders if nothing changes. What waits for its day is looked at as if that
 * day had come, so that a rule which would hold it is named beforehand.
 */
export function outlookOf(
  facts: ReminderFacts,
  steps: readonly Step[],
  countsFrom: CalendarDate,
  today: CalendarDate,
): Outlook {
  const isOpen = facts.invoice.state === 'open' || facts.invoice.state === 'pending';
  const decision = decideReminder(facts, steps, countsFrom, today);
  if (decision.verdict === 'send')
    return { standing: 'goes', occurrence: decision.occurrence, rules: decision.rules };
  if (decision.verdict === 'held')
    return {
      standing: isOpen ? 'held' : 'ended',
      occurrence: isOpen ? decision.occurrence : undefined,
      rules: decision.rules,
    };
  const occurrence = nextOccurrence(steps, daysBetween(countsFrom, today));
  if (!occurrence || !isOpen)
    return { standing: 'ended', occurrence: undefined, rules: 'rules' in decision ? decision.rules : [] };
  const { limit } = facts;
  const on = dateOf(occurrence, countsFrom);
  const remindedOn = limit ? within(limit, facts.remindedOn, on) : [];
  const then = { ...facts, remindedOn, invoice: { ...facts.invoice, lastOn: null } };
  const says = typeToSay(occurrence.step, occurrence.day);
  const rules = checkRules(then, { occurrence, says, countsFrom, today });
  return { standing: rules.every(({ ok }) => ok) ? 'waits' : 'held', occurrence, rules };
}
