import type { SoldLine, TaxCategory } from '#features/e-invoices/rules.ts';

/** Where no tax is charged the paper says why (BR-E-10, BR-O-10). */
export const exemptionWords: Record<TaxCategory, string | undefined> = {
  S: undefined,
  Z: undefined,
  E: 'Exempt from tax',
  O: 'Not subject to VAT',
};

/** Each line names what was sold (BR-25). */
export const nameOf = (line: SoldLine): string =>
  line.itemName.trim() || line.description.trim().split('\n')[0]?.trim() || 'Item';

/** UNTDID 5189: a discount. */
export const discountCode = '95';
