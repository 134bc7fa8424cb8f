import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { refuseBeyond, scopesBehind } from '#features/users/check-roles.ts';
import { queueUserMail } from '#features/users/queue-user-mail.ts';
import { changedMail } from '#features/users/user-mails.ts';
import { notFound, Refusal } from '#lib/errors.ts';

type Member = { operator: boolean; email: string; roles: string[]; ownRoles: string[] };

/** Forget a person's app, recovery codes and passkeys, and sign them out: the password alone opens again. */
export async function forgetSecondFactors(tx: Tx, userId: string): Promise<number> {
  const apps = await tx.run(sql`delete from authenticator_apps where user_id = ${userId}`);
  await tx.run(sql`delete from recovery_codes where user_id = ${userId}`);
  const passkeys = await tx.run(sql`delete from passkeys where user_id = ${userId}`);
  await tx.run(sql`delete from sign_in_challenges where user_id = ${userId}`);
  await tx.run(sql`delete from sessions where user_id = ${userId}`);
  return apps + passkeys;
}

/**
 * Help a colleague who has lost phone and recovery codes. Never one who may do more; and as a sign-in may
 * open other organizations too, only an owner of all of them may take their lock off.
 */
export async function resetSecondFactor(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; userId: string; outbox: Outbox },
  now: Date,
): Promise<void> {
  const { organizationId, userId } = input;
  const member = await tx.row<Member>(sql`
    select u.operator, u.email, ou.roles, ou.own_roles from organization_users ou join users u on u.id = ou.user_id
    where ou.organization_id = ${organizationId} and ou.user_id = ${userId} for update of u`);
  if (!member) throw notFound('user', userId);
  refuseBeyond(
    actor,
    await scopesBehind(tx, organizationId, { builtIn: member.roles, own: member.ownRoles }),
    'id',
  );
  if (actor.kind === 'user' && actor.userId === userId)
    throw new Refusal('state_refused', 'Change your own second factor in your profile.');
  const by = actor.kind === 'user' ? actor.userId : null;
  const isOperator =
    member.operator && (await tx.row(sql`select 1 as operates from users where id = ${by} and operator`));
  if (member.operator && !isOperator)
    throw new Refusal(
      'forbidden',
      'This person hosts this Owed. Only another operator may reset their second factor.',
    );
  const foreign = await tx.row(sql`select 1 as works from organization_users theirs
    where theirs.user_id = ${userId} and theirs.organization_id <> ${organizationId} and theirs.disabled_at is null
      and not exists (select from organization_users mine where mine.organization_id = theirs.organization_id
        and mine.user_id = ${by} and mine.disabled_at is null and 'superuser' = any(mine.roles)) limit 1`);
  if (foreign)
    throw new Refusal(
      'state_refused',
      'This sign-in opens another organization as well, which is not yours. They need a recovery code, or whoever hosts this Owed.',
    );
  if ((await forgetSecondFactors(tx, userId)) === 0)
    throw new Refusal('state_refused', 'There is nothing to reset: the password alone signs this person in.');
  await record(tx, { actor, organizationId, now }, [
    { type: 'user.second_factor_reset', subjectId: userId, data: { email: member.email } },
  ]);
  await queueUserMail(tx, input.outbox, organizationId, changedMail(member.email, 'second_factor_reset'));
}
