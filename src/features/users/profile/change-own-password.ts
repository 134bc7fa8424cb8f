import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { refuseWeak } from '#features/users/accept-invitation.ts';
import { hashPassword } from '#features/users/passwords.ts';
import { provePassword } from '#features/users/profile/prove-password.ts';
import { mailPerson, recordForPerson } from '#features/users/profile/tell-person.ts';
import { spendUserLinks } from '#features/users/user-links.ts';
import { changedMail } from '#features/users/user-mails.ts';
import { systemNow } from '#lib/dates.ts';

type Who = { userId: string; email: string; sessionId: string };

/** Change one's own password. Every other device is signed out, and a link that was mailed opens nothing. */
export async function changeOwnPassword(
  db: Database,
  outbox: Outbox,
  who: Who,
  given: { password: string; newPassword: string },
): Promise<void> {
  const { userId, email, sessionId } = who;
  await provePassword(db, who, given.password);
  refuseWeak(given.newPassword, email, 'new_password');
  const passwordHash = await hashPassword(given.newPassword);
  await db.transaction(systemActor('profile'), async (tx) => {
    await tx.run(sql`update users set password_hash = ${passwordHash} where id = ${userId}`);
    await tx.run(sql`delete from sessions where user_id = ${userId} and id <> ${sessionId}`);
    await tx.run(sql`delete from sign_in_challenges where user_id = ${userId}`);
    await spendUserLinks(tx, 'staff_password_reset', { email, userId }, systemNow());
    await recordForPerson(tx, { userId }, 'user.password_changed');
    await mailPerson(tx, outbox, userId, changedMail(email, 'password'));
  });
}
