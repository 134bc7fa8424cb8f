import { sql } from 'kysely';
import pg from 'pg';
import type { Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { findLink, spendLinksOf } from '#features/portal-access/link-tokens.ts';
import { addressChangedMail } from '#features/portal-access/portal-mails.ts';
import { readPerson, senderTo } from '#features/portal-access/queries.ts';
import { queuePortalMail } from '#features/portal-access/queue-portal-mail.ts';
import { recordSteps } from '#features/portal-access/record-steps.ts';
import { linkProblem, sameEmail } from '#features/portal-access/rules.ts';

export type EmailVerdict =
  | { verdict: 'changed' | 'changed_before' | 'taken' }
  | { verdict: 'problem'; problem: 'unknown' | 'expired' | 'used' | 'foreign' };

/**
 * Move a login to the address at which this link was read. Only its owner, signed in, may: a mistyped address
 * must not hand the login to a stranger. The old address is told, and what was mailed to it opens nothing any
 * more.
 */
export async function changeEmail(
  tx: Tx,
  input: { token: string; portalUserId: string; keepSessionId: string; mail: Outbox },
  now: Date,
): Promise<EmailVerdict> {
  const link = await findLink(tx, input.token);
  const problem = linkProblem(link, 'email_confirmation', now);
  const person = link?.portalUserId ? await readPerson(tx, link.portalUserId) : undefined;
  if (!link || !person?.emailConfirmedAt || problem === 'unknown') {
    return { verdict: 'problem', problem: 'unknown' };
  }
  if (person.id !== input.portalUserId) return { verdict: 'problem', problem: 'foreign' };
  if (sameEmail(link.email, person.email)) return { verdict: 'changed_before' };
  if (problem) return { verdict: 'problem', problem };
  if (!(await moveLogin(tx, person.id, link.email, now))) return { verdict: 'taken' };
  await spendLinksOf(tx, 'email_confirmation', person.id, now);
  await spendLinksOf(tx, 'password_reset', person.id, now);
  await tx.run(
    sql`delete from sessions where portal_user_id = ${person.id} and id <> ${input.keepSessionId}`,
  );
  await recordSteps(tx, 'portal.email_changed', person, person.profiles);
  const sender = await senderTo(tx, person);
  if (sender) {
    await queuePortalMail(tx, input.mail, addressChangedMail(sender, { to: person.email, now: link.email }));
  }
  return { verdict: 'changed' };
}

/** False when the address has a login of its own in the realm, be it since a moment ago. */
async function moveLogin(tx: Tx, id: string, email: string, now: Date): Promise<boolean> {
  await tx.run(sql`savepoint before_move`);
  try {
    await tx.run(sql`update portal_users set email = ${email}, email_confirmed_at = ${now} where id = ${id}`);
    return true;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '23505') throw error;
    await tx.run(sql`rollback to savepoint before_move`);
    return false;
  }
}
