import type { z } from 'zod';
import type { setLateFeePolicy, zLateFeePolicy } from '#features/late-fees/api.ts';
import type { LateFeeAmountType, LateFeePolicy } from '#features/late-fees/rules.ts';
import { snake } from '#lib/casing.ts';
import { readDecimal, readTyped, toTyped } from '#lib/money.ts';

export type Policy = z.output<typeof zLateFeePolicy>;
type Body = z.input<typeof setLateFeePolicy.body>;
type Place = { currency: string; locale: string };

const typed = (amount: bigint | null, { currency, locale }: Place): string =>
  amount === null || amount === 0n ? '' : toTyped(amount, currency, locale);
const number = (value: number | null): string => (value === null ? '' : String(value));

/** What is changed is for invoices due from today on, unless it was to begin later. */
export const valuesOf = (policy: Policy, place: Place, today: string) => ({
  is_active: policy.is_active,
  amount_type: policy.amount_type as LateFeeAmountType,
  flat_amount: typed(policy.flat_amount, place),
  percent: policy.percent === '0' ? '' : policy.percent,
  compounds: policy.compounds,
  grace_days: String(policy.grace_days),
  repeats: policy.every_days !== null,
  every_days: number(policy.every_days ?? 30),
  max_fees: number(policy.max_fees),
  cap_amount: typed(policy.cap_amount, place),
  cap_percent: policy.cap_percent ?? '',
  minimum_balance: typed(policy.minimum_balance, place),
  booking: policy.booking,
  own_item: policy.own_item,
  own_due_days: String(policy.own_due_days),
  terms_text: policy.terms_text,
  terms_in_memo: policy.terms_in_memo,
  terms_in_reminders: policy.terms_in_reminders,
  effective_from: policy.effective_from > today ? policy.effective_from : today,
  jurisdiction: policy.jurisdiction ?? '',
});
export type Values = ReturnType<typeof valuesOf>;

export const usesFlat = ({ amount_type }: Pick<Values, 'amount_type'>): boolean => amount_type !== 'percent';
export const usesPercent = ({ amount_type }: Pick<Values, 'amount_type'>): boolean => amount_type !== 'flat';

export const isApart = ({ booking }: Pick<Values, 'booking'>): boolean => booking === 'own_invoice';

const isPercent = (text: string, locale: string): boolean => {
  const decimal = readDecimal(text, locale);
  return decimal !== undefined && /^\d{1,3}(\.\d{1,4})?$/.test(decimal) && Number(decimal) <= 100;
};
const days = (from: number) => (text: string) =>
  /^\d{1,3}$/.test(text.trim()) && Number(text) >= from && Number(text) <= 365
    ? null
    : `Give a number of days from ${from} to 365`;

/** What can be said before asking: the server has the last word. */
export const checksOf = ({ currency, locale }: Place) => {
  const amount = (text: string) =>
    text.trim() === '' || (readTyped(text, currency, locale) ?? -1n) >= 0n ? null : 'Give an amount';
  return {
    flat_amount: (text: string, all: Values) =>
      usesFlat(all) && (readTyped(text, currency, locale) ?? 0n) <= 0n ? 'Give an amount above 0' : null,
    percent: (text: string, all: Values) =>
      usesPercent(all) && !(isPercent(text, locale) && /[1-9]/.test(text))
        ? 'Give a percentage above 0, such as 1.5'
        : null,
    grace_days: days(0),
    every_days: (text: string, all: Values) => (all.repeats ? days(1)(text) : null),
    max_fees: (text: string) =>
      text.trim() === '' || /^[1-9]\d{0,2}$/.test(text.trim()) ? null : 'Give a number, or leave it empty',
    cap_amount: amount,
    cap_percent: (text: string) =>
      text.trim() === '' || isPercent(text, locale) ? null : 'Give a percentage, or leave it empty',
    minimum_balance: amount,
    own_item: (text: string, all: Values) =>
      isApart(all) && text.trim() === '' ? 'Say what the line is called' : null,
    own_due_days: (text: string, all: Values) => (isApart(all) ? days(0)(text) : null),
  };
};

/**
 * The terms as typed so far, for the rules that both sides share. Text that is not yet a number counts as
 * nothing, for the preview shows while one types.
 */
export function termsOf(values: Values, { currency, locale }: Place, today: string): LateFeePolicy {
  const amount = (text: string): bigint => readTyped(text, currency, locale) ?? 0n;
  const percent = (text: string): string =>
    isPercent(text, locale) ? (readDecimal(text, locale) ?? '0') : '0';
  const whole = (text: string): number => (/^\d{1,4}$/.test(text.trim()) ? Number(text) : 0);
  return {
    amountType: values.amount_type,
    currency,
    flatAmount: usesFlat(values) ? amount(values.flat_amount) : 0n,
    percent: usesPercent(values) ? percent(values.percent) : '0',
    compounds: usesPercent(values) && values.compounds,
    graceDays: whole(values.grace_days),
    everyDays: values.repeats ? whole(values.every_days) || 30 : null,
    maxFees: values.repeats ? whole(values.max_fees) || null : null,
    capAmount: amount(values.cap_amount) || null,
    capPercent: values.cap_percent.trim() === '' ? null : percent(values.cap_percent),
    minimumBalance: amount(values.minimum_balance),
    booking: values.booking,
    chargesSince: today,
  };
}

/** What is sent. */
export function bodyOf(values: Values, place: Place): Body {
  const { currency, chargesSince, ...terms } = termsOf(values, place, '');
  return {
    ...snake(terms),
    flat_amount: Number(terms.flatAmount),
    cap_amount: terms.capAmount === null ? null : Number(terms.capAmount),
    minimum_balance: Number(terms.minimumBalance),
    is_active: values.is_active,
    own_item: values.own_item.trim() || 'Late fee',
    own_due_days: /^\d{1,3}$/.test(values.own_due_days.trim()) ? Number(values.own_due_days) : 14,
    terms_text: values.terms_text,
    terms_in_memo: values.terms_in_memo && values.terms_text.trim() !== '',
    terms_in_reminders: values.terms_in_reminders && values.terms_text.trim() !== '',
    effective_from: values.effective_from,
    jurisdiction: values.jurisdiction || null,
  };
}
