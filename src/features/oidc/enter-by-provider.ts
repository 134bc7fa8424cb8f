import { sql } from 'kysely';
import { systemActor, type Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { personByEmail, personById, personBySubject } from '#features/oidc/people.ts';
import { findProvider, lockProvider, type ProviderRow } from '#features/oidc/read-providers.ts';
import { type Claims, decideConnect, decideSignIn, type RefusedSignIn } from '#features/oidc/rules.ts';
import { mailPerson, recordForPerson } from '#features/users/profile/tell-person.ts';
import { changedMail } from '#features/users/user-mails.ts';
import { organizationNow } from '#lib/clock.ts';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type Entered = { userId: string; organizationId: string | undefined } | { refuse: RefusedSignIn };
type Asked = { providerId: string; claims: Claims; passwordHash: string };

/** Sign in whom the provider knows: as the person it was connected with, or by the provider's rules. */
export async function enterByProvider(
  tx: Tx,
  outbox: Outbox,
  { providerId, claims, passwordHash }: Asked,
  now: Date,
): Promise<Entered> {
  const found = await findProvider(tx, providerId);
  if (!found) return { refuse: 'gone' };
  const provider = await lockProvider(tx, found.organizationId, providerId);
  // An issuer may say any address; whether it is believed is an operator's to say.
  const { isTrusted, linksByEmail, createsUsers } = provider;
  const rules = { linksByEmail: linksByEmail && isTrusted, createsUsers: createsUsers && isTrusted };
  const decision = decideSignIn({ ...provider, ...rules }, claims, {
    connected: await personBySubject(tx, provider, claims.subject),
    sameEmail: claims.email ? await personByEmail(tx, claims.email) : undefined,
  });
  if ('refuse' in decision) return decision;
  const userId =
    'enter' in decision
      ? decision.enter
      : 'link' in decision
        ? decision.link
        : await createPerson(tx, { provider, claims, email: decision.create.email, passwordHash }, now);
  if (!('enter' in decision)) await connect(tx, { provider, claims, userId }, now);
  if ('link' in decision) await tellConnected(tx, outbox, userId);
  await tx.run(sql`update user_identities set last_used_at = ${now}, email = ${claims.email ?? null}
    where organization_id = ${provider.organizationId} and provider_id = ${provider.id}
      and subject = ${claims.subject}`);
  await tx.run(sql`update users set last_sign_in_at = ${now} where id = ${userId}`);
  const { worksFor } = must(await personById(tx, userId), 'the person');
  const organizationId = worksFor.includes(provider.organizationId) ? provider.organizationId : worksFor[0];
  return { userId, organizationId };
}

/** Somebody who is signed in connects the account that the browser brought back. */
export async function connectByProvider(
  tx: Tx,
  outbox: Outbox,
  { providerId, claims, userId }: { providerId: string; claims: Claims; userId: string },
  now: Date,
): Promise<{ refuse: RefusedSignIn } | { connected: true }> {
  const found = await findProvider(tx, providerId);
  if (!found) return { refuse: 'gone' };
  const provider = await lockProvider(tx, found.organizationId, providerId);
  const before = await personBySubject(tx, provider, claims.subject);
  const refuse = decideConnect(provider, must(await personById(tx, userId), 'the person'), before);
  if (refuse) return { refuse };
  if (!before) {
    await connect(tx, { provider, claims, userId }, now);
    await tellConnected(tx, outbox, userId);
  }
  return { connected: true };
}

type Connection = { provider: ProviderRow; claims: Claims; userId: string };

/** Recorded where the person works: the installation's provider belongs to an organization of its own. */
async function connect(tx: Tx, { provider, claims, userId }: Connection, now: Date): Promise<void> {
  await tx.run(sql`insert into user_identities (organization_id, id, provider_id, user_id, subject, email, created_at)
    values (${provider.organizationId}, ${newId('userIdentity')}, ${provider.id}, ${userId}, ${claims.subject},
      ${claims.email ?? null}, ${now})`);
  const data = { provider: provider.label, email: claims.email ?? null };
  await recordForPerson(tx, { userId }, 'user.identity_linked', data);
}

async function tellConnected(tx: Tx, outbox: Outbox, userId: string): Promise<void> {
  const user = await tx.row<{ email: string }>(sql`select email from users where id = ${userId}`);
  const { email } = must(user, 'the person');
  await mailPerson(tx, outbox, userId, changedMail(email, 'provider_connected'));
}

type Newcomer = { provider: ProviderRow; claims: Claims; email: string; passwordHash: string };

/** A first sign-in makes the user, with the roles that an owner chose for it; nobody knows the password. */
async function createPerson(
  tx: Tx,
  { provider, claims, email, passwordHash }: Newcomer,
  now: Date,
): Promise<string> {
  const userId = newId('user');
  const { organizationId, firstRoles, firstOwnRoles } = provider;
  await tx.run(sql`insert into users (id, email, first_name, last_name, password_hash, created_at)
    values (${userId}, ${email}, ${claims.firstName}, ${claims.lastName}, ${passwordHash}, ${now})`);
  await tx.run(sql`insert into organization_users (organization_id, user_id, roles, own_roles, created_at)
    values (${organizationId}, ${userId}, ${firstRoles}, ${firstOwnRoles}, ${now})`);
  await tx.run(sql`update user_invitations set accepted_at = ${now}
    where organization_id = ${organizationId} and lower(email) = lower(${email}) and accepted_at is null
      and revoked_at is null`);
  const clock = must(
    await tx.row<{ clockOffsetMs: bigint }>(
      sql`select clock_offset_ms from organizations where id = ${organizationId}`,
    ),
    'the organization',
  );
  const by = { actor: systemActor('oidc'), organizationId, now: organizationNow(clock) };
  await record(tx, by, [
    {
      type: 'user.created',
      subjectId: userId,
      data: { email, roles: [...firstRoles, ...firstOwnRoles], provider: provider.label },
    },
  ]);
  return userId;
}
