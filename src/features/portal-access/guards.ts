import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { nextMailAt, plainEmail, withMail } from '#features/portal-access/rules.ts';
import { lockAfter_s } from '#features/users/rules.ts';
import { secondsLater } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { sha256 } from '#lib/secrets.ts';

export type GuardKind = 'sign_in' | 'confirmation' | 'invitation' | 'password_reset';
type Guard = { failures: number; lockedUntil: Date | null; mails: Date[]; lastAt: Date };

const day_s = 86_400;
const hashOf = (email: string): string => sha256(`portal guard ${plainEmail(email)}`);

/** The address's row, made if need be and locked: tries on one address come one after the other. */
async function lockGuard(tx: Tx, kind: GuardKind, email: string, now: Date): Promise<Guard> {
  const row = await tx.row<Guard>(sql`
    insert into portal_guards (kind, email_hash, last_at) values (${kind}, ${hashOf(email)}, ${now})
    on conflict (kind, email_hash) do update set kind = excluded.kind
    returning failures, locked_until, mails, last_at`);
  return must(row, 'the guard of an address');
}

/**
 * Count a sign-in before its password is checked, so that many at once are no way around the lock; a right
 * password is forgiven afterwards. Answers until when the address is locked, before this try and if it fails.
 */
export async function countTry(
  tx: Tx,
  email: string,
  now: Date,
): Promise<{ locked?: Date; lockedIfWrong?: Date }> {
  const guard = await lockGuard(tx, 'sign_in', email, now);
  if (guard.lockedUntil && guard.lockedUntil > now) return { locked: guard.lockedUntil };
  const stale = secondsLater(guard.lastAt, day_s) < now;
  const failures = (stale ? 0 : guard.failures) + 1;
  const lock_s = lockAfter_s(failures);
  const lockedUntil = lock_s === undefined ? null : secondsLater(now, lock_s);
  await tx.run(sql`update portal_guards set failures = ${failures}, locked_until = ${lockedUntil}, last_at =
    ${now}
    where kind = 'sign_in' and email_hash = ${hashOf(email)}`);
  // Staff sees a customer's lock; the rows of old tries go while someone is here anyway.
  await tx.run(sql`update portal_users set failed_sign_ins = ${failures}, locked_until = ${lockedUntil}
    where lower(email) = ${plainEmail(email)}`);
  await tx.run(sql`delete from portal_guards where ctid = any(array(
    select ctid from portal_guards where last_at < ${secondsLater(now, -7 * day_s)} limit 50))`);
  return lockedUntil ? { lockedIfWrong: lockedUntil } : {};
}

/** The right password, or a reset by mail: earlier wrong ones no longer count. */
export async function forgive(tx: Tx, email: string): Promise<void> {
  await tx.run(sql`delete from portal_guards where kind = 'sign_in' and email_hash = ${hashOf(email)}`);
  await tx.run(sql`update portal_users set failed_sign_ins = 0, locked_until = null
    where lower(email) = ${plainEmail(email)}`);
}

/** Take one mail out of what an address may be sent; answers when the next may go if this one may not. */
export async function takeMail(tx: Tx, kind: GuardKind, email: string, now: Date): Promise<Date | undefined> {
  const guard = await lockGuard(tx, kind, email, now);
  const next = nextMailAt(guard.mails, now);
  if (next) return next;
  await tx.run(sql`update portal_guards set mails = ${withMail(guard.mails, now)}::timestamptz[], last_at =
    ${now}
    where kind = ${kind} and email_hash = ${hashOf(email)}`);
  return undefined;
}

/** When an address may be sent another mail of this kind; undefined when now. */
export async function mailWait(tx: Tx, kind: GuardKind, email: string, now: Date): Promise<Date | undefined> {
  const guard = await tx.row<{ mails: Date[] }>(sql`select mails from portal_guards
    where kind = ${kind} and email_hash = ${hashOf(email)}`);
  return nextMailAt(guard?.mails ?? [], now);
}
