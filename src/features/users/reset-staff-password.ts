import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { refuseWeak } from '#features/users/accept-invitation.ts';
import { forgiveSignIn, takeMail } from '#features/users/guards.ts';
import { hashPassword } from '#features/users/passwords.ts';
import { recordForPerson } from '#features/users/profile/tell-person.ts';
import { mailingOrganization, queueUserMail } from '#features/users/queue-user-mail.ts';
import { plainEmail } from '#features/users/rules.ts';
import { issueUserLink, openUserLink, spendUserLink } from '#features/users/user-links.ts';
import { staffResetMail } from '#features/users/user-mails.ts';
import { systemNow } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

const actor = systemActor('password-reset');

/** Mail a link to choose a new password. Whoever asks learns nothing of whose addresses are known. */
export async function requestStaffReset(db: Database, outbox: Outbox, email: string): Promise<void> {
  await db.transaction(actor, async (tx) => {
    const now = systemNow();
    if (await takeMail(tx, 'staff_password_reset', email, now)) return;
    const user = await tx.row<{ id: string; email: string }>(sql`
      select id, email from users where lower(email) = ${plainEmail(email)} and disabled_at is null`);
    const from = user && (await mailingOrganization(tx, user.id));
    if (!user || !from) return;
    const token = await issueUserLink(
      tx,
      'staff_password_reset',
      { email: user.email, userId: user.id },
      now,
    );
    const url = `${outbox.baseUrl}/console/new-password?token=${token}`;
    await queueUserMail(tx, outbox, from.id, staffResetMail({ to: user.email, url }));
  });
}

/** Set the new password. Every device is signed out, for one of them may be why. */
export async function resetStaffPassword(
  db: Database,
  input: { token: string; password: string },
): Promise<void> {
  const read = await db.transaction(actor, (tx) =>
    openUserLink(tx, 'staff_password_reset', input.token, systemNow()),
  );
  refuseWeak(input.password, read.email);
  const passwordHash = await hashPassword(input.password);
  await db.transaction(actor, async (tx) => {
    const now = systemNow();
    const link = await openUserLink(tx, 'staff_password_reset', input.token, now);
    const userId = must(link.userId, 'whose link it is');
    await tx.run(sql`update users set password_hash = ${passwordHash} where id = ${userId}`);
    await tx.run(sql`delete from sessions where user_id = ${userId}`);
    await tx.run(sql`delete from sign_in_challenges where user_id = ${userId}`);
    await recordForPerson(tx, { userId }, 'user.password_changed');
    await spendUserLink(tx, link.id, now);
    await forgiveSignIn(tx, { kind: 'staff_sign_in', email: link.email });
  });
}
