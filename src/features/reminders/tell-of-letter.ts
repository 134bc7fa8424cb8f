import { type Channel, channels } from '#features/correspondence/channel-rules.ts';
import type { MergeValues } from '#features/correspondence/merge-fields.ts';
import type { Template, Templates } from '#features/correspondence/templates.ts';
import { policyFor } from '#features/late-fees/rules.ts';
import type { Tell } from '#features/messenger/tell-customers.ts';
import type { DayPlan } from '#features/reminders/plan-day.ts';
import type { NextFee } from '#features/reminders/read-next-fees.ts';
import type { Going, Letter } from '#features/reminders/send-reminders.ts';
import { dateOf, noWords, wordsIn } from '#features/reminders/step-rules.ts';
import { formatDate } from '#lib/dates.ts';
import { formatMoney, sum } from '#lib/money.ts';

/**
 * What the messenger is to say: the words of the step where it has its own, those of the organization where
 * it leaves them open, and the terms of late fees where these are to stand in reminders.
 */
export function tellOf(plan: DayPlan, templates: Templates, { leading, due, covers }: Letter): Tell {
  const { invoice, decision, countsFrom, fee } = leading;
  const { step } = decision.occurrence;
  const isOwn = decision.says === step.type;
  const terms = termsOf(plan, invoice.dueDate);
  const words = channels.flatMap((channel): [Channel, Template][] => {
    const own = wordsIn(channel, isOwn ? step : noWords);
    // A text message has no room for terms.
    const end = terms && channel !== 'sms' ? `\n\n${terms}` : '';
    if (own.subject === null && own.body === null && end === '') return [];
    const { subject, body } = templates(decision.says, channel);
    return [[channel, { subject: own.subject ?? subject, body: `${own.body ?? body}${end}` }]];
  });
  return {
    type: decision.says,
    customerId: invoice.customerId,
    invoiceIds: [...due, ...covers].map((each) => each.invoice.id),
    key: `reminder:${invoice.id}:${step.id}:${dateOf(decision.occurrence, countsFrom)}`,
    ...(words.length > 0 ? { words: Object.fromEntries(words) } : {}),
    ...(fee ? { values: feeValues(due, fee, plan.setting.locale) } : {}),
  };
}

function termsOf({ feeRanges }: DayPlan, dueDate: string): string {
  const policy = policyFor(feeRanges, dueDate);
  return policy?.termsInReminders ? policy.termsText.trim() : '';
}

/** Of several fees in one message: what they come to, and the first of their days. */
function feeValues(due: readonly Going[], leading: NextFee, locale: string): MergeValues {
  const fees = due.flatMap(({ fee }) => fee ?? []);
  const currency = due[0]?.invoice.currency ?? '';
  const first = fees.map(({ on }) => on).sort()[0] ?? leading.on;
  return {
    'late_fee.amount': formatMoney(sum(fees.map(({ amount }) => amount)), currency, locale),
    'late_fee.date': formatDate(first, locale),
  };
}
