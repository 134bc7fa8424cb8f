import { sql } from 'kysely';
import { type Database, systemActor, type Tx } from '#db/db.ts';
import { countSignIn, forgiveSignIn, type Guarded } from '#features/users/guards.ts';
import { passwordHolds } from '#features/users/passwords.ts';
import { refuseNowhere } from '#features/users/refuse-nowhere.ts';
import { plainEmail } from '#features/users/rules.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

const wrong = () =>
  new Refusal('unauthenticated', 'E-mail and password do not go together. Check both and try again.');

/** Told of any address that was tried so often: who waits knows why, and who guesses learns nothing. */
function locked(until: Date, now: Date): Refusal {
  const retryAfter = Math.ceil((until.getTime() - now.getTime()) / 1000);
  const minutes = Math.ceil(retryAfter / 60);
  return new Refusal('locked', {
    retryAfter,
    message: `Too many wrong passwords. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
  });
}

/**
 * Sign staff in. A wrong password and an unknown address get the same answer in the same time; five wrong
 * tries lock the address for a while, known or not, and the answer says until when.
 */
export async function signInUser(
  db: Database,
  input: { email: string; password: string },
): Promise<{ userId: string; organizationId: string | undefined }> {
  const now = systemNow();
  const actor = systemActor('sign-in');
  const door: Guarded = { kind: 'staff_sign_in', email: input.email };
  const { tried, user } = await db.transaction(actor, async (tx) => ({
    tried: await countSignIn(tx, door, now),
    user: await findUser(tx, input.email),
  }));
  if (tried.locked) throw locked(tried.locked, now);
  const holds = await passwordHolds(user?.passwordHash, input.password);
  if (!user || !holds || user.disabledAt) throw wrong();
  await refuseNowhere(db, door, user.id);
  return db.transaction(actor, async (tx) => {
    await forgiveSignIn(tx, door);
    await tx.run(sql`update users set last_sign_in_at = ${now} where id = ${user.id}`);
    const organization = await tx.row<{
      id: string;
    }>(sql`select ou.organization_id as id from organization_users ou
      where ou.user_id = ${user.id} and ou.disabled_at is null order by ou.created_at, ou.organization_id limit 1`);
    return { userId: user.id, organizationId: organization?.id };
  });
}

type User = { id: string; passwordHash: string; disabledAt: Date | null };

const findUser = (tx: Tx, email: string): Promise<User | undefined> =>
  tx.row<User>(
    sql`select id, password_hash, disabled_at from users where lower(email) = ${plainEmail(email)}`,
  );
