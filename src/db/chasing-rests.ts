import { type RawBuilder, sql } from 'kysely';

/**
 * Of an invoice: its reminders and late fees rest, because the day of a promise to pay has not passed, or
 * because a dispute is open and not due for another look. `invoice` is the table's name in the query.
 */
export const chasingRests = (invoice: string, today: string): RawBuilder<boolean> => {
  const own = (table: string) =>
    sql`${sql.ref(`${table}.organization_id`)} = ${sql.ref(`${invoice}.organization_id`)}
      and ${sql.ref(`${table}.invoice_id`)} = ${sql.ref(`${invoice}.id`)}
      and ${sql.ref(`${table}.state`)} = 'open'`;
  return sql<boolean>`(exists (select from promises_to_pay pr where ${own('pr')} and pr.promised_on >= ${today}::date)
    or exists (select from disputes di where ${own('di')}
      and (di.rests_until is null or di.rests_until > ${today}::date)))`;
};
