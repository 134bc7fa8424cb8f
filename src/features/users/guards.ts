import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { lockAfter_s, nextMailAt, plainEmail, withMail } from '#features/users/rules.ts';
import { secondsLater } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { sha256 } from '#lib/secrets.ts';

export type GuardKind =
  | 'staff_sign_in'
  | 'sign_in'
  | 'confirmation'
  | 'invitation'
  | 'password_reset'
  | 'staff_password_reset'
  | 'staff_second_step'
  | 'staff_email_change'
  | 'question'
  | 'sign_in_help';
/** A door that an e-mail address was tried at. It is guarded whether or not the address is anybody's. */
export type Guarded = { kind: GuardKind; email: string };
export type Guard = { failures: number; lockedUntil: Date | null; mails: Date[]; lastAt: Date };

const day_s = 86_400;
/** Only the hash is kept: nobody can read from it who was tried. */
export const guardHash = (email: string): string => sha256(`portal guard ${plainEmail(email)}`);

/** The address's row, made if need be and locked: tries on one address come one after the other. */
export async function lockGuard(tx: Tx, { kind, email }: Guarded, now: Date): Promise<Guard> {
  const row = await tx.row<Guard>(sql`
    insert into address_guards (kind, email_hash, last_at) values (${kind}, ${guardHash(email)}, ${now})
    on conflict (kind, email_hash) do update set kind = excluded.kind
    returning failures, locked_until, mails, last_at`);
  return must(row, 'the guard of an address');
}

export type Tried = { locked: Date } | { locked: undefined; failures: number; lockedIfWrong: Date | null };

/**
 * Count a sign-in before its password is checked, so that many at once are no way around the lock; a right
 * password is forgiven afterwards. Answers until when the address is locked, before this try and if it fails.
 */
export async function countSignIn(tx: Tx, door: Guarded, now: Date): Promise<Tried> {
  const guard = await lockGuard(tx, door, now);
  if (guard.lockedUntil && guard.lockedUntil > now) return { locked: guard.lockedUntil };
  const stale = secondsLater(guard.lastAt, day_s) < now;
  const failures = (stale ? 0 : guard.failures) + 1;
  const lock_s = lockAfter_s(failures);
  const lockedIfWrong = lock_s === undefined ? null : secondsLater(now, lock_s);
  await tx.run(sql`update address_guards set failures = ${failures}, locked_until = ${lockedIfWrong}, last_at = ${now}
    where kind = ${door.kind} and email_hash = ${guardHash(door.email)}`);
  return { locked: undefined, failures, lockedIfWrong };
}

/** The right password: earlier wrong ones no longer count. */
export const forgiveSignIn = (tx: Tx, { kind, email }: Guarded): Promise<number> =>
  tx.run(sql`delete from address_guards where kind = ${kind} and email_hash = ${guardHash(email)}`);

/** Take one mail out of what an address may be sent; answers when the next may go if this one may not. */
export async function takeMail(tx: Tx, kind: GuardKind, email: string, now: Date): Promise<Date | undefined> {
  const guard = await lockGuard(tx, { kind, email }, now);
  const next = nextMailAt(guard.mails, now);
  if (next) return next;
  await tx.run(sql`update address_guards set mails = ${withMail(guard.mails, now)}::timestamptz[], last_at =
    ${now}
    where kind = ${kind} and email_hash = ${guardHash(email)}`);
  return undefined;
}
