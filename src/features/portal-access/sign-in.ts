import { type Database, systemActor } from '#db/db.ts';
import { countTry, forgive } from '#features/portal-access/guards.ts';
import { findPeople, type Realm } from '#features/portal-access/queries.ts';
import { passwordHolds } from '#features/users/passwords.ts';

export type SignInVerdict =
  | { verdict: 'right'; portalUserId: string }
  | { verdict: 'wrong' }
  | { verdict: 'locked'; until: Date };

const realms: readonly Realm[] = ['live', 'sandbox'];

/**
 * Compare an address and a password. The answer and its time are the same for known and unknown addresses:
 * one hash is checked for each realm, and a lock is kept for whatever address was tried. `prefer` decides for
 * someone who has the same password in both realms.
 */
export async function signInPortalUser(
  db: Database,
  input: { email: string; password: string; prefer: Realm },
  now: Date,
): Promise<SignInVerdict> {
  const actor = systemActor('portal sign-in');
  const { tried, people } = await db.transaction(actor, async (tx) => ({
    tried: await countTry(tx, input.email, now),
    people: await findPeople(tx, input.email),
  }));
  if (tried.locked) return { verdict: 'locked', until: tried.locked };
  const right: { id: string; realm: Realm }[] = [];
  for (const realm of realms) {
    const person = people.find((each) => each.realm === realm);
    if ((await passwordHolds(person?.passwordHash, input.password)) && person) right.push(person);
  }
  const found = right.find((each) => each.realm === input.prefer) ?? right[0];
  if (!found)
    return tried.lockedIfWrong ? { verdict: 'locked', until: tried.lockedIfWrong } : { verdict: 'wrong' };
  await db.transaction(actor, (tx) => forgive(tx, input.email));
  return { verdict: 'right', portalUserId: found.id };
}
