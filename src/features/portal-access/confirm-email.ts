import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { findLink, spendLinksOf } from '#features/portal-access/link-tokens.ts';
import { readPerson } from '#features/portal-access/queries.ts';
import { recordSteps } from '#features/portal-access/record-steps.ts';
import { linkProblem, sameEmail } from '#features/portal-access/rules.ts';

export type ConfirmVerdict =
  | { verdict: 'confirmed' | 'confirmed_before'; portalUserId: string }
  | { verdict: 'problem'; problem: 'unknown' | 'expired' | 'used' | 'foreign' };

/**
 * Step four: the link in the second mail was opened, so the address is its owner's. Opening it again, or a
 * mail scanner opening it first, does no harm; a browser signed in as someone else confirms nothing.
 */
export async function confirmEmail(
  tx: Tx,
  input: { token: string; signedInAs: string | undefined },
  now: Date,
): Promise<ConfirmVerdict> {
  const link = await findLink(tx, input.token);
  const problem = linkProblem(link, 'email_confirmation', now);
  const person = link?.portalUserId ? await readPerson(tx, link.portalUserId) : undefined;
  if (!link || !person || problem === 'unknown' || problem === 'expired') {
    return { verdict: 'problem', problem: problem ?? 'unknown' };
  }
  if (input.signedInAs && input.signedInAs !== person.id) return { verdict: 'problem', problem: 'foreign' };
  if (!sameEmail(link.email, person.email)) return { verdict: 'problem', problem: 'unknown' };
  if (person.emailConfirmedAt) return { verdict: 'confirmed_before', portalUserId: person.id };
  if (problem) return { verdict: 'problem', problem };
  await tx.run(sql`update portal_users set email_confirmed_at = ${now} where id = ${person.id}`);
  await spendLinksOf(tx, 'email_confirmation', person.id, now);
  await recordSteps(tx, 'portal.email_confirmed', person, person.profiles);
  return { verdict: 'confirmed', portalUserId: person.id };
}
