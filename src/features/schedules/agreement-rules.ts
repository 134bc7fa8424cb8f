import { frequencyWords, type Series } from '#features/schedules/rules.ts';
import { type CalendarDate, formatDate } from '#lib/dates.ts';
import { formatMoney } from '#lib/money.ts';

export const agreementVersion = 'schedule-1';

/** So many days after its date a charge that could not be made is still made, as the agreement says. */
export const lateDays = 5;

export type Agreed = Series & { amount: bigint; currency: string; paymentMethodId: string };

/** What the payer agrees to, word for word: number, time and amount of charges, and how to stop them. */
export function agreementText(
  seller: { name: string; locale: string },
  agreed: Agreed & { methodName: string; cardFee: string },
): string {
  const amount = formatMoney(agreed.amount, agreed.currency, seller.locale);
  const date = (on: CalendarDate) => formatDate(on, seller.locale);
  const rest = agreed.cardFee === '' ? stop : `${agreed.cardFee} ${stop}`;
  if (agreed.unit === 'once')
    return (
      `${seller.name} may charge ${amount} to ${agreed.methodName} once, on ${date(agreed.startsOn)} or up to ` +
      `${lateDays} days after it. ${rest}`
    );
  const end =
    agreed.times !== null
      ? `${agreed.times} times in all`
      : agreed.endsOn !== null
        ? `until ${date(agreed.endsOn)}`
        : 'until it is stopped';
  return (
    `${seller.name} may charge ${amount} to ${agreed.methodName} ${frequencyWords(agreed).toLowerCase()}, from ` +
    `${date(agreed.startsOn)}, ${end}: on each date or up to ${lateDays} days after it, and never two dates at ` +
    `once. Where a month has no such day, its last day counts. ${rest}`
  );
}

const stop =
  'This can be stopped at any time in the portal or by a word to the seller, and for a charge by bank debit up to ' +
  'three business days before its date in any case.';

/** The same as figures, which every charge and every edit is held against. */
export const agreementTerms = (agreed: Agreed) => ({
  amount: agreed.amount.toString(),
  currency: agreed.currency,
  unit: agreed.unit,
  every: agreed.every,
  starts_on: agreed.startsOn,
  times: agreed.times,
  ends_on: agreed.endsOn,
  payment_method_id: agreed.paymentMethodId,
});

/** Whether the payer finds anything else on the statement from now on, be it less. */
export const takesOther = (before: Changing, after: Changing): boolean =>
  (['amount', 'paymentMethodId', 'unit', 'every', 'startsOn', 'times', 'endsOn'] as const).some(
    (key) => before[key] !== after[key],
  );
type Changing = Series & { amount: bigint; currency: string; paymentMethodId: string | null };

/** `$25.00 monthly`, as it was before a change. */
export const wasWords = (was: Changing, { locale }: { locale: string }): string =>
  `${formatMoney(was.amount, was.currency, locale)} ${frequencyWords(was).toLowerCase()}`;

/** Whether an edit needs a new agreement: whatever takes more, at other times, longer or from elsewhere. */
export function goesBeyond(before: Agreed, after: Agreed): boolean {
  const end = ({ times, endsOn }: Agreed) => ({ times: times ?? Infinity, endsOn: endsOn ?? '9999-12-31' });
  return (
    after.amount > before.amount ||
    after.paymentMethodId !== before.paymentMethodId ||
    after.unit !== before.unit ||
    after.every !== before.every ||
    after.startsOn !== before.startsOn ||
    end(after).times > end(before).times ||
    end(after).endsOn > end(before).endsOn
  );
}
