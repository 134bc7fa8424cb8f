import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { forgive } from '#features/portal-access/guards.ts';
import { findLink, spendLinksOf } from '#features/portal-access/link-tokens.ts';
import { readPerson } from '#features/portal-access/queries.ts';
import { linkProblem } from '#features/portal-access/rules.ts';
import { must } from '#lib/errors.ts';

export type ResetVerdict =
  | { verdict: 'reset'; portalUserId: string }
  | { verdict: 'problem'; problem: 'unknown' | 'expired' | 'used' };

/** Set a new password by a link from a mail: it works once, ends every session and lifts a lock. */
export async function resetPassword(
  tx: Tx,
  input: { token: string; passwordHash: string },
  now: Date,
): Promise<ResetVerdict> {
  const link = await findLink(tx, input.token);
  const problem = linkProblem(link, 'password_reset', now);
  if (problem || !link) return { verdict: 'problem', problem: problem ?? 'unknown' };
  const person = must(await readPerson(tx, must(link.portalUserId, 'whose link it is')), 'the portal user');
  await setPassword(tx, { portalUserId: person.id, passwordHash: input.passwordHash });
  await spendLinksOf(tx, 'password_reset', person.id, now);
  await forgive(tx, person.email);
  return { verdict: 'reset', portalUserId: person.id };
}

/** Change the password and end the sessions of all browsers but the one given. */
export async function setPassword(
  tx: Tx,
  input: { portalUserId: string; passwordHash: string; keepSessionId?: string },
): Promise<void> {
  await tx.run(
    sql`update portal_users set password_hash = ${input.passwordHash} where id = ${input.portalUserId}`,
  );
  await tx.run(sql`delete from sessions where portal_user_id = ${input.portalUserId}
    and id is distinct from ${input.keepSessionId ?? null}`);
}
