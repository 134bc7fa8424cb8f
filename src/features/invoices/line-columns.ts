import { type RawBuilder, sql } from 'kysely';
import type { Line } from '#features/invoices/rules.ts';

/** The columns in which papers keep their lines, and the same of many lines as arrays for `unnest`. */
export const lineColumnNames = sql.raw(
  'item_name, description, quantity, unit_price, amount, taxable, tax_rate, discount, service_date, taxes',
);

export function lineColumns(lines: readonly Line[]): RawBuilder<unknown> {
  const column = <T>(pick: (line: Line) => T): T[] => lines.map(pick);
  return sql`${column((l) => l.itemName)}::text[], ${column((l) => l.description)}::text[],
    ${column((l) => l.quantity)}::text[], ${column((l) => l.unitPrice)}::text[], ${column((l) => l.amount)}::bigint[],
    ${column((l) => l.taxable)}::boolean[], ${column((l) => l.taxRate)}::text[],
    ${column((l) => l.discount ?? '')}::text[], ${column((l) => l.serviceDate ?? null)}::date[],
    ${column((l) => JSON.stringify(l.taxes ?? []))}::jsonb[]`;
}
