import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { progressOf, type ScheduleRow, scheduleColumns } from '#features/schedules/read-schedule.ts';
import { writeProgress } from '#features/schedules/write-progress.ts';

/** Customers were deactivated: nothing is made for them until somebody resumes it. Those of plans go on. */
export async function pauseSchedulesOfCustomers(
  tx: Tx,
  actor: Actor,
  { organizationId, customerIds }: { organizationId: string; customerIds: readonly string[] },
  now: Date,
): Promise<void> {
  const rows = await tx.rows<ScheduleRow>(sql`select ${scheduleColumns} from schedules s
    where s.organization_id = ${organizationId} and s.customer_id = any(${[...customerIds]}) and s.state = 'running'
      and s.payment_plan_id is null
    order by s.id for update of s`);
  const moves = rows.map((row) => ({
    ...row,
    progress: progressOf(row),
    pause: 'customer_inactive' as const,
  }));
  await writeProgress(tx, { actor, organizationId }, { moves, occurrences: [] }, now);
}
