import { sql } from 'kysely';
import { type Database, systemActor, type Tx } from '#db/db.ts';
import { makeChallenge } from '#features/users/challenges.ts';
import { type Entered, enter } from '#features/users/enter.ts';
import { countSignIn, forgiveSignIn, type Guarded } from '#features/users/guards.ts';
import { passwordHolds } from '#features/users/passwords.ts';
import { refuseNowhere } from '#features/users/refuse-nowhere.ts';
import { lockedFor, plainEmail } from '#features/users/rules.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

const wrong = () =>
  new Refusal('unauthenticated', 'E-mail and password do not go together. Check both and try again.');

/**
 * Sign staff in. A wrong password and an unknown address get the same answer in the same time; five wrong
 * tries lock the address for a while, known or not, and the answer says until when. Who has an
 * authenticator app is asked for a code next.
 */
export async function signInUser(
  db: Database,
  input: { email: string; password: string },
): Promise<Entered | { secondStep: string }> {
  const now = systemNow();
  const actor = systemActor('sign-in');
  const door: Guarded = { kind: 'staff_sign_in', email: input.email };
  const { tried, user } = await db.transaction(actor, async (tx) => ({
    tried: await countSignIn(tx, door, now),
    user: await findUser(tx, input.email),
  }));
  if (tried.locked) throw new Refusal('locked', lockedFor(tried.locked, now, 'wrong passwords'));
  const holds = await passwordHolds(user?.passwordHash, input.password);
  if (!user || !holds || user.disabledAt) throw wrong();
  await refuseNowhere(db, door, user.id);
  return db.transaction(actor, async (tx) => {
    await forgiveSignIn(tx, door);
    if (user.hasApp) return { secondStep: await makeChallenge(tx, 'second_step', user.id, now) };
    return enter(tx, user.id, now);
  });
}

type User = { id: string; passwordHash: string; disabledAt: Date | null; hasApp: boolean };

const findUser = (tx: Tx, email: string): Promise<User | undefined> =>
  tx.row<User>(
    sql`select id, password_hash, disabled_at, exists (select from authenticator_apps a
      where a.user_id = users.id and a.secret is not null) as has_app
      from users where lower(email) = ${plainEmail(email)}`,
  );
