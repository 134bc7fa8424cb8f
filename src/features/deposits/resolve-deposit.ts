import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { postDeposit } from '#features/deposits/post-deposit.ts';
import { notFound, Refusal } from '#lib/errors.ts';

type Row = { state: string; exception: string | null; resolvedAt: Date | null; ownerId: string | null };

async function lockDeposit(tx: Tx, organizationId: string, depositId: string): Promise<Row> {
  const row = await tx.row<Row>(sql`select state, exception, resolved_at, owner_id from deposits
    where organization_id = ${organizationId} and id = ${depositId} for update`);
  if (!row) throw notFound('deposit', depositId);
  return row;
}

/** A person has looked at what does not add up and says why: it is booked as the bank shows it. */
export async function resolveDeposit(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; depositId: string; resolution: string },
  now: Date,
): Promise<void> {
  const { organizationId, depositId, resolution } = input;
  const row = await lockDeposit(tx, organizationId, depositId);
  if (!row.exception)
    throw new Refusal('state_refused', 'This deposit adds up: there is nothing to resolve.');
  if (row.resolvedAt) throw new Refusal('state_refused', 'This exception has been resolved already.');
  await tx.run(sql`update deposits set resolved_at = ${now}, resolution = ${resolution},
      resolved_by = ${actor.kind === 'user' ? actor.userId : null}, updated_at = ${now}
    where organization_id = ${organizationId} and id = ${depositId}`);
  if (row.state === 'paid') await postDeposit(tx, { organizationId, depositId }, now);
  await record(tx, { actor, organizationId, now }, [
    { type: 'payout.resolved', subjectId: depositId, data: { resolution, exception: row.exception } },
  ]);
}

/** Who looks into a deposit that does not add up. */
export async function assignDeposit(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; depositId: string; ownerId: string | null },
  now: Date,
): Promise<void> {
  const { organizationId, depositId, ownerId } = input;
  const row = await lockDeposit(tx, organizationId, depositId);
  if (row.ownerId === ownerId) return;
  if (ownerId) {
    const known = await tx.row(sql`select 1 as known from organization_users
      where organization_id = ${organizationId} and user_id = ${ownerId}`);
    if (!known)
      throw new Refusal('not_found', { message: 'This person does not work here.', param: 'owner_id' });
  }
  await tx.run(sql`update deposits set owner_id = ${ownerId}, updated_at = ${now}
    where organization_id = ${organizationId} and id = ${depositId}`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'payout.assigned', subjectId: depositId, data: { owner_id: ownerId } },
  ]);
}
