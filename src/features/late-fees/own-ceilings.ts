import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { Ceiling } from '#features/late-fees/ceiling-rules.ts';
import { must, notFound } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

type NewCeiling = Omit<Ceiling, 'id'>;

/** Keep what an organization has looked up of its own law; terms agreed from now on are held against it. */
export async function addCeiling(
  tx: Tx,
  actor: Actor,
  { organizationId, ceiling }: { organizationId: string; ceiling: NewCeiling },
  now: Date,
): Promise<Ceiling> {
  const { jurisdiction, basis, title, figure, currency, says, severity, source, verifiedOn } = ceiling;
  const row = await tx.row<Ceiling>(sql`
    insert into late_fee_own_ceilings (organization_id, id, jurisdiction, basis, title, figure, currency, says, severity,
      source, verified_on, created_at)
    values (${organizationId}, ${newId('lateFeeCeiling')}, ${jurisdiction}, ${basis}, ${title}, ${figure}, ${currency},
      ${says}, ${severity}, ${source}, ${verifiedOn}, ${now})
    returning id, jurisdiction, basis, title, figure, currency, says, severity, source, verified_on`);
  const added = must(row, 'the new ceiling');
  await record(tx, { actor, organizationId, now }, [
    { type: 'late_fee_ceiling.added', subjectId: organizationId, data: { ...ceiling, id: added.id } },
  ]);
  return added;
}

/** Drop one again: it was mistyped, or the law has changed. */
export async function removeCeiling(
  tx: Tx,
  actor: Actor,
  { organizationId, ceilingId }: { organizationId: string; ceilingId: string },
  now: Date,
): Promise<void> {
  const row = await tx.row<Record<string, unknown>>(sql`
    delete from late_fee_own_ceilings where organization_id = ${organizationId} and id = ${ceilingId}
    returning id, jurisdiction, basis, title, figure`);
  if (!row) throw notFound('ceiling', ceilingId);
  await record(tx, { actor, organizationId, now }, [
    { type: 'late_fee_ceiling.removed', subjectId: organizationId, data: row },
  ]);
}
