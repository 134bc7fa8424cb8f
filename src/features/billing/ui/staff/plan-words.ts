import type { z } from 'zod';
import type { zBilling, zPlan } from '#features/billing/api.ts';
import { isLevel, meterWords } from '#features/billing/price-rules.ts';

export type Billing = z.output<typeof zBilling>;
export type BillingPlan = z.output<typeof zPlan>;
type Writer = { money: (amount: bigint, currency: string) => string; locale: string };

/** `$49.00 a month`; a plan without a price is free. */
export const priceWords = ({ price, every, currency }: BillingPlan, { money }: Writer): string =>
  price === 0n ? 'No base price' : `${money(price, currency)} a ${every}`;

/** A price of one thing may be less than a cent: written with as many digits as it has. */
const unitPrice = (price: string, currency: string, locale: string): string =>
  new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 6 }).format(
    price as `${number}`,
  );

/** What of each thing is included, and what more of it costs. */
export function meterLines(plan: BillingPlan, { locale }: Writer): string[] {
  return plan.meters.map(({ meter, included, tiers }) => {
    const { many, one } = meterWords[meter];
    const number = (value: number): string => value.toLocaleString(locale);
    const steps = tiers.map(({ up_to: upTo, price }, at) => {
      const each = `${unitPrice(price, plan.currency, locale)} for each ${one}`;
      if (tiers.length === 1) return each;
      const before = tiers[at - 1]?.up_to ?? 0;
      return upTo === null ? `${each} after ${number(before ?? 0)}` : `${each} up to ${number(upTo)}`;
    });
    const more = included > 0 ? `then ${steps.join(', ')}` : steps.join(', ');
    const what = included > 0 ? `${number(included)} included` : '';
    const says = [what, ...(steps.length > 0 ? [more] : ['the rest is not billed'])]
      .filter(Boolean)
      .join(', ');
    return `${many}: ${says}${isLevel(meter) && steps.length > 0 ? ` and ${plan.every}` : ''}`;
  });
}
