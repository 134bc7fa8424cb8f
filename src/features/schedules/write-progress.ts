import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { type NewEvent, record } from '#db/events.ts';
import type { PauseReason } from '#features/schedules/pause-rules.ts';
import type { Retry } from '#features/schedules/payment-rules.ts';
import type { Progress, ScheduleState } from '#features/schedules/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';

/** Where a locked schedule stands now. */
export type Move = {
  id: string;
  customerId: string;
  progress: Progress;
  retry?: Retry | undefined;
  pause?: PauseReason | undefined;
};

export type Occurrence = {
  scheduleId: string;
  customerId: string;
  day: CalendarDate;
  state: 'made' | 'failed' | 'skipped' | 'missed';
  tries?: number;
  invoiceId?: string | undefined;
  paymentId?: string | undefined;
  reason?: string | undefined;
};

const stateOf = ({ pause, progress, retry }: Move): ScheduleState =>
  pause ? 'paused' : progress.next || retry ? 'running' : 'completed';

/** Write where schedules stand and what became of their days; a second row for one day only by a new try. */
export async function writeProgress(
  tx: Tx,
  by: { actor: Actor; organizationId: string },
  work: { moves: readonly Move[]; occurrences: readonly Occurrence[] },
  now: Date,
): Promise<void> {
  const { organizationId } = by;
  const { moves, occurrences } = work;
  if (occurrences.length > 0) await writeOccurrences(tx, organizationId, occurrences, now);
  if (moves.length === 0) return;
  const column = <T>(pick: (move: Move) => T): T[] => moves.map(pick);
  await tx.run(sql`
    update schedules s set state = m.state, taken = m.taken, next_on = m.next_on,
      next_index = coalesce(m.next_index, s.next_index), retry_day = m.retry_day, retry_on = m.retry_on,
      pause_reason = m.pause_reason, updated_at = ${now}
    from unnest(${column((m) => m.id)}::text[], ${column(stateOf)}::text[], ${column((m) => m.progress.taken)}::int[],
      ${column((m) => m.progress.next?.on ?? null)}::date[], ${column((m) => m.progress.next?.index ?? null)}::int[],
      ${column((m) => m.retry?.day ?? null)}::date[], ${column((m) => m.retry?.on ?? null)}::date[],
      ${column((m) => m.pause ?? null)}::text[])
      as m(id, state, taken, next_on, next_index, retry_day, retry_on, pause_reason)
    where s.organization_id = ${organizationId} and s.id = m.id`);
  await record(tx, { ...by, now }, eventsOf(moves, occurrences));
}

function eventsOf(moves: readonly Move[], occurrences: readonly Occurrence[]): NewEvent[] {
  const bySchedule = Map.groupBy(occurrences, ({ scheduleId }) => scheduleId);
  return moves.flatMap((move): NewEvent[] => {
    const about = { subjectId: move.id, customerId: move.customerId };
    const own = bySchedule.get(move.id) ?? [];
    const days = own.filter(({ state }) => state === 'missed').map(({ day }) => day);
    const state = stateOf(move);
    return [
      ...(days.length > 0 ? [{ ...about, type: 'schedule.missed', data: { days } }] : []),
      ...own
        .filter((each) => each.state === 'failed')
        .map(({ day, reason }) => ({ ...about, type: 'schedule.failed', data: { day, reason } })),
      ...(state === 'paused' ? [{ ...about, type: 'schedule.paused', data: { reason: move.pause } }] : []),
      ...(state === 'completed' ? [{ ...about, type: 'schedule.completed' }] : []),
    ];
  });
}

async function writeOccurrences(
  tx: Tx,
  organizationId: string,
  occurrences: readonly Occurrence[],
  now: Date,
): Promise<void> {
  const column = <T>(pick: (occurrence: Occurrence) => T): T[] => occurrences.map(pick);
  await tx.run(sql`
    insert into schedule_occurrences (organization_id, schedule_id, customer_id, day, state, tries, invoice_id,
      payment_id, reason, worked_at)
    select ${organizationId}, o.*, ${now} from unnest(${column((o) => o.scheduleId)}::text[],
      ${column((o) => o.customerId)}::text[], ${column((o) => o.day)}::date[], ${column((o) => o.state)}::text[],
      ${column((o) => o.tries ?? 0)}::smallint[], ${column((o) => o.invoiceId ?? null)}::text[],
      ${column((o) => o.paymentId ?? null)}::text[], ${column((o) => o.reason ?? null)}::text[]) as o
    on conflict (organization_id, schedule_id, day) do update set state = excluded.state, tries = excluded.tries,
      payment_id = excluded.payment_id, reason = excluded.reason, is_hard = false, worked_at = excluded.worked_at
    where schedule_occurrences.state = 'failed'`);
}
