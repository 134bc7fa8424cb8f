import { type RawBuilder, sql } from 'kysely';

/**
 * Text in C order that begins so. `like` cannot use an index under row-level security, since it is not known
 * to tell nothing of the rows it meets; comparisons are.
 */
export const beginsWith = (column: RawBuilder<unknown>, beginning: string): RawBuilder<unknown> =>
  sql`(${column} >= ${beginning} and ${column} < ${`${beginning}\u{10ffff}`})`;
