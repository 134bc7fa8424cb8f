import { type RawBuilder, sql } from 'kysely';

/** Each word begins some word of a customer (customers.search). Undefined: there are no words. */
export function wordsOf(q: string): string | undefined {
  const words = q
    .toLowerCase()
    .split(/[^\p{L}\p{N}@.]+/u)
    .filter(Boolean)
    .slice(0, 8);
  const beginnings = words.map((word) => `'${word.replaceAll("'", '').replaceAll('\\', '')}':*`);
  return beginnings.length > 0 ? beginnings.join(' & ') : undefined;
}

type Found = { id: string };

/** The ids of customers found by a few words, as a subquery: at most so many, in no order. */
export const foundCustomers = (organizationId: string, q: string, most: number): RawBuilder<Found> =>
  sql<Found>`select f.id from found_customers(${organizationId}, ${wordsOf(q) ?? ''}, ${most}) f`;
