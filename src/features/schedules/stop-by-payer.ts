import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { lockSchedule, progressOf } from '#features/schedules/read-schedule.ts';
import { writeProgress } from '#features/schedules/write-progress.ts';
import { notFound } from '#lib/errors.ts';

/**
 * The payer takes back the agreement: nothing more is charged by this schedule, and staff cannot let it run
 * again without a new agreement. Whatever the seller's settings say, this is the payer's right.
 */
export async function stopByPayer(
  tx: Tx,
  actor: Actor & { kind: 'portal_user' | 'job' },
  input: { organizationId: string; customerIds: readonly string[]; scheduleId: string },
  now: Date,
): Promise<void> {
  const { organizationId, scheduleId } = input;
  const schedule = await lockSchedule(tx, organizationId, scheduleId);
  if (schedule.kind !== 'payment' || !input.customerIds.includes(schedule.customerId))
    throw notFound('schedule', scheduleId);
  await tx.run(sql`insert into authorization_revocations (organization_id, authorization_id, customer_id, revoked_at,
      reason, portal_user_id)
    select ${organizationId}, ${schedule.authorizationId}, ${schedule.customerId}, ${now}, 'Stopped by the payer.',
      ${actor.kind === 'portal_user' ? actor.portalUserId : null}
    where ${schedule.authorizationId}::text is not null on conflict do nothing`);
  if (schedule.state !== 'running') return;
  const move = { ...schedule, progress: progressOf(schedule), pause: 'agreement' as const };
  await writeProgress(tx, { actor, organizationId }, { moves: [move], occurrences: [] }, now);
}
