import { sql } from 'kysely';
import { type Database, systemActor, type Tx } from '#db/db.ts';
import { forgiveSignIn, type Guarded } from '#features/users/guards.ts';
import { type Lead, whyNotByPassword } from '#features/users/nowhere-rules.ts';
import { must, Refusal } from '#lib/errors.ts';

/**
 * Whoever knows the password, but whom it leads nowhere, is told why: nobody else learns it. The password was
 * right, so it does not count towards a lock.
 */
export async function refuseNowhere(db: Database, door: Guarded, userId: string): Promise<void> {
  const why = await db.transaction(systemActor('sign-in'), async (tx) => {
    const refused = whyNotByPassword(await readLead(tx, userId));
    if (refused) await forgiveSignIn(tx, door);
    return refused;
  });
  if (why) throw new Refusal('unauthenticated', why);
}

/** Where a person's sign-in leads, and what those places say about passwords. */
async function readLead(tx: Tx, userId: string): Promise<Lead> {
  const person = must(
    await tx.row<{ isOperator: boolean; invitedBy: string | null }>(sql`
      select u.operator as is_operator, (select o.name from user_invitations i
        join organizations o on o.id = i.organization_id
        where lower(i.email) = lower(u.email) and i.accepted_at is null and i.revoked_at is null
        order by i.sent_at desc limit 1) as invited_by
      from users u where u.id = ${userId}`),
    'the person',
  );
  const places = await tx.rows<Lead['places'][number]>(sql`
    select o.name, ou.disabled_at is not null as is_disabled, 'superuser' = any(ou.roles) as is_owner,
      (select p.label from oidc_providers p where p.organization_id = o.id and not p.password_allowed
        order by p.id limit 1) as instead
    from organization_users ou join organizations o on o.id = ou.organization_id
    where ou.user_id = ${userId} order by ou.created_at, o.id limit 200`);
  const forAll = await tx.row<{ label: string }>(sql`
    select label from oidc_providers where for_all and not password_allowed order by id limit 1`);
  return { ...person, places, forAll: forAll?.label ?? null };
}
