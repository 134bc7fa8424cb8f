import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Person } from '#features/portal-access/queries.ts';
import { recordSteps } from '#features/portal-access/record-steps.ts';
import { Refusal } from '#lib/errors.ts';
import type { Origin } from '#lib/origin.ts';

type Entering = {
  sessionId: string;
  person: Person;
  customerId: string | undefined;
  signingIn: boolean;
  /** From where, where that is known. */
  origin?: Origin | undefined;
};

/** Act in one of a portal user's profiles from now on, in this browser. */
export async function enterProfile(tx: Tx, input: Entering, now: Date): Promise<void> {
  const { person } = input;
  const profile = input.customerId
    ? person.profiles.find((each) => each.customerId === input.customerId)
    : person.profiles[0];
  if (!profile) throw new Refusal('not_found', 'This profile does not belong to your login.');
  await tx.run(sql`update sessions set organization_id = ${profile.organizationId}, customer_id =
    ${profile.customerId}
    where id = ${input.sessionId} and portal_user_id = ${person.id}`);
  if (!input.signingIn) return;
  await tx.run(sql`update portal_users set last_sign_in_at = ${now} where id = ${person.id}`);
  await recordSteps(tx, 'portal.signed_in', { id: person.id, origin: input.origin }, [profile]);
}
