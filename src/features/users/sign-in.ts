import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import { passwordHolds } from '#features/users/passwords.ts';
import { lockAfter_s } from '#features/users/rules.ts';
import { secondsLater, systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

const wrong = () => new Refusal('unauthenticated', 'E-mail and password do not go together. Check both and try again.');

/**
 * Sign staff in. The same answer in the same time for a wrong password and an unknown address; five wrong passwords
 * lock the sign-in for a while, and the answer says until when.
 */
export async function signInUser(db: Database, input: { email: string; password: string }): Promise<{ userId: string; organizationId: string | undefined }> {
  const now = systemNow();
  const user = await db.transaction(systemActor('sign-in'), (tx) => tx.row<{
    id: string; passwordHash: string; lockedUntil: Date | null; disabledAt: Date | null;
  }>(sql`select id, password_hash, locked_until, disabled_at from users where lower(email) = lower(${input.email})`));
  if (user?.lockedUntil && user.lockedUntil > now) {
    const retryAfter = Math.ceil((user.lockedUntil.getTime() - now.getTime()) / 1000);
    throw new Refusal('locked', { retryAfter,
      message: `Too many wrong passwords. Try again in ${Math.ceil(retryAfter / 60)} minutes.` });
  }
  const holds = await passwordHolds(user?.passwordHash, input.password);
  if (!user) throw wrong();
  return db.transaction(systemActor('sign-in'), async (tx) => {
    if (!holds || user.disabledAt) {
      const counted = await tx.row<{ failed: number }>(sql`update users set failed_sign_ins = failed_sign_ins + 1
        where id = ${user.id} returning failed_sign_ins as failed`);
      const lock_s = lockAfter_s(counted?.failed ?? 0);
      if (lock_s) await tx.run(sql`update users set locked_until = ${secondsLater(now, lock_s)} where id = ${user.id}`);
      return undefined;
    }
    await tx.run(sql`update users set failed_sign_ins = 0, locked_until = null, last_sign_in_at = ${now} where id = ${user.id}`);
    const organization = await tx.row<{ id: string }>(sql`select ou.organization_id as id from organization_users ou
      where ou.user_id = ${user.id} order by ou.created_at, ou.organization_id limit 1`);
    return { userId: user.id, organizationId: organization?.id };
  }).then((found) => {
    if (!found) throw wrong();
    return found;
  });
}
