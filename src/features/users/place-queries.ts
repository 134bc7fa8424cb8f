import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import { roleWords } from '#features/users/role-rules.ts';
import { ownScopes } from '#http/session.ts';
import { scopesOfRoles } from '#lib/roles.ts';

type Row = {
  id: string;
  name: string;
  mode: 'live' | 'sandbox';
  currency: string;
  locale: string;
  roles: string[];
  ownScopes: string[];
  ownRoles: string[];
  requireSecondFactor: boolean;
  owed: bigint;
  pastDue: bigint;
};

/**
 * The organizations that a sign-in opens, with what is owed there, from the sums by day. A figure is told to
 * those who would see it on the overview, in the organization's own currency.
 */
export async function readPlaces(db: Database, who: { userId: string; hasSecondFactor: boolean }, now: Date) {
  const rows = await db.transaction(systemActor('session'), (tx) =>
    tx.rows<Row>(sql`
      select o.id, o.name, o.mode, o.currency, o.locale, o.require_second_factor, ou.roles, ${ownScopes},
        coalesce((select array_agg(r.name order by r.name) from roles r
          where r.organization_id = ou.organization_id and r.id = any(ou.own_roles)), '{}') as own_roles,
        coalesce(d.owed, 0)::bigint as owed, coalesce(d.past_due, 0)::bigint as past_due
      from organization_users ou join organizations o on o.id = ou.organization_id
      join users u on u.id = ou.user_id and u.disabled_at is null
      cross join lateral (select sum(s.amount) as owed, sum(s.amount) filter (where s.figure = 'open' and s.day <
          ((${now}::timestamptz + o.clock_offset_ms * interval '1 millisecond') at time zone o.time_zone)::date) as past_due
        from daily_sums s where s.organization_id = o.id and s.figure in ('open', 'covered') and s.currency = o.currency) d
      where ou.user_id = ${who.userId} and ou.disabled_at is null order by o.name limit 200`),
  );
  const data = rows.map(({ id, name, mode, currency, locale, owed, pastDue, ...held }) => {
    const mayEnter = !held.requireSecondFactor || who.hasSecondFactor;
    const sees = mayEnter && scopesOfRoles(held.roles, held.ownScopes).has('overview:read');
    const roles = [...held.roles.map((role) => roleWords[role]?.title ?? role), ...held.ownRoles];
    return {
      ...{ id, name, mode, currency, locale, roles },
      owed: sees ? owed : null,
      past_due: sees ? pastDue : null,
    };
  });
  return { object: 'list' as const, data, has_more: false };
}
