import { plural, type StepTiming, stepWords, trackOf } from '#features/reminders/step-rules.ts';

export type PolicyChoice = { id: string; customerType: string | null; isDefault: boolean };

/** A customer's own policy, else that of its type, else the default. */
export function choosePolicy<P extends PolicyChoice>(
  policies: readonly P[],
  customer: { dunningPolicyId: string | null; customerType: string | null },
): P | undefined {
  return (
    policies.find(({ id }) => id === customer.dunningPolicyId) ??
    policies.find(
      ({ customerType }) => customerType !== null && sameType(customerType, customer.customerType),
    ) ??
    policies.find(({ isDefault }) => isDefault)
  );
}

const sameType = (a: string, b: string | null): boolean => a.trim().toLowerCase() === b?.trim().toLowerCase();

export const mostSteps = 30;

export type StepProblem = { at: number; field: string; words: string };

/** What is wrong with the steps of a policy, each fault at its step and with its remedy. */
export function stepProblems(steps: readonly (StepTiming & { isFormal: boolean })[]): StepProblem[] {
  return steps.flatMap((step, at) => [...ownProblems(step, at), ...meetings(steps, at)]);
}

function ownProblems(step: StepTiming & { isFormal: boolean }, at: number): StepProblem[] {
  const { type, dayOffset, everyDays, untilDaysLate } = step;
  const problem = (field: string, words: string): StepProblem => ({ at, field, words });
  const problems: StepProblem[] = [];
  if (type === 'payment_due' && dayOffset !== 0)
    problems.push(problem('day_offset', 'Payment due goes on the due date itself: give 0 days.'));
  if (type === 'payment_past_due' && dayOffset <= 0)
    problems.push(problem('day_offset', 'Payment past due goes after the due date: give 1 day or more.'));
  if ((type === 'upcoming_payment' || type === 'upcoming_late_fee') && dayOffset >= 0)
    problems.push(
      problem('day_offset', 'What is upcoming is announced before its day: give -1 day or fewer.'),
    );
  if (everyDays !== null && (type === 'payment_due' || type === 'upcoming_late_fee'))
    problems.push(problem('every_days', 'This type goes once: take the repetition away.'));
  if (untilDaysLate !== null && everyDays === null)
    problems.push(
      problem('until_days_late', 'Only what repeats needs an end: take it away, or let it repeat.'),
    );
  if (untilDaysLate !== null && everyDays !== null && untilDaysLate < dayOffset + everyDays)
    problems.push(
      problem(
        'until_days_late',
        `It would end before it repeats: give ${plural(dayOffset + everyDays, 'day')} or more.`,
      ),
    );
  if (step.isFormal && type !== 'payment_past_due')
    problems.push(problem('formal', 'A formal reminder says that payment is past due: choose that type.'));
  return problems;
}

/** Two steps on one day would make one of them silent. */
function meetings(steps: readonly StepTiming[], at: number): StepProblem[] {
  const step = steps[at] as StepTiming;
  const earlier = steps
    .slice(0, at)
    .some((other) => trackOf(other) === trackOf(step) && other.dayOffset === step.dayOffset);
  return earlier
    ? [{ at, field: 'day_offset', words: `There is a step for this day already (${stepWords(step)}).` }]
    : [];
}
