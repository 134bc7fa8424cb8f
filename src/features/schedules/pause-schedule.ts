import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { lockSchedule, progressOf } from '#features/schedules/read-schedule.ts';
import { type Place, placeAt, placeFrom } from '#features/schedules/rules.ts';
import { writeProgress } from '#features/schedules/write-progress.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

type About = { organizationId: string; scheduleId: string };

/** Stop a schedule until it is resumed. A failed date is not tried again. Pausing it twice is once. */
export async function pauseSchedule(tx: Tx, actor: Actor, input: About, now: Date): Promise<void> {
  const { organizationId, scheduleId } = input;
  const schedule = await lockSchedule(tx, organizationId, scheduleId);
  if (schedule.state === 'paused') return;
  if (schedule.state === 'completed') throw new Refusal('state_refused', 'This schedule has ended.');
  const move = { ...schedule, progress: progressOf(schedule), pause: 'by_hand' as const };
  await writeProgress(tx, { actor, organizationId }, { moves: [move], occurrences: [] }, now);
}

/** Let a paused schedule go on with its first date from tomorrow; what fell into the pause is not made up. */
export async function resumeSchedule(
  tx: Tx,
  actor: Actor,
  input: About & { today: CalendarDate },
  now: Date,
): Promise<void> {
  const { organizationId, scheduleId, today } = input;
  const schedule = await lockSchedule(tx, organizationId, scheduleId);
  if (schedule.state === 'running') return;
  if (schedule.state === 'completed')
    throw new Refusal('state_refused', 'This schedule has ended. Make a new one.');
  const next = nextAfterPause(schedule, today);
  if (!next)
    throw new Refusal('state_refused', 'No date is left of this schedule. Change its end first, or end it.');
  const move = { ...schedule, progress: { taken: schedule.taken, next } };
  await writeProgress(tx, { actor, organizationId }, { moves: [move], occurrences: [] }, now);
  const about = { subjectId: scheduleId, customerId: schedule.customerId };
  await record(tx, { actor, organizationId, now }, [
    { ...about, type: 'schedule.resumed', data: { next_on: next.on } },
  ]);
}

/** A date that was skipped ahead stays skipped: never back to before the next one. */
function nextAfterPause(
  schedule: Awaited<ReturnType<typeof lockSchedule>>,
  today: CalendarDate,
): Place | undefined {
  const next = placeFrom(schedule, addDays(today, 1), schedule.taken);
  const { next: before } = progressOf(schedule);
  return next && before && before.index > next.index ? before : next;
}

/** Leave the next date out: it makes nothing, and is no occurrence. */
export async function skipNext(
  tx: Tx,
  actor: Actor,
  input: About & { day: CalendarDate },
  now: Date,
): Promise<void> {
  const { organizationId, scheduleId, day } = input;
  const schedule = await lockSchedule(tx, organizationId, scheduleId);
  const { taken, next } = progressOf(schedule);
  if (schedule.state !== 'running')
    throw new Refusal('state_refused', 'Only a running schedule has a next date.');
  if (next?.on !== day)
    throw new Refusal('state_refused', {
      message: next ? `Its next date is ${next.on} by now, not ${day}.` : 'It has no next date.',
      param: 'day',
    });
  const retry =
    schedule.retryDay && schedule.retryOn ? { day: schedule.retryDay, on: schedule.retryOn } : undefined;
  const move = { ...schedule, progress: { taken, next: placeAt(schedule, next.index + 1, taken) }, retry };
  const occurrence = { scheduleId, customerId: schedule.customerId, day, state: 'skipped' as const };
  await record(tx, { actor, organizationId, now }, [
    { subjectId: scheduleId, customerId: schedule.customerId, type: 'schedule.skipped', data: { day } },
  ]);
  await writeProgress(tx, { actor, organizationId }, { moves: [move], occurrences: [occurrence] }, now);
}

/** End a schedule for good. What was made stays as it is. Ending it twice is once. */
export async function endSchedule(tx: Tx, actor: Actor, input: About, now: Date): Promise<void> {
  const { organizationId, scheduleId } = input;
  const schedule = await lockSchedule(tx, organizationId, scheduleId);
  if (schedule.state === 'completed') return;
  await tx.run(sql`update schedules set state = 'completed', next_on = null, retry_day = null, retry_on = null,
    pause_reason = null, ended_at = ${now}, updated_at = ${now}
    where organization_id = ${organizationId} and id = ${scheduleId}`);
  await record(tx, { actor, organizationId, now }, [
    { subjectId: scheduleId, customerId: schedule.customerId, type: 'schedule.ended' },
  ]);
}
