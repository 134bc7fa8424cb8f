import { sql } from 'kysely';

/**
 * Whether a person (`u`) is known from practice alone, whose mail never leaves: nobody has shown that the
 * address is theirs. To a live organization they are a newcomer. Whoever hosts this Owed is known by that.
 */
export const knownFromPracticeAlone = sql`(not u.operator and not exists (select from organization_users m
  join organizations mo on mo.id = m.organization_id where m.user_id = u.id and mo.mode = 'live'))`;
