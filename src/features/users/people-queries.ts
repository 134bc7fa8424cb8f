import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { roleWords } from '#features/users/role-rules.ts';
import { hasSecondFactor } from '#features/users/second-factor/sign-in-policy.ts';
import { systemNow } from '#lib/dates.ts';
import type { Scope } from '#lib/endpoint.ts';
import { must } from '#lib/errors.ts';
import { builtInRoles, isBuiltIn, scopesOfRole } from '#lib/roles.ts';

type UserRow = {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  roles: string[];
  ownRoles: string[];
  disabledAt: Date | null;
  hasSecondFactor: boolean;
  lastSignInAt: Date | null;
  createdAt: Date;
};
type Page = { id?: string; after?: string | undefined; limit: number };

export async function readUsers(tx: Tx, organizationId: string, { id, after, limit }: Page) {
  const rows = await tx.rows<UserRow>(sql`
    select u.id, u.email, u.first_name, u.last_name, ou.roles, ou.own_roles,
      coalesce(ou.disabled_at, u.disabled_at) as disabled_at, u.last_sign_in_at, ou.created_at,
      ${hasSecondFactor} as has_second_factor
    from organization_users ou join users u on u.id = ou.user_id
    where ou.organization_id = ${organizationId} and (${id ?? null}::text is null or u.id = ${id ?? null})
      and ou.user_id > ${after ?? ''} order by ou.user_id limit ${limit + 1}`);
  const data = rows.slice(0, limit).map((row) => ({
    object: 'user' as const,
    id: row.id,
    email: row.email,
    first_name: row.firstName,
    last_name: row.lastName,
    roles: [...row.roles, ...row.ownRoles],
    state: row.disabledAt ? ('disabled' as const) : ('active' as const),
    has_second_factor: row.hasSecondFactor,
    last_sign_in_at: row.lastSignInAt,
    created_at: row.createdAt,
  }));
  return { object: 'list' as const, data, has_more: rows.length > limit };
}

export const readUser = async (tx: Tx, organizationId: string, id: string) =>
  must((await readUsers(tx, organizationId, { id, limit: 1 })).data[0], 'the user');

type InvitationRow = {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  roles: string[];
  ownRoles: string[];
  sentAt: Date;
  expiresAt: Date;
  acceptedAt: Date | null;
  revokedAt: Date | null;
};

/** One invitation, or the newest hundred that wait. */
export async function readInvitations(tx: Tx, organizationId: string, id?: string) {
  const which = id ? sql`id = ${id}` : sql`accepted_at is null and revoked_at is null`;
  const rows = await tx.rows<InvitationRow>(sql`
    select id, email, first_name, last_name, roles, own_roles, sent_at, expires_at, accepted_at, revoked_at
    from user_invitations where organization_id = ${organizationId} and ${which} order by id desc limit 100`);
  const now = systemNow();
  const stateOf = (row: InvitationRow) =>
    row.acceptedAt ? 'accepted' : row.revokedAt ? 'revoked' : row.expiresAt <= now ? 'expired' : 'open';
  return rows.map((row) => ({
    object: 'invitation' as const,
    id: row.id,
    email: row.email,
    first_name: row.firstName,
    last_name: row.lastName,
    roles: [...row.roles, ...row.ownRoles],
    state: stateOf(row) as 'accepted' | 'revoked' | 'expired' | 'open',
    sent_at: row.sentAt,
    expires_at: row.expiresAt,
  }));
}

/** The built-in roles and one's own, each with how many people hold it. */
export async function readRoles(tx: Tx, organizationId: string) {
  const held = await tx.rows<{ role: string; people: bigint }>(sql`
    select role, count(*) as people from organization_users, unnest(roles || own_roles) as role
    where organization_id = ${organizationId} and disabled_at is null group by role`);
  const own = await tx.rows<{ id: string; name: string; scopes: Scope[] }>(sql`
    select id, name, scopes from roles where organization_id = ${organizationId} order by lower(name) limit 200`);
  const all = [
    ...builtInRoles.map((id) => ({
      id: id as string,
      name: roleWords[id]?.title ?? id,
      scopes: scopesOfRole[id],
    })),
    ...own,
  ];
  return all.map((role) => ({
    object: 'role' as const,
    ...role,
    scopes: [...role.scopes],
    built_in: isBuiltIn(role.id),
    people: Number(held.find(({ role: id }) => id === role.id)?.people ?? 0n),
  }));
}
