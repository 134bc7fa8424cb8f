import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { checkRoles, refuseBeyond, scopesBehind } from '#features/users/check-roles.ts';
import { takeMail } from '#features/users/guards.ts';
import { queueUserMail } from '#features/users/queue-user-mail.ts';
import { issueUserLink, spendUserLinks, userLinkLife_s } from '#features/users/user-links.ts';
import { invitationMail } from '#features/users/user-mails.ts';
import { secondsLater, systemNow } from '#lib/dates.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type Invite = {
  organizationId: string;
  email: string;
  firstName: string;
  lastName: string;
  roles: readonly string[];
};

/** Ask somebody to work here: the link in the mail verifies the address and opens the door. */
export async function inviteUser(
  tx: Tx,
  actor: Actor,
  { outbox, ...input }: Invite & { outbox: Outbox },
  now: Date,
): Promise<{ invitationId: string }> {
  const { organizationId, email, firstName, lastName } = input;
  const { builtIn, own } = await checkRoles(tx, actor, organizationId, input.roles);
  const works =
    await tx.row(sql`select 1 as works from organization_users ou join users u on u.id = ou.user_id
    where ou.organization_id = ${organizationId} and lower(u.email) = lower(${email})`);
  if (works) throw new Refusal('conflict', { message: `${email} works here already.`, param: 'email' });
  const invitationId = newId('invitation');
  const at = systemNow();
  const made =
    await tx.run(sql`insert into user_invitations (organization_id, id, email, first_name, last_name, roles, own_roles,
      created_at, sent_at, expires_at)
    values (${organizationId}, ${invitationId}, ${email}, ${firstName}, ${lastName}, ${builtIn}, ${own},
      ${at}, ${at}, ${secondsLater(at, userLinkLife_s.staff_invitation)}) on conflict do nothing`);
  if (made === 0)
    throw new Refusal('conflict', {
      message: `${email} is invited already. Send that invitation again, or revoke it first.`,
      param: 'email',
    });
  await mailInvitation(tx, actor, { organizationId, email, outbox });
  await record(tx, { actor, organizationId, now }, [
    { type: 'user.invited', subjectId: invitationId, data: { email, roles: [...builtIn, ...own] } },
  ]);
  return { invitationId };
}

async function mailInvitation(
  tx: Tx,
  actor: Actor,
  { organizationId, email, outbox }: { organizationId: string; email: string; outbox: Outbox },
): Promise<void> {
  const at = systemNow();
  const next = await takeMail(tx, 'invitation', `${organizationId} ${email}`, at);
  if (next) {
    const retryAfter = Math.ceil((next.getTime() - at.getTime()) / 1000);
    const message = `${email} was invited several times of late. Try again in ${Math.ceil(retryAfter / 60)} minutes.`;
    throw new Refusal('rate_limited', { message, retryAfter });
  }
  const names = must(
    await tx.row<{ organization: string; inviter: string | null }>(sql`select o.name as organization,
      (select nullif(trim(first_name || ' ' || last_name), '')
        from users where id = ${actor.kind === 'user' ? actor.userId : ''}) as inviter
      from organizations o where o.id = ${organizationId}`),
    'the organization',
  );
  const token = await issueUserLink(tx, 'staff_invitation', { email, organizationId }, at);
  const url = `${outbox.baseUrl}/console/invitation?token=${token}`;
  await queueUserMail(tx, outbox, organizationId, invitationMail(names, { to: email, url }));
}

type Open = { email: string; roles: string[]; ownRoles: string[] };
async function lockInvitation(tx: Tx, actor: Actor, organizationId: string, id: string): Promise<Open> {
  const row = await tx.row<Open & { over: boolean }>(sql`
    select email, roles, own_roles, (accepted_at is not null or revoked_at is not null) as over
    from user_invitations where organization_id = ${organizationId} and id = ${id} for update`);
  if (!row) throw notFound('invitation', id);
  if (row.over) throw new Refusal('state_refused', 'This invitation was accepted or revoked already.');
  refuseBeyond(
    actor,
    await scopesBehind(tx, organizationId, { builtIn: row.roles, own: row.ownRoles }),
    'id',
  );
  return row;
}

type Which = { organizationId: string; id: string };

/** Send the mail again, with a new link; the one before opens nothing any more. */
export async function resendInvitation(
  tx: Tx,
  actor: Actor,
  { organizationId, id, outbox }: Which & { outbox: Outbox },
  now: Date,
): Promise<void> {
  const { email } = await lockInvitation(tx, actor, organizationId, id);
  const at = systemNow();
  await tx.run(sql`update user_invitations set sent_at = ${at}, expires_at = ${secondsLater(at, userLinkLife_s.staff_invitation)}
    where organization_id = ${organizationId} and id = ${id}`);
  await mailInvitation(tx, actor, { organizationId, email, outbox });
  await record(tx, { actor, organizationId, now }, [
    { type: 'user.invited', subjectId: id, data: { email, again: true } },
  ]);
}

/** Take an invitation back: its link opens nothing any more. */
export async function revokeInvitation(
  tx: Tx,
  actor: Actor,
  { organizationId, id }: Which,
  now: Date,
): Promise<void> {
  const { email } = await lockInvitation(tx, actor, organizationId, id);
  await tx.run(sql`update user_invitations set revoked_at = ${systemNow()}
    where organization_id = ${organizationId} and id = ${id}`);
  await spendUserLinks(tx, 'staff_invitation', { email, organizationId }, systemNow());
  await record(tx, { actor, organizationId, now }, [
    { type: 'user.invitation_revoked', subjectId: id, data: { email } },
  ]);
}
