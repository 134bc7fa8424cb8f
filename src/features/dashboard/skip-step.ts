import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import type { FirstStep } from '#features/dashboard/rules.ts';

/** Show a first step, or the whole list, no more; or again. */
export async function skipStep(
  tx: Tx,
  _actor: Actor,
  input: { organizationId: string; step: FirstStep | 'all'; skipped: boolean },
  now: Date,
): Promise<void> {
  const { organizationId, step, skipped } = input;
  await tx.run(
    skipped
      ? sql`insert into skipped_steps (organization_id, step, skipped_at) values (${organizationId}, ${step}, ${now})
          on conflict do nothing`
      : sql`delete from skipped_steps where organization_id = ${organizationId} and step = ${step}`,
  );
}
