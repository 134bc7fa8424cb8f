import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { checkRoles, refuseBeyond, scopesBehind } from '#features/users/check-roles.ts';
import { endProviderSessions } from '#features/users/enter.ts';
import { isOwner } from '#features/users/role-rules.ts';
import { notFound, Refusal } from '#lib/errors.ts';

export type UserChange = {
  organizationId: string;
  userId: string;
  firstName?: string | undefined;
  lastName?: string | undefined;
  roles?: readonly string[] | undefined;
  disabled?: boolean | undefined;
};
type Member = { roles: string[]; ownRoles: string[]; disabledAt: Date | null };

/** Owners first, in one order, whoever is changed: two who remove each other come one after the other. */
async function lockMember(tx: Tx, { organizationId, userId }: UserChange): Promise<Member> {
  await tx.rows(sql`select user_id from organization_users
    where organization_id = ${organizationId} and (user_id = ${userId} or 'superuser' = any(roles))
    order by user_id for update`);
  const member = await tx.row<Member>(sql`select roles, own_roles, disabled_at from organization_users
    where organization_id = ${organizationId} and user_id = ${userId}`);
  if (!member) throw notFound('user', userId);
  return member;
}

async function refuseLastOwner(tx: Tx, { organizationId }: UserChange): Promise<void> {
  const owner = await tx.row(sql`select 1 as left from organization_users ou join users u on u.id = ou.user_id
    where ou.organization_id = ${organizationId} and 'superuser' = any(ou.roles) and ou.disabled_at is null
      and u.disabled_at is null limit 1`);
  if (!owner) throw new Refusal('state_refused', 'One owner must remain. Make somebody else an owner first.');
}

/** Change a colleague's name, roles or access. Who is disabled is out at once, on every device. */
export async function changeUser(tx: Tx, actor: Actor, change: UserChange, now: Date): Promise<void> {
  const { organizationId, userId } = change;
  const before = await lockMember(tx, change);
  const has = await scopesBehind(tx, organizationId, { builtIn: before.roles, own: before.ownRoles });
  refuseBeyond(actor, has, 'id');
  if (change.disabled && actor.kind === 'user' && actor.userId === userId)
    throw new Refusal('state_refused', 'You cannot disable yourself. Another owner can.');
  await nameUser(tx, change);
  const { builtIn, own } = change.roles
    ? await checkRoles(tx, actor, organizationId, change.roles)
    : { builtIn: before.roles, own: before.ownRoles };
  const disabledAt =
    change.disabled === undefined ? before.disabledAt : change.disabled ? (before.disabledAt ?? now) : null;
  await tx.run(sql`update organization_users set roles = ${builtIn}, own_roles = ${own}, disabled_at = ${disabledAt}
    where organization_id = ${organizationId} and user_id = ${userId}`);
  if (isOwner(before.roles)) await refuseLastOwner(tx, change);
  if (disabledAt)
    await tx.run(sql`delete from sessions where user_id = ${userId} and organization_id = ${organizationId}`);
  else if (before.disabledAt) await endProviderSessions(tx, userId);
  const by = { actor, organizationId, now };
  if (change.roles || change.firstName !== undefined || change.lastName !== undefined) {
    const old = [...before.roles, ...before.ownRoles];
    const { firstName, lastName } = change;
    await record(tx, by, [
      {
        type: 'user.changed',
        subjectId: userId,
        data: { before: { roles: old }, roles: [...builtIn, ...own], firstName, lastName },
      },
    ]);
  }
  if (Boolean(disabledAt) !== Boolean(before.disabledAt))
    await record(tx, by, [{ type: disabledAt ? 'user.disabled' : 'user.enabled', subjectId: userId }]);
}

/** A name belongs to the person: who works elsewhere as well is renamed by himself alone. */
async function nameUser(tx: Tx, { organizationId, userId, firstName, lastName }: UserChange): Promise<void> {
  if (firstName === undefined && lastName === undefined) return;
  const elsewhere = await tx.row(sql`select 1 as works from organization_users
    where user_id = ${userId} and organization_id <> ${organizationId} limit 1`);
  if (elsewhere)
    throw new Refusal('state_refused', {
      message:
        'This person works for another organization as well and changes the name in their own profile.',
      param: firstName === undefined ? 'last_name' : 'first_name',
    });
  await tx.run(sql`update users set first_name = coalesce(${firstName ?? null}, first_name),
    last_name = coalesce(${lastName ?? null}, last_name) where id = ${userId}`);
}
