import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { progressOf, type ScheduleRow, scheduleColumns } from '#features/schedules/read-schedule.ts';
import { writeProgress } from '#features/schedules/write-progress.ts';

/** A method was blocked, has expired or is gone: the schedules that it pays are paused, not tried in vain. */
export async function pauseSchedulesOfMethod(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; paymentMethodId: string },
  now: Date,
): Promise<void> {
  const { organizationId, paymentMethodId } = input;
  const rows = await tx.rows<ScheduleRow>(sql`select ${scheduleColumns} from schedules s
    where s.organization_id = ${organizationId} and s.payment_method_id = ${paymentMethodId} and s.state = 'running'
      and s.payment_plan_id is null and exists (select from payment_methods m where m.organization_id = s.organization_id
        and m.id = s.payment_method_id and (m.state <> 'active' or m.expired_told_at is not null))
    order by s.id for update of s`);
  const moves = rows.map((row) => ({ ...row, progress: progressOf(row), pause: 'method' as const }));
  await writeProgress(tx, { actor, organizationId }, { moves, occurrences: [] }, now);
}
