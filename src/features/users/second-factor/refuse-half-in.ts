import { sql } from 'kysely';
import { type Database, systemActor, type Tx } from '#db/db.ts';
import { hasSecondFactor } from '#features/users/second-factor/sign-in-policy.ts';
import { Refusal } from '#lib/errors.ts';

type HalfIn = { userId: string; sessionId: string };

/**
 * Who has a second factor and came in by the password alone changes nothing of how they sign in: whoever
 * knows the password could add a key of their own, and so pass for both. Who has none yet may set one up.
 */
export async function refuseHalfIn(tx: Tx, { userId, sessionId }: HalfIn): Promise<void> {
  // Locked: two who set up a first factor at the same moment come one after the other.
  await tx.row(sql`select 1 as locked from users where id = ${userId} for update`);
  const isHalfIn =
    await tx.row(sql`select 1 as half from users u where u.id = ${userId} and ${hasSecondFactor}
    and not exists (select from sessions s where s.id = ${sessionId} and s.second_factor is not null)`);
  if (isHalfIn) throw new Refusal('forbidden', 'Sign in with your passkey or code first.');
}

export const refuseHalfInFirst = (db: Database, person: HalfIn): Promise<void> =>
  db.transaction(systemActor('second factor'), (tx) => refuseHalfIn(tx, person));

/** From now on there is a second factor: what the password alone has opened, or has begun, ends. */
export async function endHalfIn(tx: Tx, { userId, sessionId }: HalfIn): Promise<void> {
  await tx.run(
    sql`delete from sessions where user_id = ${userId} and id <> ${sessionId} and second_factor is null`,
  );
  await tx.run(sql`delete from sign_in_challenges where user_id = ${userId}`);
}
