import { sql } from 'kysely';
import { type Database, systemActor, type Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { readChallenge, takeChallenge } from '#features/users/challenges.ts';
import { type Entered, enter } from '#features/users/enter.ts';
import { countSignIn, forgiveSignIn, type Guarded } from '#features/users/guards.ts';
import { mailPerson, recordForPerson } from '#features/users/profile/tell-person.ts';
import { lockedFor } from '#features/users/rules.ts';
import { type CodeVerdict, takeCode } from '#features/users/second-factor/take-code.ts';
import { recoveryCodeUsedMail } from '#features/users/user-mails.ts';
import { systemNow } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

const tooLate = () => new Refusal('link_expired', 'This sign-in has taken too long. Begin again.');
const words = {
  wrong: 'This code is not right. Look at the app again; a recovery code works too, once.',
  used_before: 'This code was used a moment ago. Wait until the app shows the next one.',
};

type User = { id: string; email: string };
type Given = { token: string; code: string };

async function readUser(tx: Tx, token: string, now: Date): Promise<User> {
  const step = await readChallenge(tx, 'second_step', token, now);
  const user = step?.userId
    ? await tx.row<User>(sql`select id, email from users where id = ${step.userId} and disabled_at is null`)
    : undefined;
  if (!user) throw tooLate();
  return user;
}

/**
 * The second step of a sign-in: the password was right, now a code of the app or a recovery code. Wrong ones
 * are counted before they are looked at, and lock the step as wrong passwords lock the first.
 */
export async function passSecondStep(
  db: Database,
  deps: { secrets: Secrets; outbox: Outbox },
  given: Given,
): Promise<Entered> {
  const now = systemNow();
  const actor = systemActor('sign-in');
  const { user, door, tried } = await db.transaction(actor, async (tx) => {
    const found = await readUser(tx, given.token, now);
    const guarded: Guarded = { kind: 'staff_second_step', email: found.email };
    return { user: found, door: guarded, tried: await countSignIn(tx, guarded, now) };
  });
  if (tried.locked) throw new Refusal('locked', lockedFor(tried.locked, now, 'wrong codes'));
  const result = await db.transaction(actor, async (tx): Promise<Entered | CodeVerdict> => {
    const taken = await takeCode(tx, deps.secrets, { userId: user.id, typed: given.code }, now);
    if (taken.verdict === 'wrong' || taken.verdict === 'used_before') return taken;
    if (!(await takeChallenge(tx, 'second_step', given.token, now))) throw tooLate();
    await forgiveSignIn(tx, door);
    if (taken.verdict === 'recovery_code') await tellUsed(tx, deps.outbox, user, taken.left);
    return { ...(await enter(tx, user.id, now)), secondFactor: taken.verdict };
  });
  if ('userId' in result) return result;
  const message = must(words[result.verdict as keyof typeof words], 'what is wrong with the code');
  throw new Refusal('unauthenticated', { message, param: 'code', fields: { code: message } });
}

async function tellUsed(tx: Tx, outbox: Outbox, user: User, left: number): Promise<void> {
  await recordForPerson(tx, { userId: user.id }, 'user.recovery_code_used', { left });
  await mailPerson(tx, outbox, user.id, recoveryCodeUsedMail({ to: user.email, left }));
}
