import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { currentAgreement, type Person } from '#features/portal-access/queries.ts';
import { recordSteps } from '#features/portal-access/record-steps.ts';
import { Refusal } from '#lib/errors.ts';

/** Step five: accept the user agreement, in the version that was read. */
export async function acceptAgreement(
  tx: Tx,
  input: { person: Person; version: string; origin: { ip: string; userAgent: string } },
  now: Date,
): Promise<void> {
  const { person, origin } = input;
  const agreement = await currentAgreement(tx);
  if (input.version !== String(agreement.version)) {
    throw new Refusal(
      'state_refused',
      'The agreement has changed since you opened it. Please read the new version.',
    );
  }
  const accepted = await tx.run(sql`
    insert into agreement_acceptances (portal_user_id, agreement_id, version, hash, ip, user_agent,
    accepted_at)
    values (${person.id}, ${agreement.id}, ${agreement.version}, ${agreement.hash}, ${origin.ip},
    ${origin.userAgent}, ${now})
    on conflict do nothing`);
  if (accepted > 0) await recordSteps(tx, 'portal.agreement_accepted', person, person.profiles);
}
