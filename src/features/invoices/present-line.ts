import type { Line } from '#features/invoices/rules.ts';
import type { TaxCharged } from '#features/taxes/rules.ts';
import { snake } from '#lib/casing.ts';

/** A line as the API tells it: what an older one does not have is said as well. */
export const presentLine = ({ discount = '', serviceDate = null, taxes = [], ...line }: Line) => ({
  ...snake(line),
  discount,
  service_date: serviceDate,
  taxes: [...taxes],
});

/** What one rate took, as the API tells it. */
export const presentTax = ({ id, compound: _, ...tax }: TaxCharged) => ({ tax_rate_id: id, ...tax });
