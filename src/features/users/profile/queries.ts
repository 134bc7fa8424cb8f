import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { codesLeft } from '#features/users/second-factor/recovery-codes.ts';
import { askedForBy } from '#features/users/second-factor/set-up-app.ts';
import type { Person } from '#http/serve-person.ts';
import type { SecondFactor } from '#http/session.ts';
import { deviceOf } from '#lib/device.ts';
import { must } from '#lib/errors.ts';

type Row = {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  newEmail: string | null;
  since: Date | null;
};

export async function readProfile(tx: Tx, userId: string, now: Date) {
  const row = await tx.row<Row>(sql`
    select u.id, u.email, u.first_name, u.last_name, a.confirmed_at as since,
      (select e.new_email from email_changes e where e.user_id = u.id and e.changed_at is null
        and e.expires_at > ${now} order by e.id desc limit 1) as new_email
    from users u left join authenticator_apps a on a.user_id = u.id where u.id = ${userId}`);
  const { id, email, firstName, lastName, newEmail, since } = must(row, 'the person');
  return {
    object: 'profile' as const,
    id,
    email,
    first_name: firstName,
    last_name: lastName,
    new_email: newEmail,
    authenticator: {
      is_on: since !== null,
      since,
      recovery_codes_left: since ? await codesLeft(tx, userId) : 0,
    },
    second_factor_asked_by: (await askedForBy(tx, userId)).map(({ name }) => name),
  };
}

type SessionRow = {
  id: string;
  ip: string | null;
  userAgent: string | null;
  secondFactor: SecondFactor | null;
  organizationName: string | null;
  createdAt: Date;
  lastSeenAt: Date;
};

/** The sessions that still open something, the newest sign-in first. */
export async function readOwnSessions(tx: Tx, person: Pick<Person, 'userId' | 'sessionId'>, now: Date) {
  const rows = await tx.rows<SessionRow>(sql`
    select s.id, s.ip, s.user_agent, s.second_factor, o.name as organization_name, s.created_at, s.last_seen_at
    from sessions s left join organizations o on o.id = s.organization_id
    where s.user_id = ${person.userId} and s.expires_at > ${now}
      and s.last_seen_at + coalesce(o.idle_minutes, 15) * interval '1 minute' > ${now}
    order by (s.id = ${person.sessionId}) desc, s.id desc limit 101`);
  const data = rows.slice(0, 100).map((row) => ({
    object: 'own_session' as const,
    id: row.id,
    device: deviceOf(row.userAgent),
    ip: row.ip,
    organization_name: row.organizationName,
    second_factor: row.secondFactor,
    is_current: row.id === person.sessionId,
    created_at: row.createdAt,
    last_seen_at: row.lastSeenAt,
  }));
  return { object: 'list' as const, data, has_more: rows.length > 100 };
}
