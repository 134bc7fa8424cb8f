import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { failScheduledCharge } from '#features/schedules/fail-scheduled-charge.ts';
import { pauseSchedulesOfMethod } from '#features/schedules/pause-schedules-of-method.ts';
import { tellScheduleAgreed } from '#features/schedules/tell-schedule-agreed.ts';
import { tellScheduleChanged } from '#features/schedules/tell-schedule-changed.ts';
import { tellScheduleNews } from '#features/schedules/tell-schedule-news.ts';
import { tellFailedCharge } from '#features/standing-charges/tell-failed-charge.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

type Reaction = { organizationId: string; subjectId: string; eventId: string };

/** What the worker does when a charge of a schedule failed, a method is gone, or a schedule stopped. */
export function scheduleJobs(deps: { db: Database } & MailMakings) {
  const react =
    (
      name: string,
      work: (tx: Tx, actor: Actor, about: Reaction, at: { now: Date; zone: string }) => Promise<void>,
    ) =>
    async (about: Reaction): Promise<void> => {
      const { organizationId } = about;
      const actor: Actor = { kind: 'job', organizationId, name };
      await deps.db.transaction(actor, async (tx) => {
        const row = await tx.row<{ clockOffsetMs: bigint; timeZone: string }>(
          sql`select clock_offset_ms, time_zone from organizations where id = ${organizationId}`,
        );
        const organization = must(row, 'the organization');
        await work(tx, actor, about, { now: organizationNow(organization), zone: organization.timeZone });
      });
    };
  return {
    'fail-scheduled-charge': react('fail-scheduled-charge', async (tx, actor, about, { now, zone }) => {
      const { organizationId, subjectId: paymentId } = about;
      const today = dateIn(zone, now);
      const failed = await failScheduledCharge(tx, actor, { organizationId, paymentId, today }, now);
      if (!failed) return;
      const { outbox, secrets } = deps;
      await tellFailedCharge(
        tx,
        actor,
        { organizationId, paymentId, again: failed.again, outbox, secrets },
        now,
      );
    }),
    'pause-schedules-of-method': react('pause-schedules-of-method', (tx, actor, about, { now }) => {
      const { organizationId, subjectId: paymentMethodId } = about;
      return pauseSchedulesOfMethod(tx, actor, { organizationId, paymentMethodId }, now);
    }),
    'tell-schedule-agreed': react(
      'tell-schedule-agreed',
      (tx, actor, { organizationId, subjectId }, { now }) =>
        tellScheduleAgreed(tx, actor, { organizationId, scheduleId: subjectId, outbox: deps.outbox }, now),
    ),
    'tell-schedule-changed': react('tell-schedule-changed', (tx, actor, about, { now }) =>
      tellScheduleChanged(tx, actor, { ...about, outbox: deps.outbox }, now),
    ),
    'tell-schedule-news': react('tell-schedule-news', (tx, actor, { organizationId, eventId }, { now }) =>
      tellScheduleNews(tx, actor, { organizationId, eventId, outbox: deps.outbox }, now),
    ),
  };
}
