import { sql } from 'kysely';
import { type Actor, type Database, systemActor, type Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { endProviderSessions } from '#features/users/enter.ts';
import { knownFromPracticeAlone } from '#features/users/known-from-practice.ts';
import { hashPassword } from '#features/users/passwords.ts';
import { passwordProblem } from '#features/users/rules.ts';
import { forgetSecondFactors } from '#features/users/second-factor/reset-second-factor.ts';
import { openUserLink, spendUserLink, spendUserLinks } from '#features/users/user-links.ts';
import { organizationNow } from '#lib/clock.ts';
import { systemNow } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

type Invited = {
  id: string;
  organizationId: string;
  organizationName: string;
  clockOffsetMs: bigint;
  email: string;
  firstName: string;
  lastName: string;
  roles: string[];
  ownRoles: string[];
  userId: string | null;
  /** A live organization invites who is known from practice alone. */
  isUnproved: boolean;
  linkId: string;
};

/** The invitation behind a link: for whom, by whom, and whether the address has a sign-in already. */
export async function readInvitation(tx: Tx, token: string): Promise<Invited> {
  const link = await openUserLink(tx, 'staff_invitation', token, systemNow());
  const row = await tx.row<Omit<Invited, 'linkId'>>(sql`
    select i.id, i.organization_id, o.name as organization_name, o.clock_offset_ms, i.email, i.first_name, i.last_name,
      i.roles, i.own_roles, u.id as user_id,
      coalesce(o.mode = 'live' and ${knownFromPracticeAlone}, false) as is_unproved
    from user_invitations i join organizations o on o.id = i.organization_id
    left join users u on lower(u.email) = lower(i.email)
    where i.organization_id = ${link.organizationId} and lower(i.email) = lower(${link.email}) and i.accepted_at is null
      and i.revoked_at is null for update of i`);
  if (!row) throw new Refusal('link_expired', 'This invitation was taken back. Ask whoever invited you.');
  return { ...row, linkId: link.id };
}

export function refuseWeak(password: string, email: string, param = 'password'): void {
  const message = passwordProblem(password, email);
  if (message) throw new Refusal('invalid_request', { message, param, fields: { [param]: message } });
}

export type Acceptance = {
  token: string;
  firstName: string;
  lastName: string;
  password?: string | undefined;
};

/**
 * Come to work for the organization. A newcomer's address is proved by the link, and the password is chosen
 * now; who has a sign-in keeps it, gains the organization, and signs in as ever. One known from practice
 * organizations alone is a newcomer to a live one: somebody else may have made that sign-in.
 */
export async function acceptInvitation(
  db: Database,
  input: Acceptance,
): Promise<{ userId: string; organizationId: string; isNew: boolean }> {
  const actor = systemActor('invitation');
  const { email, ...invited } = await db.transaction(actor, (tx) => readInvitation(tx, input.token));
  const known = invited.userId !== null && !invited.isUnproved;
  if (!known) refuseWeak(input.password ?? '', email);
  const passwordHash = known ? undefined : await hashPassword(input.password ?? '');
  return db.transaction(actor, (tx) => join(tx, input, passwordHash));
}

async function join(tx: Tx, input: Acceptance, passwordHash: string | undefined) {
  const invited = await readInvitation(tx, input.token);
  const at = systemNow();
  const { organizationId } = invited;
  const userId = invited.userId ?? newId('user');
  if (!invited.userId)
    await tx.run(sql`insert into users (id, email, first_name, last_name, password_hash, last_sign_in_at, created_at)
      values (${userId}, ${invited.email}, ${input.firstName}, ${input.lastName},
        ${must(passwordHash, 'a password')}, ${at}, ${at})`);
  if (invited.isUnproved) await startAnew(tx, { ...input, userId, email: invited.email, passwordHash }, at);
  await tx.run(sql`insert into organization_users (organization_id, user_id, roles, own_roles, created_at)
    values (${organizationId}, ${userId}, ${invited.roles}, ${invited.ownRoles}, ${at}) on conflict do nothing`);
  await tx.run(sql`update user_invitations set accepted_at = ${at}
    where organization_id = ${organizationId} and id = ${invited.id}`);
  await spendUserLink(tx, invited.linkId, at);
  await endProviderSessions(tx, userId);
  const roles = [...invited.roles, ...invited.ownRoles];
  const actor: Actor = { kind: 'user', organizationId, userId, roles };
  await record(tx, { actor, organizationId, now: organizationNow(invited) }, [
    { type: 'user.created', subjectId: userId, data: { email: invited.email, roles } },
  ]);
  return { userId, organizationId, isNew: !invited.userId || invited.isUnproved };
}

type Anew = {
  userId: string;
  email: string;
  firstName: string;
  lastName: string;
  passwordHash?: string | undefined;
};

/** The sign-in is that of whoever opened the link in a mail that left: nothing that opened it before does. */
async function startAnew(tx: Tx, who: Anew, now: Date): Promise<void> {
  const { userId, email } = who;
  await tx.run(sql`update users set first_name = ${who.firstName}, last_name = ${who.lastName},
    password_hash = ${must(who.passwordHash, 'a password')}, last_sign_in_at = ${now} where id = ${userId}`);
  await forgetSecondFactors(tx, userId);
  for (const table of [sql`user_identities`, sql`oidc_attempts`, sql`email_changes`])
    await tx.run(sql`delete from ${table} where user_id = ${userId}`);
  await spendUserLinks(tx, 'staff_password_reset', { email, userId }, now);
}
