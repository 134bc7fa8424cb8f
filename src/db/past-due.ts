import { type RawBuilder, sql } from 'kysely';

/**
 * Of an invoice that is open: due before today, and not wholly covered by payments under way (stateOfInvoice
 * calls that pending). The one condition of every list and sum of what is past due. `invoice` is the table's
 * name in the query.
 */
export const isPastDue = (invoice: string, today: string): RawBuilder<boolean> =>
  sql<boolean>`(${sql.ref(`${invoice}.due_date`)} < ${today}::date
    and ${sql.ref(`${invoice}.reserved`)} < ${sql.ref(`${invoice}.balance_due`)})`;
