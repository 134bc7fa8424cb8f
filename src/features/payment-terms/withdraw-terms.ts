import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { newestVersion, readTermsVersion } from '#features/payment-terms/queries.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

/** Take back a version whose day has not come: nobody can have agreed to it. */
export async function withdrawTerms(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; version: number; today: CalendarDate },
  now: Date,
): Promise<void> {
  const { organizationId, version, today } = input;
  await tx.run(sql`select 1 from organizations where id = ${organizationId} for update`);
  const row = await readTermsVersion(tx, organizationId, version);
  if (row.effectiveOn <= today)
    throw new Refusal(
      'state_refused',
      `Version ${version} is in force, and payers may have agreed to it. Publish a new version instead.`,
    );
  if ((await newestVersion(tx, organizationId))?.version !== version)
    throw new Refusal('state_refused', 'A newer version follows this one. Take that back first.');
  await tx.run(
    sql`delete from payment_terms where organization_id = ${organizationId} and version = ${version}`,
  );
  await record(tx, { actor, organizationId, now }, [
    { type: 'organization.terms_withdrawn', subjectId: organizationId, data: { version, hash: row.hash } },
  ]);
}
