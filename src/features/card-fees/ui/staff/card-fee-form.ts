import type { z } from 'zod';
import type { setCardFeePolicy, zCardFeePolicy } from '#features/card-fees/api.ts';
import type { CardFeeMode, CardFeePolicy, FeeChannel } from '#features/card-fees/rules.ts';
import { readDecimal, readTyped, toTyped } from '#lib/money.ts';

export type Policy = z.output<typeof zCardFeePolicy>;
type Body = z.input<typeof setCardFeePolicy.body>;
type Place = { currency: string; locale: string };

export const valuesOf = (policy: Policy, { currency, locale }: Place, today: string) => ({
  mode: policy.mode as CardFeeMode,
  percent: policy.percent === '0' ? '' : policy.percent,
  flat_amount: policy.flat_amount === 0n ? '' : toTyped(policy.flat_amount, currency, locale),
  most_amount: policy.most_amount === null ? '' : toTyped(policy.most_amount, currency, locale),
  cost_percent: policy.cost_percent ?? '',
  acquirer_notified_on: policy.acquirer_notified_on ?? '',
  region: policy.region ?? '',
  channel: policy.channel as FeeChannel,
  effective_from: policy.effective_from > today ? policy.effective_from : today,
});
export type Values = ReturnType<typeof valuesOf>;

export const usesPercent = ({ mode }: Pick<Values, 'mode'>): boolean =>
  mode === 'surcharge' || mode === 'dual_pricing' || mode === 'bank_discount';
export const usesFlat = ({ mode }: Pick<Values, 'mode'>): boolean =>
  mode === 'convenience_fee' || mode === 'dual_pricing';

const percentOf = (text: string, locale: string): string | undefined => {
  const decimal = readDecimal(text, locale);
  return decimal !== undefined && /^\d{1,2}(\.\d{1,4})?$/.test(decimal) ? decimal : undefined;
};

/** What can be said before asking: the server, with its rules, has the last word. */
export const checksOf = ({ currency, locale }: Place) => ({
  percent: (text: string, all: Values) =>
    usesPercent(all) && !/[1-9]/.test(percentOf(text, locale) ?? '')
      ? 'Give a percentage above 0, such as 2.5'
      : null,
  flat_amount: (text: string, all: Values) =>
    all.mode === 'convenience_fee' && (readTyped(text, currency, locale) ?? 0n) <= 0n
      ? 'Give an amount above 0'
      : null,
  most_amount: (text: string, all: Values) =>
    all.mode === 'bank_discount' && text.trim() !== '' && (readTyped(text, currency, locale) ?? 0n) <= 0n
      ? 'Give an amount above 0, or leave it empty'
      : null,
  cost_percent: (text: string, all: Values) =>
    all.mode === 'surcharge' && percentOf(text, locale) === undefined
      ? 'Give what accepting a card costs you, such as 2.9'
      : null,
  acquirer_notified_on: (day: string, all: Values) =>
    all.mode === 'surcharge' && !day ? 'Give the day on which you told your acquirer' : null,
  region: (region: string, all: Values) => (all.mode !== 'off' && !region ? 'Choose your state' : null),
});

/** The terms as typed so far; text that is not yet a number counts as nothing. */
export function policyOf(values: Values, { currency, locale }: Place): CardFeePolicy {
  const isSurcharge = values.mode === 'surcharge';
  return {
    id: '',
    version: 0,
    mode: values.mode,
    percent: usesPercent(values) ? (percentOf(values.percent, locale) ?? '0') : '0',
    flatAmount: usesFlat(values) ? (readTyped(values.flat_amount, currency, locale) ?? 0n) : 0n,
    mostAmount: mostOf(values, { currency, locale }),
    currency,
    costPercent: isSurcharge ? (percentOf(values.cost_percent, locale) ?? null) : null,
    acquirerNotifiedOn: isSurcharge ? values.acquirer_notified_on || null : null,
    region: values.region || null,
    channel: values.channel,
    effectiveFrom: values.effective_from,
  };
}

function mostOf({ mode, most_amount }: Values, { currency, locale }: Place): bigint | null {
  const most = mode === 'bank_discount' ? readTyped(most_amount, currency, locale) : undefined;
  return most !== undefined && most > 0n ? most : null;
}

export function bodyOf(values: Values, place: Place): Body {
  const policy = policyOf(values, place);
  return {
    mode: policy.mode,
    percent: policy.percent,
    flat_amount: Number(policy.flatAmount),
    most_amount: policy.mostAmount === null ? null : Number(policy.mostAmount),
    cost_percent: policy.costPercent,
    acquirer_notified_on: policy.acquirerNotifiedOn,
    region: policy.region,
    channel: policy.channel,
    effective_from: policy.effectiveFrom,
  };
}
