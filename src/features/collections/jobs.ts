import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { mailDispute } from '#features/collections/mail-dispute.ts';
import { tellDesk } from '#features/collections/tell-desk.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { organizationNow } from '#lib/clock.ts';
import { type CalendarDate, dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

type Reaction = { organizationId: string; subjectId: string };
type Clock = { now: Date; today: CalendarDate };

/** What the desk does when money came or went, and when a customer objects. */
export function collectionJobs({ db, outbox }: { db: Database; outbox: Outbox }) {
  const react =
    (name: string, work: (tx: Tx, actor: Actor, reaction: Reaction & Clock) => Promise<void>) =>
    async ({ organizationId, subjectId }: Reaction): Promise<void> => {
      const actor: Actor = { kind: 'job', organizationId, name };
      await db.transaction(actor, async (tx) => {
        const row = await tx.row<{ timeZone: string; clockOffsetMs: bigint }>(
          sql`select time_zone, clock_offset_ms from organizations where id = ${organizationId}`,
        );
        const clock = must(row, 'the organization');
        const now = organizationNow(clock);
        await work(tx, actor, { organizationId, subjectId, now, today: dateIn(clock.timeZone, now) });
      });
    };
  return {
    'tell-the-desk': react('tell-the-desk', (tx, actor, { now, ...reaction }) =>
      tellDesk(tx, actor, reaction, now),
    ),
    'mail-dispute': react('mail-dispute', (tx, actor, { organizationId, subjectId: invoiceId, now }) =>
      mailDispute(tx, actor, { organizationId, invoiceId, outbox }, now),
    ),
  };
}
