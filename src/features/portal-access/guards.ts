import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { countSignIn, forgiveSignIn, type GuardKind, guardHash } from '#features/users/guards.ts';
import { nextMailAt, plainEmail } from '#features/users/rules.ts';

/** Count a sign-in before its password is checked; staff sees a customer's lock. */
export async function countTry(
  tx: Tx,
  email: string,
  now: Date,
): Promise<{ locked?: Date; lockedIfWrong?: Date }> {
  const tried = await countSignIn(tx, { kind: 'sign_in', email }, now);
  if (tried.locked) return { locked: tried.locked };
  await tx.run(sql`update portal_users set failed_sign_ins = ${tried.failures}, locked_until = ${tried.lockedIfWrong}
    where lower(email) = ${plainEmail(email)}`);
  return tried.lockedIfWrong ? { lockedIfWrong: tried.lockedIfWrong } : {};
}

/** The right password, or a reset by mail: earlier wrong ones no longer count. */
export async function forgive(tx: Tx, email: string): Promise<void> {
  await forgiveSignIn(tx, { kind: 'sign_in', email });
  await tx.run(sql`update portal_users set failed_sign_ins = 0, locked_until = null
    where lower(email) = ${plainEmail(email)}`);
}

/** When an address may be sent another mail of this kind; undefined when now. */
export async function mailWait(tx: Tx, kind: GuardKind, email: string, now: Date): Promise<Date | undefined> {
  const guard = await tx.row<{ mails: Date[] }>(sql`select mails from address_guards
    where kind = ${kind} and email_hash = ${guardHash(email)}`);
  return nextMailAt(guard?.mails ?? [], now);
}
