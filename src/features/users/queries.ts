import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import { isOwner } from '#features/users/role-rules.ts';
import { ownScopes } from '#http/session.ts';
import { must, Refusal } from '#lib/errors.ts';
import { scopesOfRoles } from '#lib/roles.ts';

type Membership = {
  id: string;
  name: string;
  mode: 'live' | 'sandbox';
  roles: string[];
  ownScopes: string[];
  idleMinutes: number;
  requireSecondFactor: boolean;
};

type Who = { userId: string; organizationId: string | undefined; secondFactor?: string | null | undefined };

/** Who is signed in, where, what they may do, and where else they work. */
export async function sessionOf(db: Database, who: Who) {
  return db.transaction(systemActor('session'), async (tx) => {
    const user = await tx.row<{
      id: string;
      email: string;
      firstName: string;
      lastName: string;
      operator: boolean;
    }>(sql`
      select id, email, first_name, last_name, operator from users where id = ${who.userId} and disabled_at is null`);
    if (!user) throw new Refusal('unauthenticated', 'This account is disabled.');
    const memberships = await tx.rows<Membership>(sql`
      select o.id, o.name, o.mode, ou.roles, ${ownScopes}, o.idle_minutes, o.require_second_factor
      from organization_users ou join organizations o on o.id = ou.organization_id
      where ou.user_id = ${who.userId} and ou.disabled_at is null order by o.name limit 200`);
    const here = memberships.find((membership) => membership.id === who.organizationId);
    const plain = ({ id, name, mode }: Membership) => ({ id, name, mode });
    return {
      object: 'session' as const,
      user: {
        id: must(user, 'user').id,
        email: user.email,
        name: `${user.firstName} ${user.lastName}`.trim() || user.email,
        operator: user.operator,
      },
      organization: here ? plain(here) : null,
      organizations: memberships.map(plain),
      scopes: here ? [...scopesOfRoles(here.roles, here.ownScopes)] : [],
      idle_minutes: here?.idleMinutes ?? 15,
      second_factor_due: Boolean(here?.requireSecondFactor && !who.secondFactor),
      may_add_organizations: user.operator || memberships.some(({ roles }) => isOwner(roles)),
    };
  });
}
