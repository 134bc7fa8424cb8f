import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import { countSignIn, forgiveSignIn, type Guarded } from '#features/users/guards.ts';
import { passwordHolds } from '#features/users/passwords.ts';
import { lockedFor } from '#features/users/rules.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

/**
 * What changes how somebody signs in asks for the password once more: an open page is not the person. Wrong
 * ones count at the same door as those of the sign-in page.
 */
export async function provePassword(
  db: Database,
  person: { userId: string; email: string },
  password: string,
): Promise<void> {
  const now = systemNow();
  const actor = systemActor('profile');
  const door: Guarded = { kind: 'staff_sign_in', email: person.email };
  const { tried, hash } = await db.transaction(actor, async (tx) => ({
    tried: await countSignIn(tx, door, now),
    hash: await tx.row<{ passwordHash: string }>(
      sql`select password_hash from users where id = ${person.userId}`,
    ),
  }));
  if (tried.locked) throw new Refusal('locked', lockedFor(tried.locked, now, 'wrong passwords'));
  if (!(await passwordHolds(hash?.passwordHash, password))) {
    const message = 'This is not your password.';
    throw new Refusal('invalid_request', { message, param: 'password', fields: { password: message } });
  }
  await db.transaction(actor, (tx) => forgiveSignIn(tx, door));
}
