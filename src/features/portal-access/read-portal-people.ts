import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { portalAgreement } from '#features/portal-access/agreement-text.ts';
import {
  type AccessFacts,
  accessOf,
  accessWords,
  shownAddress,
} from '#features/portal-access/sign-in-trouble-rules.ts';
import { guardHash } from '#features/users/guards.ts';
import { notFound } from '#lib/errors.ts';

export type Login = NonNullable<AccessFacts['login']> & {
  id: string;
  failedSignIns: number;
  lastSignInAt: Date | null;
};

type Base = {
  active: boolean;
  email: string | null;
  problem: string | null;
  invitedEmail: string | null;
  lastSentAt: Date | null;
};

/** The logins that stand, stood or might stand for a customer. Read as the system: they are of none. */
export const readLogins = (tx: Tx, organizationId: string, customerId: string): Promise<Login[]> =>
  tx.rows<Login>(sql`
    select u.id, u.email, u.failed_sign_ins, u.locked_until, u.last_sign_in_at, u.email_confirmed_at,
      m.customer_id is not null and m.revoked_at is null as belongs,
      m.revoked_at is not null as withdrawn,
      exists (select from agreement_acceptances aa join agreements a on a.id = aa.agreement_id
        where aa.portal_user_id = u.id and a.kind = ${portalAgreement}
          and a.version = (select max(version) from agreements where kind = ${portalAgreement})) as agreement_accepted
    from portal_users u
    join (select portal_user_id as id from portal_memberships
        where organization_id = ${organizationId} and customer_id = ${customerId}
      union select portal_user_id from portal_invitations
        where organization_id = ${organizationId} and customer_id = ${customerId} and portal_user_id is not null
          and revoked_at is null) p on p.id = u.id
    left join portal_memberships m on m.organization_id = ${organizationId} and m.customer_id = ${customerId}
      and m.portal_user_id = u.id
    order by u.id limit 20`);

/** Why each person of a customer cannot sign in, and what was mailed to them about it. */
export async function readPortalPeople(tx: Tx, organizationId: string, customerId: string, now: Date) {
  const base = await tx.row<Base>(sql`
    select c.deactivated_at is null as active, c.email, p.kind as problem, i.email as invited_email, i.last_sent_at
    from customers c
    left join email_problems p on p.organization_id = c.organization_id and p.email = c.email_key
    left join portal_invitations i on i.organization_id = c.organization_id and i.customer_id = c.id and i.revoked_at is null
    where c.organization_id = ${organizationId} and c.id = ${customerId}`);
  if (!base) throw notFound('customer', customerId);
  const logins = await readLogins(tx, organizationId, customerId);
  const known = [base.email, base.invitedEmail];
  const invitation =
    base.invitedEmail && base.lastSentAt
      ? { email: base.invitedEmail, lastSentAt: base.lastSentAt }
      : undefined;
  const facts = { customerActive: base.active, customerEmail: base.email, invitation };
  const people: (Login | undefined)[] = logins.length > 0 ? logins : [undefined];
  const data = [];
  for (const login of people) {
    const email = login?.email ?? base.email ?? '';
    const addressProblem = base.problem !== null && email.toLowerCase() === (base.email ?? '').toLowerCase();
    const access = accessOf({ ...facts, addressProblem, login }, now);
    data.push({
      object: 'portal_person' as const,
      portal_user_id: login?.id ?? null,
      email: email && shownAddress(email, known),
      access,
      ...accessWords[access],
      remedies: [...accessWords[access].remedies],
      failed_sign_ins: login?.belongs ? login.failedSignIns : 0,
      last_try_at: email ? await lastTry(tx, email) : null,
      locked_until: access === 'locked' ? (login?.lockedUntil ?? null) : null,
      last_sign_in_at: login?.belongs ? login.lastSignInAt : null,
      address_problem: addressProblem ? base.problem : null,
    });
  }
  return { object: 'list' as const, data, mails: await readMails(tx, organizationId, customerId) };
}

/** The last wrong password at the door, whether or not it was this person who tried. */
async function lastTry(tx: Tx, email: string): Promise<Date | null> {
  const row = await tx.row<{ lastAt: Date }>(sql`select last_at from address_guards
    where kind = 'sign_in' and email_hash = ${guardHash(email)} and failures > 0`);
  return row?.lastAt ?? null;
}

type MailRow = {
  id: string;
  subject: string;
  state:
    | 'queued'
    | 'sent'
    | 'delivered'
    | 'bounced'
    | 'soft_bounced'
    | 'failed'
    | 'suppressed'
    | 'complained';
  lastError: string | null;
  createdAt: Date;
};

async function readMails(tx: Tx, organizationId: string, customerId: string) {
  const rows = await tx.rows<MailRow>(sql`
    select id, subject, state, last_error, created_at from messages
    where organization_id = ${organizationId} and customer_id = ${customerId} and security
      and kind in ('portal_invitation', 'email_confirmation', 'password_reset', 'login_notice')
    order by id desc limit 8`);
  return rows.map((row) => ({
    message_id: row.id,
    subject: row.subject,
    state: row.state,
    error: row.lastError,
    created_at: row.createdAt,
  }));
}
