import { lineAmount } from '#features/invoices/line-rules.ts';
import { percentOf } from '#lib/money.ts';

/** '' for none, '10%', or an amount in major units such as '12.50'. */
export const discountPattern = /^(|(100(\.0{1,4})?|\d{1,2}(\.\d{1,4})?)%|\d{1,12}(\.\d{1,8})?)$/;

/** What a discount takes off `base`, in minor units; rounded half up, with the sign of the base. */
export function discountOf(discount: string, base: bigint, currencyDigits: number): bigint {
  if (discount === '') return 0n;
  if (discount.endsWith('%')) return percentOf(base, discount.slice(0, -1));
  const amount = lineAmount({ quantity: '1', unitPrice: discount }, currencyDigits);
  return base < 0n ? -amount : amount;
}

/** `10%` → `Discount, 10%`. */
export const discountLabel = (terms: string): string =>
  terms.endsWith('%') ? `Discount, ${terms}` : 'Discount';
