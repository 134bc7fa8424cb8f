import { sql } from 'kysely';
import { type Database, systemActor, type Tx } from '#db/db.ts';
import { passwordHolds } from '#features/users/passwords.ts';
import { lockAfter_s } from '#features/users/rules.ts';
import { secondsLater, systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

const wrong = () =>
  new Refusal('unauthenticated', 'E-mail and password do not go together. Check both and try again.');

/**
 * Sign staff in. The same answer in the same time for a wrong password and an unknown address; five wrong
 * passwords lock the sign-in for a while, and the answer says until when.
 */
export async function signInUser(
  db: Database,
  input: { email: string; password: string },
): Promise<{ userId: string; organizationId: string | undefined }> {
  const now = systemNow();
  const actor = systemActor('sign-in');
  const user = await db.transaction(actor, (tx) => countTry(tx, input.email, now));
  const holds = await passwordHolds(user?.passwordHash, input.password);
  if (!user || !holds || user.disabledAt) throw wrong();
  return db.transaction(actor, async (tx) => {
    await tx.run(
      sql`update users set failed_sign_ins = 0, locked_until = null, last_sign_in_at = ${now} where id = ${user.id}`,
    );
    const organization = await tx.row<{
      id: string;
    }>(sql`select ou.organization_id as id from organization_users ou
      where ou.user_id = ${user.id} order by ou.created_at, ou.organization_id limit 1`);
    return { userId: user.id, organizationId: organization?.id };
  });
}

type User = { id: string; passwordHash: string; disabledAt: Date | null };

/**
 * Count a try before its password is checked, so that many at once are no way around the lock; a right
 * password is forgiven afterwards.
 */
async function countTry(tx: Tx, email: string, now: Date): Promise<User | undefined> {
  const user = await tx.row<User & { failed: number; lockedUntil: Date | null }>(sql`
    select id, password_hash, disabled_at, failed_sign_ins as failed, locked_until from users
    where lower(email) = lower(${email}) for update`);
  if (!user) return undefined;
  if (user.lockedUntil && user.lockedUntil > now) {
    const retryAfter = Math.ceil((user.lockedUntil.getTime() - now.getTime()) / 1000);
    throw new Refusal('locked', {
      retryAfter,
      message: `Too many wrong passwords. Try again in ${Math.ceil(retryAfter / 60)} minutes.`,
    });
  }
  const lock_s = lockAfter_s(user.failed + 1);
  await tx.run(sql`update users set failed_sign_ins = ${user.failed + 1},
    locked_until = ${lock_s === undefined ? null : secondsLater(now, lock_s)} where id = ${user.id}`);
  return user;
}
