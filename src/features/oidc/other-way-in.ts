import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';

/**
 * Whether somebody signs in some other way than by this provider: with a passkey, another provider, or a
 * password of their own. Whom a provider brought in has one that nobody knows, until they choose their own.
 */
export async function hasOtherWayIn(tx: Tx, userId: string, providerId: string): Promise<boolean> {
  const row = await tx.row<{ yes: boolean }>(sql`select
    exists (select from passkeys where user_id = ${userId})
    or exists (select from user_identities where user_id = ${userId} and provider_id <> ${providerId})
    or not coalesce((select e.data ? 'provider' and e.type = 'user.created'
      from organization_users ou join events e on e.organization_id = ou.organization_id and e.subject_id = ou.user_id
      where ou.user_id = ${userId} and (e.type = 'user.password_changed' or e.type = 'user.created' and e.data ? 'provider')
      order by e.id desc limit 1), false) as yes`);
  return row?.yes ?? false;
}
