import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { declineWords } from '#features/payments/decline-rules.ts';
import { returnWords } from '#features/payments/receipt-rules.ts';
import type { PauseReason } from '#features/schedules/pause-rules.ts';
import {
  keepsRetry,
  mostHardDeclines,
  pauseAfterFailure,
  type Retry,
} from '#features/schedules/payment-rules.ts';
import { type Progress, placeFrom, type Series } from '#features/schedules/rules.ts';
import { writeProgress } from '#features/schedules/write-progress.ts';
import { whenAgain } from '#features/standing-charges/read-retry-limits.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';

type Failed = Series & {
  id: string;
  customerId: string;
  state: 'running' | 'paused' | 'completed';
  taken: number;
  nextOn: CalendarDate | null;
  nextIndex: number;
  pauseReason: PauseReason | null;
  endedAt: Date | null;
  day: CalendarDate;
  tries: number;
  declineCode: string | null;
  returnCode: string | null;
  returnWords: string | null;
};

/**
 * A charge of a schedule was declined or came back: its day is no occurrence after all. It is tried again
 * where the rules of retries say so and the next date is not there first, and the schedule stays running
 * until several in a row were refused for good. Told again, the same news changes nothing. Answers when it
 * is tried again; undefined where the payment is not one of a schedule, or was worked before.
 */
export async function failScheduledCharge(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; paymentId: string; today: CalendarDate },
  now: Date,
): Promise<{ again: CalendarDate | undefined } | undefined> {
  const { organizationId, paymentId, today } = input;
  const failed = await lockFailed(tx, input);
  if (!failed) return undefined;
  const tries = await daysOfTries(tx, organizationId, failed);
  const next = await whenAgain(tx, { organizationId, paymentId, tries, today });
  if (!next) return undefined;
  const isHard = !next.again && next.why === 'hard_decline';
  const reason = reasonOf(failed);
  await tx.run(sql`update schedule_occurrences set state = 'failed', reason = ${reason}, is_hard = ${isHard},
    worked_at = ${now}
    where organization_id = ${organizationId} and schedule_id = ${failed.id} and day = ${failed.day}`);
  const progress = progressAfter(failed, today);
  const about = { subjectId: failed.id, customerId: failed.customerId };
  const data = { day: failed.day, payment_id: paymentId, reason };
  await record(tx, { actor, organizationId, now }, [{ ...about, type: 'schedule.failed', data }]);
  if (failed.state === 'paused' || failed.endedAt) {
    await tx.run(sql`update schedules set taken = ${progress.taken}, updated_at = ${now}
      where organization_id = ${organizationId} and id = ${failed.id}`);
    return { again: undefined };
  }
  const hardInARow = isHard ? await countHard(tx, organizationId, failed.id) : 0;
  const pause = pauseAfterFailure({ declineCode: failed.declineCode, hardInARow });
  const retry: Retry | undefined =
    next.again && !pause && keepsRetry(next.on, progress.next) ? { day: failed.day, on: next.on } : undefined;
  const move = { id: failed.id, customerId: failed.customerId, progress, retry, pause };
  await writeProgress(tx, { actor, organizationId }, { moves: [move], occurrences: [] }, now);
  return { again: retry?.on };
}

const lockFailed = (tx: Tx, input: { organizationId: string; paymentId: string }) =>
  tx.row<Failed>(sql`
    select s.id, s.customer_id, s.state, s.unit, s.every, s.starts_on, s.times, s.ends_on, s.taken, s.next_on,
      s.next_index, s.pause_reason, s.ended_at, o.day, o.tries, p.decline_code, p.return_code,
      r.payer_words as return_words
    from schedule_occurrences o
    join schedules s on s.organization_id = o.organization_id and s.id = o.schedule_id
    join payments p on p.organization_id = o.organization_id and p.id = o.payment_id
    left join lateral ach_return_code(p.return_code, p.received_on) r on true
    where o.organization_id = ${input.organizationId} and o.payment_id = ${input.paymentId} and o.state = 'made'
      and s.payment_plan_id is null and p.state in ('declined', 'returned')
    for update of s, o`);

/** The day does not count; a schedule that had ended with it goes on with the first date to come. */
function progressAfter(failed: Failed, today: CalendarDate): Progress {
  const taken = Math.max(0, failed.taken - 1);
  const { nextOn, nextIndex } = failed;
  if (nextOn !== null) return { taken, next: { index: nextIndex, on: nextOn } };
  const from = failed.day > today ? failed.day : today;
  return { taken, next: placeFrom(failed, addDays(from, 1), taken) };
}

const reasonOf = (failed: Failed): string =>
  failed.returnCode === null ? declineWords(failed.declineCode).title : `Came back: ${returnWords(failed)}`;

async function daysOfTries(tx: Tx, organizationId: string, failed: Failed): Promise<CalendarDate[]> {
  const keys = Array.from({ length: failed.tries }, (_, i) => `schedule:${failed.id}:${failed.day}:${i + 1}`);
  const rows = await tx.rows<{ receivedOn: CalendarDate }>(sql`select received_on from payments
    where organization_id = ${organizationId} and request_key = any(${keys}::text[]) order by received_on`);
  return rows.map(({ receivedOn }) => receivedOn);
}

/** How many of its newest days failed for good, without one between them that was made. */
async function countHard(tx: Tx, organizationId: string, scheduleId: string): Promise<number> {
  const rows = await tx.rows<{ isHard: boolean }>(sql`select is_hard from schedule_occurrences
    where organization_id = ${organizationId} and schedule_id = ${scheduleId} and state in ('made', 'failed')
    order by day desc limit ${mostHardDeclines}`);
  const first = rows.findIndex(({ isHard }) => !isHard);
  return first === -1 ? rows.length : first;
}
